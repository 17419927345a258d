import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Stage, Validations } from 'aws-cdk-lib';
import { Tracing, Version } from 'aws-cdk-lib/aws-lambda';
import { LambdaXRayChecks } from '../../lib';
import { app, lambda, stackIn, synthesize } from '../apps/app';

/** An app with a published function in each of two stages. */
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

/** What the pack says of an app by comparison with a baseline. */
function violations(root: App, baseline: string) {
  return new LambdaXRayChecks(undefined, { baseline })
    .validateScope(root)
    .violations.filter(({ ruleName }) => ruleName === 'LambdaXRay-VersionLock');
}

const before = synthesized(system(Tracing.PASS_THROUGH));

test('a version that would keep the mode of before is reported, in every stage', () => {
  const found = violations(system(Tracing.ACTIVE), before);
  expect(found.map(({ violatingResources: [{ constructPath }] }) => constructPath)).toEqual([
    'Beta/Orders/Version/Resource',
    'Prod/Orders/Version/Resource',
  ]);
  expect(found[0].severity).toBe('error');
});

test('without a change there is nothing to report', () => {
  expect(violations(system(Tracing.PASS_THROUGH), before)).toEqual([]);
});

test('the template of one stack will do', () => {
  const template = join(before, 'assembly-Beta', 'BetaOrdersCE98F9D4.template.json');
  expect(violations(system(Tracing.ACTIVE), template)).toHaveLength(1);
});

test('it fails the synthesis', () => {
  const root = system(Tracing.ACTIVE);
  Validations.of(root).addPlugins(new LambdaXRayChecks(root, { baseline: before }));
  const { passes, output } = synthesize(root);
  expect(passes).toBe(false);
  expect(output).toContain("its version 'Prod/Orders/Version' keeps its logical ID");
});

test('a stack of a branch is compared with that of another', () => {
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

describe('a baseline that can not be compared with is an error among the findings', () => {
  const other = app();
  lambda(stackIn(other, 'Other'));
  const broken = mkdtempSync(join(tmpdir(), 'cdk-lambda-xray-'));
  writeFileSync(join(broken, 'manifest.json'), '{ "artifacts": ');
  writeFileSync(join(broken, 'cdk.out'), '');
  afterAll(() => rmSync(broken, { recursive: true }));

  test.each([
    ['is missing', 'no/such/folder', /no\/such\/folder: No such file or directory/],
    ['is broken', broken, /manifest\.json:1: /],
    ['has nothing in it', synthesized(app()), /contains no stacks\. Pass the previous version of this app/],
    [
      'is of another app',
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
    ['is where the app is synthesized to', (outdir) => outdir],
    ['is its manifest', (outdir) => join(outdir, 'manifest.json')],
    ['is a template there', (outdir) => join(outdir, 'assembly-Beta', 'BetaOrdersCE98F9D4.template.json')],
    ['is around it', (outdir) => join(outdir, '..')],
    [
      'leads there',
      (outdir) => {
        const link = join(mkdtempSync(join(tmpdir(), 'link-')), 'main');
        symlinkSync(outdir, link);
        return link;
      },
    ],
  ])('that %s', (_, baselineOf) => {
    const root = system(Tracing.ACTIVE);
    expect(violations(root, baselineOf(root.outdir)).map(({ description }) => description)).toEqual([
      expect.stringContaining('is where this synthesis has written to: keep a copy of the one before'),
    ]);
  });

  test('that is of another account', () => {
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

test('an acknowledgement is of use whether or not there is something to compare with', () => {
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
