import { checkModel, type CheckConfig } from '../../lib/checker/check';
import { buildTracingModel } from '../../lib/model/build-model';
import { causeOf, RULES } from '../../lib/rules';
import { lambda, type Resources, stack } from '../rules/templates';

const RULE = {
  broken: 'LambdaXRay-BrokenTrace',
  active: 'LambdaXRay-ActiveTracing',
  explicit: 'LambdaXRay-ExplicitMode',
} as const;

/** A function without a mode. */
const UNSET = { Fn: lambda(undefined, { MemorySize: 512 }) };

/** A function without a mode, on the path of a trace. */
const BROKEN = {
  Caller: {
    Type: 'AWS::Serverless::Function',
    Properties: {
      MemorySize: 512,
      Tracing: 'Active',
      Policies: [{ LambdaInvokePolicy: { FunctionName: { Ref: 'Fn' } } }],
    },
  },
  ...UNSET,
};

type Severities = NonNullable<CheckConfig['severities']>;

/** Returns the findings, such as `ActiveTracing warning (ExplicitMode info)`. */
function findingsOf(resources: Resources, severities: Severities = {}, ...acknowledged: string[]): string[] {
  const acknowledgements = acknowledged.map((ruleId) => ({ ruleId, reason: 'Known.', logicalId: 'Fn' }));
  const model = buildTracingModel([stack('t', resources)]);
  const line = ({ rule, severity }: { rule: { id: string }; severity: string }) =>
    `${rule.id.replace('LambdaXRay-', '')} ${severity}`;
  return checkModel(model, { severities, acknowledgements }).map((finding) =>
    [
      line(finding),
      finding.acknowledged && 'acknowledged',
      finding.sameCause && `(${finding.sameCause.map(line).join(', ')})`,
    ]
      .filter(Boolean)
      .join(' '),
  );
}

test.each<[string, Resources, Severities, string[], string[]]>([
  ['ActiveTracing stands for ExplicitMode', UNSET, {}, [], ['ActiveTracing warning (ExplicitMode info)']],
  [
    'BrokenTrace stands for both',
    BROKEN,
    {},
    [],
    ['BrokenTrace warning (ActiveTracing warning, ExplicitMode info)'],
  ],
  [
    'the next rule stands if one is off',
    BROKEN,
    { [RULE.broken]: 'off' },
    [],
    ['ActiveTracing warning (ExplicitMode info)'],
  ],
  [
    'the last rule stands if the others are off',
    BROKEN,
    { [RULE.broken]: 'off', [RULE.active]: 'off' },
    [],
    ['ExplicitMode info'],
  ],
  [
    'a rule that is off is not listed',
    BROKEN,
    { [RULE.active]: 'off' },
    [],
    ['BrokenTrace warning (ExplicitMode info)'],
  ],
  [
    'the finding has the highest severity',
    BROKEN,
    { [RULE.explicit]: 'error' },
    [],
    ['BrokenTrace error (ActiveTracing warning, ExplicitMode error)'],
  ],
  [
    'a severity that is acknowledged does not count',
    BROKEN,
    { [RULE.explicit]: 'error' },
    [RULE.explicit],
    ['BrokenTrace warning (ActiveTracing warning, ExplicitMode error)'],
  ],
  [
    'an acknowledgement covers the cause',
    BROKEN,
    {},
    [RULE.broken],
    ['BrokenTrace warning acknowledged (ActiveTracing warning, ExplicitMode info)'],
  ],
  [
    'an acknowledgement covers nothing that is more severe',
    BROKEN,
    { [RULE.active]: 'error' },
    [RULE.broken],
    ['ActiveTracing error', 'BrokenTrace warning acknowledged (ExplicitMode info)'],
  ],
  [
    'an acknowledgement of less does not cover the cause, and is used',
    BROKEN,
    {},
    [RULE.active, RULE.explicit],
    ['BrokenTrace warning (ActiveTracing warning, ExplicitMode info)'],
  ],
  [
    'the acknowledgements of all rules are used',
    BROKEN,
    {},
    [RULE.broken, RULE.active, RULE.explicit],
    ['BrokenTrace warning acknowledged (ActiveTracing warning, ExplicitMode info)'],
  ],
  [
    'findings on other functions are separate',
    { ...UNSET, Other: lambda('PassThrough') },
    {},
    [],
    ['ActiveTracing warning (ExplicitMode info)', 'ActiveTracing warning'],
  ],
])('%s', (_, resources, severities, acknowledged, expected) => {
  expect(findingsOf(resources, severities, ...acknowledged)).toEqual(expected);
});

test('VersionLock stands for UnpublishedMode of the same version', () => {
  const published = (mode: string) => [
    stack('t', {
      Fn: lambda(mode, { MemorySize: 512 }),
      Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } },
    }),
  ];
  const rulesOf = (before: string) =>
    checkModel(buildTracingModel(published('Active'), published(before)))
      .filter(({ logicalId }) => logicalId === 'Version')
      .map(({ rule, sameCause = [] }) => [rule.id, ...sameCause.map((other) => other.rule.id)]);
  expect(rulesOf('PassThrough')).toEqual([['LambdaXRay-VersionLock', 'LambdaXRay-UnpublishedMode']]);
  expect(rulesOf('Active')).toEqual([['LambdaXRay-UnpublishedMode']]);
});

test('a cause has one name, whichever rule reports it', () => {
  const shared = RULES.filter((rule) => rule.standsFor || causeOf(rule) !== rule.id);
  const names = shared.map((rule) => [rule.id, causeOf(rule)].map((id) => id.replace('LambdaXRay-', '')));
  expect(Object.fromEntries(names)).toEqual({
    BrokenTrace: 'BrokenTrace',
    ActiveTracing: 'BrokenTrace',
    ExplicitMode: 'BrokenTrace',
    VersionLock: 'VersionLock',
    UnpublishedMode: 'VersionLock',
  });
});
