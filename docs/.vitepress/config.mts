import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import { deadLinks } from './dead-links.mts';

const REPOSITORY = 'https://github.com/cdk-lambda-xray/cdk-lambda-xray';

const page = (text: string, link: string) => ({ text, link });

/** The pages of the rules, in the order of their list. */
const rules = [
  ...readFileSync(new URL('../rules/README.md', import.meta.url), 'utf-8').matchAll(
    /^\| \[LambdaXRay-(\w+)\]/gm,
  ),
].map(([, name]) => page(name, `/rules/LambdaXRay-${name}`));

export default defineConfig({
  title: 'cdk-lambda-xray',
  description: 'Correct AWS X-Ray tracing for AWS Lambda functions',
  cleanUrls: true,
  // No icon of its own. Without this, browsers ask for /favicon.ico.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  rewrites: { 'README.md': 'index.md', 'rules/README.md': 'rules/index.md' },
  markdown: {
    config(md) {
      // The pages link to files of the repository that the site does not have.
      md.core.ruler.push('repository-links', ({ tokens }) => {
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          const href = token.attrGet('href') ?? '';
          const [, path] = /^(?:\.\.\/)+(.+)$/.exec(href) ?? [];
          if (path && !path.startsWith('docs/')) token.attrSet('href', `${REPOSITORY}/blob/main/${path}`);
          if (href.endsWith('.schema.json')) token.attrSet('href', `${REPOSITORY}/blob/main/docs/${href}`);
          if (/^(?:rules\/)?README\.md$/.test(href)) token.attrSet('href', href.replace('README', 'index'));
        }
      });
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
    editLink: { pattern: `${REPOSITORY}/edit/main/docs/:path` },
    sidebar: [
      {
        text: 'Start',
        items: [
          page('With the AWS CDK', '/start-with-cdk'),
          page('With SAM and CloudFormation', '/start-with-sam'),
          page('With the Serverless Framework', '/start-with-serverless-framework'),
          page('Moving from other tools', '/moving-from-other-tools'),
        ],
      },
      {
        text: 'Guides',
        items: [
          page('Choosing a mode', '/choosing-a-mode'),
          page('Constructs', '/constructs'),
          page('Tracing calls from your code', '/instrumentation'),
          page('From the X-Ray SDK to OpenTelemetry', '/from-the-x-ray-sdk-to-opentelemetry'),
          page('Tests and snapshots', '/testing'),
          page('Continuous integration', '/continuous-integration'),
          page('Evidence for an audit', '/audit'),
          page('Coding agents', '/coding-agents'),
          page('Active, and no traces', '/no-traces'),
        ],
      },
      {
        text: 'Reference',
        items: [
          { ...page('Rules', '/rules/'), collapsed: true, items: rules },
          page('Checks in a CDK app', '/checks'),
          page('The command', '/command'),
          page('Fixing templates', '/fixing-templates'),
          page('Configuration', '/configuration'),
          page('Comparing versions', '/comparing'),
          page('Verifying the account', '/verify'),
          page('The map', '/map'),
          page('The guard of an account', '/guard'),
          page('Estimating the cost', '/cost'),
          page('Versions and support', '/support'),
        ],
      },
    ],
  },
  buildEnd({ outDir }) {
    const dead = deadLinks(outDir);
    if (dead.length > 0) throw new Error(`Dead links:\n${dead.join('\n')}`);
  },
});
