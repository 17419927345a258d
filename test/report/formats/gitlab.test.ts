import Ajv from 'ajv/dist/2020';
import { gitlab } from '../../../lib/report/formats/gitlab';
import { functionNamed, reportOf, smallSystem, smallSystemWithWarning } from '../small-system';

interface Issue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

const issuesIn = (report: Parameters<typeof gitlab>[0]) => JSON.parse(gitlab(report)) as Issue[];

test('has a problem for each finding that is not acknowledged, and for each file that could not be read', () => {
  const lines = issuesIn(smallSystem()).map(
    ({ severity, check_name, location, description }) =>
      `${severity} ${check_name} ${location.path}:${location.lines.begin} ${description}`,
  );
  expect(lines).toEqual([
    'blocker LambdaXRay-NotRead broken.yaml:3 A map is not closed.',
    "critical LambdaXRay-Example template.yaml:17 It feeds 'Orders/Consumer'. Fix: Correct it.",
    'minor LambdaXRay-Example template.yaml:10 Its role may not. Fix: Correct it.',
    'info LambdaXRay-Other reports/template.yaml:4 It is wrong. Fix: Correct it.',
  ]);
});

test('is an empty list without findings', () => {
  expect(gitlab(reportOf({ 'template.yaml': functionNamed('Fn') }, () => []))).toBe('[]\n');
});

test('has a different fingerprint for each problem, and the same one in each run', () => {
  const report = () =>
    reportOf({ 'template.yaml': functionNamed('Fn') }, (on) => [on('Fn'), on('Fn'), on('Fn')]);
  const fingerprints = issuesIn(report()).map(({ fingerprint }) => fingerprint);
  expect(new Set(fingerprints).size).toBe(3);
  expect(issuesIn(report()).map(({ fingerprint }) => fingerprint)).toEqual(fingerprints);
});

test('has paths relative to the root of the repository', () => {
  const report = reportOf({ 'orders.yaml': functionNamed('Fn') }, (on) => [on('Fn')]);
  const sourceRoot = { root: '/srv/app', workingDirectory: '/srv/app/infra' };
  expect(issuesIn({ ...report, sourceRoot })[0].location.path).toBe('infra/orders.yaml');
});

/**
 * The format of a problem ("Code quality report format", GitLab Docs). GitLab's own schema has the same properties and no
 * list of severities.
 */
const isValid = new Ajv({ allErrors: true }).compile({
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'location', 'severity'],
    properties: {
      description: { type: 'string', minLength: 1 },
      check_name: { type: 'string', minLength: 1 },
      fingerprint: { type: 'string', minLength: 1 },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        properties: {
          // Relative to the repository, and without `./`.
          path: { type: 'string', pattern: '^(?!\\.?/).' },
          lines: {
            type: 'object',
            required: ['begin'],
            properties: { begin: { type: 'integer', minimum: 1 } },
          },
        },
      },
    },
  },
});

test.each<[string, Parameters<typeof gitlab>[0]]>([
  ['a small system', smallSystem()],
  ['a warning', smallSystemWithWarning()],
  ['no templates', reportOf({})],
  ['a path that starts with a dot', reportOf({ './t.yaml': functionNamed('Fn') }, (on) => [on('Fn')])],
])('%s has the format that GitLab reads', (_, report) => {
  isValid(JSON.parse(gitlab(report)));
  expect(isValid.errors).toBeNull();
});

test('the format does not hold for a severity of this package', () => {
  const issues = issuesIn(smallSystem());
  expect(isValid([{ ...issues[0], severity: 'warning' }])).toBe(false);
});
