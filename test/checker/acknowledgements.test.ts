import type { Acknowledgement } from '../../lib/checker/acknowledgements';
import { checkModel, type CheckedFinding, type CheckConfig } from '../../lib/checker/check';
import type { TemplateSource } from '../../lib/cloudformation/template';
import { buildTracingModel } from '../../lib/model/build-model';
import { lambda, mapping, type Resources, stack, stacks } from '../rules/templates';

const INVALID_MODE = 'LambdaXRay-InvalidMode';
const UNUSED = `The acknowledgement of ${INVALID_MODE} matches no finding.`;

type Sources = readonly (TemplateSource | Resources)[];

/** Returns the findings, such as `Fn InvalidMode`, with the reason if acknowledged. */
function found(sources: Sources, settings?: CheckConfig): string[] {
  return checkModel(buildTracingModel(stacks(sources)), settings).map(
    ({ rule, logicalId, acknowledged }) =>
      `${logicalId} ${rule.id.replace('LambdaXRay-', '')}${acknowledged ? `: ${acknowledged.reason}` : ''}`,
  );
}

/** Returns the findings on acknowledgements. */
function problems(sources: Sources, settings?: CheckConfig): CheckedFinding[] {
  return checkModel(buildTracingModel(stacks(sources)), settings).filter(
    ({ rule }) => rule.id === 'LambdaXRay-Acknowledgement',
  );
}

/** A function with an invalid mode and an acknowledgement in its metadata. */
function noted(cdk_nag: unknown, mode: unknown = 'active') {
  return { ...lambda(mode), Metadata: { cdk_nag } };
}

function suppress(...rules_to_suppress: unknown[]) {
  return { rules_to_suppress };
}

const KNOWN = suppress({ id: INVALID_MODE, reason: 'Known.' });

test('an acknowledgement has its location', () => {
  const [finding] = checkModel(buildTracingModel(stacks([{ Fn: noted(KNOWN) }])));
  expect(finding.acknowledged).toEqual({ reason: 'Known.', location: { resource: finding.resource } });
});

describe('an acknowledgement in the metadata of a resource', () => {
  test.each<[string, Resources, string[]]>([
    ['applies to its findings', { Fn: noted(KNOWN) }, ['Fn InvalidMode: Known.']],
    [
      'applies only to that resource',
      { Fn: noted(KNOWN), Other: lambda('active') },
      ['Fn InvalidMode: Known.', 'Other InvalidMode'],
    ],
    [
      'applies only to that rule',
      { Fn: noted(suppress({ id: 'LambdaXRay-ActiveTracing', reason: 'Known.' })) },
      ['Fn InvalidMode', 'Fn Acknowledgement'],
    ],
    [
      'is the first one with a reason',
      { Fn: noted(suppress({ id: INVALID_MODE, reason: '' }, ...KNOWN.rules_to_suppress)) },
      ['Fn InvalidMode: Known.', 'Fn Acknowledgement'],
    ],
    [
      'is ignored without a reason',
      { Fn: noted(suppress({ id: INVALID_MODE })) },
      ['Fn InvalidMode', 'Fn Acknowledgement'],
    ],
    [
      'is ignored with a blank reason',
      { Fn: noted(suppress({ id: INVALID_MODE, reason: ' \n' })) },
      ['Fn InvalidMode', 'Fn Acknowledgement'],
    ],
    [
      'is ignored with a reason that is not a string',
      { Fn: noted(suppress({ id: INVALID_MODE, reason: { Ref: 'Reason' } })) },
      ['Fn InvalidMode', 'Fn Acknowledgement'],
    ],
    [
      'is not reported for rules of other packs',
      { Fn: noted(suppress({ id: 'AwsSolutions-L1', reason: 'Known.' })) },
      ['Fn InvalidMode'],
    ],
    [
      'matches nothing on a function without the finding',
      { Fn: noted(KNOWN, 'Active'), M: mapping({ EventSourceArn: 'arn:aws:sqs:eu-west-1:1:q' }) },
      ['Fn Acknowledgement'],
    ],
    [
      'matches nothing if the rule does not exist',
      { Fn: noted(suppress({ id: 'LambdaXRay-Invalid', reason: 'Known.' })) },
      ['Fn InvalidMode', 'Fn Acknowledgement'],
    ],
  ])('%s', (_, resources, expected) => {
    expect(found([resources])).toEqual(expected);
  });

  test.each([
    [null],
    ['all'],
    [{}],
    [{ rules_to_suppress: INVALID_MODE }],
    [suppress(null, INVALID_MODE, {}, { id: 7, reason: 'Known.' })],
  ])('is skipped if malformed: %j', (cdk_nag) => {
    expect(found([{ Fn: noted(cdk_nag) }])).toEqual(['Fn InvalidMode']);
  });

  test('is reported on the resource', () => {
    const resources = {
      Fn: noted(suppress({ id: INVALID_MODE, reason: '' })),
      Other: noted(KNOWN, 'PassThrough'),
    };
    expect(problems([resources])).toMatchObject([
      {
        resource: { logicalId: 'Fn', type: 'AWS::Lambda::Function' },
        logicalId: 'Fn',
        property: '',
        severity: 'warning',
        message: `The acknowledgement of ${INVALID_MODE} has no reason, so it is ignored.`,
        fix: 'Add a reason, or remove the acknowledgement.',
        related: [],
      },
      {
        logicalId: 'Other',
        message: UNUSED,
        fix: 'Remove the acknowledgement, or correct its rule and its path.',
      },
    ]);
  });
});

describe('an acknowledgement in a configuration', () => {
  const ORDERS = stack(
    'services/orders.yaml',
    { Fn: lambda('active'), Other: lambda('active') },
    { constructPaths: { Fn: 'Orders/Intake/Resource', Other: 'Orders/IntakeOfOthers/Resource' } },
  );
  const REPORTS = stack('services/reports.yaml#2', { Fn: lambda('active') });
  const SAM = stack('sam.yaml', {
    Fn: {
      Type: 'AWS::Serverless::Function',
      Properties: { Tracing: 'Active', MemorySize: 512, Events: { Orders: { Type: 'MSK' } } },
    },
  });
  const configured = (...given: Partial<Acknowledgement>[]): CheckConfig => ({
    acknowledgements: given.map((one) => ({ ruleId: INVALID_MODE, reason: 'Known.', ...one })),
  });
  const ACCEPTED = 'Fn InvalidMode: Known.';
  const OTHER_ACCEPTED = 'Other InvalidMode: Known.';

  test.each<[string, Partial<Acknowledgement>, string[]]>([
    ['a rule', {}, [ACCEPTED, OTHER_ACCEPTED, ACCEPTED]],
    ['a logical ID', { logicalId: 'Fn' }, [ACCEPTED, 'Other InvalidMode', ACCEPTED]],
    ['a construct', { constructPath: 'Orders/Intake' }, [ACCEPTED, 'Other InvalidMode', 'Fn InvalidMode']],
    [
      'a construct that is the resource',
      { constructPath: 'Orders/Intake/Resource' },
      [ACCEPTED, 'Other InvalidMode', 'Fn InvalidMode'],
    ],
    ['the constructs of a stack', { constructPath: 'Orders' }, [ACCEPTED, OTHER_ACCEPTED, 'Fn InvalidMode']],
    [
      'a construct by a pattern',
      { constructPath: 'Ord*s/{Intake,Gone}' },
      [ACCEPTED, 'Other InvalidMode', 'Fn InvalidMode'],
    ],
    [
      'the constructs below a pattern',
      { constructPath: '**/Resource' },
      [ACCEPTED, OTHER_ACCEPTED, 'Fn InvalidMode'],
    ],
    ['files by a pattern', { template: 'services/ord*.yaml' }, [ACCEPTED, OTHER_ACCEPTED, 'Fn InvalidMode']],
    ['a file', { template: 'orders.yaml' }, [ACCEPTED, OTHER_ACCEPTED, 'Fn InvalidMode']],
    [
      'a file of several templates',
      { template: 'reports.yaml' },
      ['Fn InvalidMode', 'Other InvalidMode', ACCEPTED],
    ],
    [
      'a logical ID in a file',
      { logicalId: 'Other', template: 'services/orders.yaml' },
      ['Fn InvalidMode', OTHER_ACCEPTED, 'Fn InvalidMode'],
    ],
    [
      'nothing if the construct does not have the logical ID',
      { logicalId: 'Other', constructPath: 'Orders/Intake' },
      ['Fn InvalidMode', 'Other InvalidMode', 'Fn InvalidMode', 'Other Acknowledgement'],
    ],
    [
      'nothing if the construct is not in the file',
      { constructPath: 'Orders/Intake', template: 'reports.yaml' },
      ['Fn InvalidMode', 'Other InvalidMode', 'Fn InvalidMode', ' Acknowledgement'],
    ],
    [
      'nothing, unreported, if the file is not part of the run',
      { template: 'invoices.yaml' },
      ['Fn InvalidMode', 'Other InvalidMode', 'Fn InvalidMode'],
    ],
    [
      'the end of a name that is no file name',
      { template: 's.yaml' },
      ['Fn InvalidMode', 'Other InvalidMode', 'Fn InvalidMode'],
    ],
    [
      'nothing if the resource is gone',
      { logicalId: 'Gone' },
      ['Fn InvalidMode', 'Other InvalidMode', 'Fn InvalidMode', 'Gone Acknowledgement'],
    ],
  ])('applies to %s', (_, given, expected) => {
    expect(found([ORDERS, REPORTS], configured(given))).toEqual(expected);
  });

  test.each(['Fn', 'FnOrders'])('matches a generated resource by the logical ID %s', (logicalId) => {
    const ruleId = 'LambdaXRay-UnsupportedEventSource';
    expect(found([SAM], configured({ ruleId, logicalId }))).toEqual([
      'FnOrders UnsupportedEventSource: Known.',
    ]);
  });

  test('has lower priority than one on the resource', () => {
    expect(found([{ Fn: noted(KNOWN) }], configured({ reason: 'As configured.' }))).toEqual([ACCEPTED]);
  });

  test.each<[string, CheckConfig, string]>([
    ['the configuration', {}, 'configuration'],
    ['its file', { configuration: '.cdk-lambda-xray.yaml' }, '.cdk-lambda-xray.yaml'],
  ])('is reported in %s if it matches nothing', (_, settings, id) => {
    const [byName, byPath, ...more] = problems([{ Fn: lambda('PassThrough') }], {
      ...configured({ logicalId: 'Gone' }, { constructPath: 'Orders/Gone' }),
      ...settings,
    });
    expect(byName).toMatchObject({ logicalId: 'Gone', message: UNUSED });
    expect(byName.resource).toMatchObject({ logicalId: 'Gone', type: '', template: { id } });
    expect(byPath).toMatchObject({ logicalId: '', resource: { constructPath: 'Orders/Gone' } });
    expect(more).toEqual([]);
  });
});

describe('an acknowledgement on a construct', () => {
  const on = (constructPath: string, reason = 'By design.') => ({
    acknowledgements: [{ ruleId: INVALID_MODE, reason, constructPath }],
  });
  const ORDERS = {
    constructPath: 'App/Orders',
    constructPaths: { Fn: 'App/Orders/Intake/Resource', Other: 'App/Orders/IntakeOfOthers/Resource' },
  };
  const FUNCTIONS = { Fn: lambda('active'), Other: lambda('active'), Bare: lambda('active') };
  const [FN, OTHER, BARE] = Object.keys(FUNCTIONS).map((name) => `${name} InvalidMode`);
  const accepted = (line: string) => `${line}: By design.`;

  test.each([
    ['a function', 'App/Orders/Intake', [accepted(FN), OTHER, BARE]],
    ['its stack, including resources without a path', 'App/Orders', [FN, OTHER, BARE].map(accepted)],
    ['its stage', 'App', [FN, OTHER, BARE].map(accepted)],
    ['the app', '', [FN, OTHER, BARE].map(accepted)],
    ['another stack', 'App/Reports', [FN, OTHER, BARE, ' Acknowledgement']],
  ])('applies to everything in %s', (_, path, expected) => {
    expect(found([stack('t', FUNCTIONS, { ...ORDERS, ...on(path) })])).toEqual(expected);
  });

  test('does not apply to a template that is not from CDK', () => {
    expect(found([stack('t', { Fn: lambda('active') }, on(''))])).toEqual([
      'Fn InvalidMode',
      ' Acknowledgement',
    ]);
  });

  test('has priority over the configuration, but not over one on the resource', () => {
    const settings = { acknowledgements: [{ ruleId: INVALID_MODE, reason: 'As configured.' }] };
    const resources = { Fn: noted(KNOWN), Other: lambda('active') };
    expect(found([stack('t', resources, { ...ORDERS, ...on('App') })], settings)).toEqual([
      'Fn InvalidMode: Known.',
      'Other InvalidMode: By design.',
    ]);
  });

  test('is reported once, on the construct, for several templates', () => {
    const given = on('App/Orders', '');
    const sources = ['a', 'b'].map((id) => stack(id, { Fn: lambda('PassThrough') }, { ...ORDERS, ...given }));
    const [problem, ...more] = problems(sources);
    expect(problem.resource).toMatchObject({ constructPath: 'App/Orders', logicalId: '', type: '' });
    expect(problem.message).toContain('has no reason');
    expect(more).toEqual([]);
  });
});
