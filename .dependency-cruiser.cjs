// Which imports are allowed in lib/, type imports included: `npm run lint` reports all others, and cycles.
// A folder that is missing here, or an import that no line allows, is an error.

/** For each folder: the folders that it may import, besides itself and `text`, and the packages. */
const FOLDERS = {
  text: [],
  cloudformation: [],
  iam: ['cloudformation'],
  lambda: ['cloudformation', 'iam'],
  'trace-map': ['cloudformation', 'iam', 'lambda'],
  model: ['cloudformation', 'iam', 'lambda', 'trace-map'],
  rules: ['cloudformation', 'iam', 'lambda', 'trace-map', 'model'],
  checker: ['cloudformation', 'lambda', 'model', 'rules'],
  baseline: ['cloudformation'],
  estimate: ['cloudformation', 'iam', 'lambda', 'trace-map', 'model'],
  verify: ['cloudformation', 'lambda', 'model'],
  aws: [],
  input: ['cloudformation', 'baseline', 'aws'],
  deployed: ['cloudformation', 'iam', 'verify', 'input', 'aws'],
  report: [
    ...[
      'cloudformation',
      'iam',
      'lambda',
      'trace-map',
      'model',
      'rules',
      'checker',
      'estimate',
      'verify',
      'input',
    ],
  ],
  config: ['cloudformation', 'rules', 'checker', 'input', 'report'],
  cli: [
    ...[
      'cloudformation',
      'lambda',
      'model',
      'rules',
      'checker',
      'estimate',
      'verify',
      'input',
      'deployed',
      'report',
      'config',
      'guard',
    ],
  ],
  guard: [
    ...[
      'cloudformation',
      'lambda',
      'model',
      'rules',
      'checker',
      'verify',
      'input',
      'aws',
      'deployed',
      'report',
      'config',
    ],
  ],
  constructs: ['cloudformation', 'iam', 'lambda', 'trace-map', 'config'],
  nag: ['cloudformation', 'lambda', 'model', 'rules', 'checker', 'baseline', 'input', 'config', 'constructs'],
  testing: ['cloudformation', 'lambda', 'model', 'rules', 'checker', 'report', 'constructs', 'nag'],
};

/** The packages and modules of Node.js that a folder may load. A folder that is not listed is pure: it loads none. */
const PACKAGES = {
  aws: [
    'http',
    'https',
    'net',
    'querystring',
    '@aws-sdk/.+',
    'agent-base',
    'https-proxy-agent',
    'proxy-from-env',
  ],
  cli: ['child_process', 'crypto', 'fs', 'os', 'path', '@modelcontextprotocol/server', 'commander', 'zod'],
  config: ['fs', 'os', 'path', 'yaml'],
  constructs: ['fs', 'path', 'aws-cdk-lib', 'constructs'],
  deployed: ['@aws-sdk/.+'],
  guard: ['fs', 'path', 'worker_threads', 'zlib', '@aws-sdk/.+'],
  input: ['child_process', 'fs', 'os', 'path', 'url', 'js-yaml', 'yaml'],
  nag: ['fs', 'path', 'aws-cdk-lib', 'cdk-nag', 'constructs'],
  report: ['crypto', 'path', '@dagrejs/dagre', 'diff', 'esbuild', 'htm', 'picocolors', '@types/sarif'],
  testing: ['aws-cdk-lib'],
};

const allowed = Object.entries(FOLDERS).map(([folder, others]) => ({
  from: { path: `^lib/${folder}/` },
  to: {
    path: [
      `^lib/(${[folder, 'text', ...others].join('|')})/`,
      '^lib/version\\.ts$',
      ...(PACKAGES[folder] ?? []).map((name) => `^(node_modules/)?${name}(/|$)`),
    ],
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [{ name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } }],
  allowedSeverity: 'error',
  allowed: [
    ...allowed,
    { from: { path: '^lib/version\\.ts$' }, to: { path: '^(fs|path)$' } },
    { from: { path: '^lib/index\\.ts$' }, to: { path: '^lib/(constructs|nag|testing)/' } },
    { from: { path: '^(bin/|node_modules/)' }, to: {} },
  ],
  options: {
    doNotFollow: { path: '^node_modules/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
  },
};
