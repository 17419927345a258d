import { gitlab } from '../../../lib/report/formats/gitlab';
import { functionNamed, reportOf, smallSystem } from '../small-system';

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
