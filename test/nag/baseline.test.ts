import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Stage, Validations } from 'aws-cdk-lib';
import { Tracing, Version } from 'aws-cdk-lib/aws-lambda';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';
import { app, lambda, stackIn, synthesize } from '../apps/app';

/** Creates an app with a published function in each of two stages. */
function system(tracing: Tracing): App {
  const root = app();
  for (const name of ['Beta', 'Prod']) {
    const stack = stackIn(new Stage(root, name), 'Orders');
    new Version(stack, 'Version', { lambda: lambda(stack, 'Fn', { tracing }) });
  }
  return root;
}

function synthesized(root: App): string {
  return root.synth().directory;
}

/** Returns the findings from a comparison with a baseline. */
function violations(root: App, baseline: string) {
  return new LambdaXRayChecks(undefined, { baseline })
    .validateScope(root)
    .violations.filter(({ ruleName }) => ruleName === 'LambdaXRay-VersionLock');
}

const before = synthesized(system(Tracing.PASS_THROUGH));

test('reports a version that would stay on the old mode, in each stage', () => {
  const found = violations(system(Tracing.ACTIVE), before);
  expect(found.map(({ violatingResources: [{ constructPath }] }) => constructPath)).toEqual([
    'Beta/Orders/Version/Resource',
    'Prod/Orders/Version/Resource',
  ]);
  expect(found[0].severity).toBe('error');
});

test('reports nothing without a change', () => {
  expect(violations(system(Tracing.PASS_THROUGH), before)).toEqual([]);
});

test('accepts the template of one stack', () => {
  const template = join(before, 'assembly-Beta', 'BetaOrdersCE98F9D4.template.json');
  expect(violations(system(Tracing.ACTIVE), template)).toHaveLength(1);
});

test('makes synthesis fail', () => {
  const root = system(Tracing.ACTIVE);
  Validations.of(root).addPlugins(new LambdaXRayChecks(root, { baseline: before }));
  const { passes, output } = synthesize(root);
  expect(passes).toBe(false);
  expect(output).toContain("Version 'Prod/Orders/Version' keeps its logical ID");
});

test('compares the stack of a branch with the stack of another branch', () => {
  const ofBranch = (branch: string, tracing: Tracing) => {
    const root = app();
    const stack = stackIn(root, 'Orders', { stackName: `Orders-${branch}` });
    new Version(stack, 'Version', { lambda: lambda(stack, 'Fn', { tracing }) });
    stackIn(root, 'Empty');
    return root;
  };
  const main = synthesized(ofBranch('main', Tracing.PASS_THROUGH));
  expect(violations(ofBranch('pr1', Tracing.ACTIVE), main)).toHaveLength(1);
});

describe('reports an error for a baseline', () => {
  const other = app();
  lambda(stackIn(other, 'Other'));
  const broken = mkdtempSync(join(tmpdir(), 'cdk-lambda-xray-'));
  writeFileSync(join(broken, 'manifest.json'), '{ "artifacts": ');
  writeFileSync(join(broken, 'cdk.out'), '');
  afterAll(() => rmSync(broken, { recursive: true }));

  test.each([
    ['is missing', 'no/such/folder', /no\/such\/folder: No such file or directory/],
    ['is broken', broken, /manifest\.json:1: /],
    ['is empty', synthesized(app()), /contains no stacks\. Pass the previous version of this app/],
    [
      'is from a different app',
      synthesized(other),
      /is from a different app: it contains Other, but none of Beta-Orders, Prod-Orders, Untraced/,
    ],
  ])('that %s', (_, baseline, message) => {
    const root = system(Tracing.ACTIVE);
    lambda(stackIn(root, 'Untraced'));
    Validations.of(root).addPlugins(new LambdaXRayChecks(root, { baseline }));
    const { passes, output } = synthesize(root);
    expect(passes).toBe(false);
    expect(output).toMatch(message);
    expect(output).toContain('LambdaXRay-ActiveTracing');
  });

  test.each<[string, (outdir: string) => string]>([
    ['is the output folder', (outdir) => outdir],
    ['is the manifest in the output folder', (outdir) => join(outdir, 'manifest.json')],
    [
      'is a template in the output folder',
      (outdir) => join(outdir, 'assembly-Beta', 'BetaOrdersCE98F9D4.template.json'),
    ],
    ['contains the output folder', (outdir) => join(outdir, '..')],
    [
      'is a link to the output folder',
      (outdir) => {
        const link = join(mkdtempSync(join(tmpdir(), 'link-')), 'main');
        symlinkSync(outdir, link);
        return link;
      },
    ],
  ])('that %s', (_, baselineOf) => {
    const root = system(Tracing.ACTIVE);
    expect(violations(root, baselineOf(root.outdir)).map(({ description }) => description)).toEqual([
      expect.stringContaining('is the output of this synthesis. Copy the previous output to another folder'),
    ]);
  });

  test('that is from another account', () => {
    const inAccount = (account: string) => {
      const root = app();
      lambda(stackIn(root, 'Orders', { env: { account, region: 'eu-west-1' } }));
      return root;
    };
    const [{ description }] = violations(inAccount('444455556666'), synthesized(inAccount('111122223333')));
    expect(description).toContain(
      'is from a different account: Orders is in 111122223333/eu-west-1 there, but in 444455556666/eu-west-1 here.',
    );
  });
});

test('counts an acknowledgement as used, with and without a baseline', () => {
  const root = system(Tracing.ACTIVE);
  Validations.of(root).acknowledge({ id: 'LambdaXRay-VersionLock', reason: 'It is deleted after that.' });
  const rules = (baseline?: string) =>
    new LambdaXRayChecks(undefined, { baseline })
      .validateScope(root)
      .violations.map(({ ruleName }) => ruleName);
  for (const found of [rules(), rules(before)]) {
    expect(found).not.toContain('LambdaXRay-VersionLock');
    expect(found).not.toContain('LambdaXRay-Acknowledgement');
  }
});
