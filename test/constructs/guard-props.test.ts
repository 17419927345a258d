import { join } from 'node:path';
import { Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { FUNCTION } from '../../lib/constructs/private/guard-code';
import {
  GuardErrorMode,
  GuardMode,
  type GuardStackFilters,
  GuardThreshold,
  TracingGuard,
  type TracingGuardProps,
} from '../../lib/constructs/tracing-guard';
import { app } from '../apps/app';
import { folderWith } from '../cli/bundled-command';
import { optionsOf, publishedFunction } from '../guard/deployed-function';
import { only } from './traced-stacks';

beforeAll(async () => {
  FUNCTION.folder = await publishedFunction();
});

function guarded(props: unknown): Stack {
  const stack = new Stack(app(), 'Stack');
  new TracingGuard(stack, 'Guard', props as TracingGuardProps);
  return stack;
}

const many = Array.from({ length: 50 }, (_, i) => `Stack${i}`);
test.each<[string, unknown, RegExp]>([
  ['another mode', { mode: 'fail' }, /mode is "fail", but must be WARN or FAIL/],
  ['another answer', { onError: 'deny' }, /onError is "deny", but must be ALLOW or DENY/],
  ['no concurrency', { reservedConcurrentExecutions: 0 }, /must be 1 or more: without invocations/],
  ['an exemption that is text', { exemptStacks: ['A'] }, /has no stackName/],
  ['an exemption with only a name', { exemptStacks: [{ stackName: 'A' }] }, /'A' has no reason/],
  [
    'an empty pattern',
    { exemptStacks: [{ stackName: '', reason: 'x' }] },
    /not a valid pattern: It is empty/,
  ],
  ['a pattern with _', { exemptStacks: [{ stackName: 'a_*', reason: 'x' }] }, /"_" is in no stack name/],
  ['a path', { exemptStacks: [{ stackName: 'dev/*', reason: 'x' }] }, /"\/" is in no stack name/],
  [
    'too many stacks to leave out',
    { stackFilters: { excludeStackNames: many } },
    /excludeStackNames of stackFilters has 50 entries, but must have 1 to 49\./,
  ],
  ['too many stacks', { stackFilters: { includeStackNames: [...many, 'A'] } }, /51 entries, .* 1 to 50/],
  ['no stacks', { stackFilters: { includeStackNames: [] } }, /has 0 entries/],
  ['no roles', { stackFilters: { excludeStackRoles: [] } }, /has 0 entries/],
  [
    'no stack name',
    { stackFilters: { includeStackNames: ['A', 'my stack'] } },
    /has my stack, but must have/,
  ],
  [
    'the name of a role',
    { stackFilters: { includeStackRoles: ['Deploy'] } },
    /has Deploy, but .* ARNs of roles/,
  ],
])('the props of a guard must be valid for CloudFormation, also in JavaScript: %s', (_, props, message) => {
  expect(() => guarded(props)).toThrow(message);
  expect(() => guarded(props)).toThrow(/^Stack\/Guard: /);
});

test('the props of a guard can be patterns, tokens and as many filters as CloudFormation accepts', () => {
  const parameter = Lazy.string({ produce: () => 'Later' });
  const { StackFilters: filters } = only(
    Template.fromStack(
      guarded({
        stackFilters: {
          includeStackNames: ['*', 'Orders-??', parameter],
          excludeStackNames: many.slice(1),
          includeStackRoles: ['*', 'arn:aws:iam::*:role/Deploy*', parameter],
        },
      }),
    ),
    'AWS::CloudFormation::LambdaHook',
  ) as { StackFilters: { StackNames: { Include: string[]; Exclude: string[] } } };
  expect(filters.StackNames.Include).toEqual(['*', 'Orders-??', 'Later']);
  expect(filters.StackNames.Exclude).toHaveLength(50);
  expect(() => guarded({ stackFilters: { excludeStackNames: [] }, memorySize: 512 })).not.toThrow();
  const exemptStacks = ['Orders', 'legacy-*', '{a,b}-?', '[a-c]*'].map((stackName) => ({
    stackName,
    reason: 'x',
  }));
  expect(optionsOf(guarded({ exemptStacks })).exemptStacks).toHaveLength(4);
});

test('the props of a guard can be used all together', () => {
  const encryptionKey = Key.fromKeyArn(new Stack(), 'Key', 'arn:aws:kms:eu-west-1:111122223333:key/a');
  const all: Required<TracingGuardProps> = {
    mode: GuardMode.FAIL,
    failOn: GuardThreshold.WARNING,
    onError: GuardErrorMode.DENY,
    configFile: join(folderWith({ 'guard.yaml': 'failOn: info' }), 'guard.yaml'),
    severities: { InvalidMode: 'warning' },
    exemptStacks: [{ stackName: 'legacy-*', reason: 'Moves in May' }],
    stackFilters: {
      includeStackNames: ['A'],
      excludeStackNames: ['B'],
      includeStackRoles: ['*'],
      excludeStackRoles: ['arn:aws:iam::111122223333:role/Break'],
    } satisfies Required<GuardStackFilters>,
    checkChangeSets: true,
    alias: 'Acme::Tracing::Guard',
    configRule: {},
    memorySize: 512,
    reservedConcurrentExecutions: 1,
    logRetention: RetentionDays.ONE_WEEK,
    encryptionKey,
  };
  expect(optionsOf(guarded(all))).toMatchObject({ failOn: 'warning', onError: 'DENY' });
  expect(() => guarded({ tags: 'of another construct' })).not.toThrow();
});
