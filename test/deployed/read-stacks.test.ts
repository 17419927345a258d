import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { byLocation } from '../../lib/deployed/account';
import { selectStacks, readStacks } from '../../lib/deployed/read-stacks';
import type { LoadedTemplate } from '../../lib/input/loaded-template';
import { buildTracingModel } from '../../lib/model/build-model';
import { awsError, denied, inAccount, NOBODY, PRINCIPAL } from './account';

const environment = { ...process.env };
beforeAll(() => Object.assign(process.env, NOBODY));
afterAll(() => {
  process.env = environment;
  cloudFormation.restore();
});

const cloudFormation = mockClient(CloudFormationClient);
const NOT_THERE = awsError('ValidationError', 'Stack with id Orders does not exist');
const BODY = '{"Resources":{"Fn":{"Type":"AWS::Lambda::Function"}}}';
beforeEach(() => {
  cloudFormation.reset();
  cloudFormation.on(GetTemplateCommand).resolves({ TemplateBody: BODY });
  describing({});
});

function template(id: string, more: Partial<LoadedTemplate> = {}): LoadedTemplate {
  return { id, file: id, template: {}, ...more };
}

/** Has CloudFormation tell this of any stack. */
function describing(known: Partial<Stack>) {
  const stack = { StackName: 'Orders', CreationTime: new Date(0), StackStatus: 'CREATE_COMPLETE' as const };
  cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: [{ ...stack, ...known }] });
}

const ORDERS = template('orders.json', { stackName: 'Orders', region: 'eu-west-1' });

async function read(templates: readonly LoadedTemplate[], names: readonly string[] = []) {
  const chosen = selectStacks(names, templates);
  expect(chosen.errors).toEqual([]);
  return inAccount((account) => readStacks(chosen, templates, account, () => undefined));
}

/** A resource of a stack, as CloudFormation lists it. */
function summary(LogicalResourceId: string, PhysicalResourceId?: string, ResourceStatus = 'CREATE_COMPLETE') {
  return {
    LogicalResourceId,
    PhysicalResourceId,
    ResourceStatus: ResourceStatus as 'CREATE_COMPLETE',
    ResourceType: 'AWS::Lambda::Function',
    LastUpdatedTimestamp: new Date(0),
  };
}

test('of several pages, without what is not there', async () => {
  cloudFormation
    .on(ListStackResourcesCommand, { StackName: 'Orders' })
    .resolves({ StackResourceSummaries: [summary('Fn', 'fn-1A2B')], NextToken: 'more' })
    .on(ListStackResourcesCommand, { StackName: 'Orders', NextToken: 'more' })
    .resolves({
      StackResourceSummaries: [
        summary('Other', 'other-3C4D'),
        summary('Failed', undefined, 'CREATE_FAILED'),
        summary('Named', 'orders-named', 'CREATE_FAILED'),
        summary('Gone', 'gone-5E6F', 'DELETE_COMPLETE'),
        summary('Left', 'left-7A8B', 'DELETE_SKIPPED'),
      ],
    });
  const { stacks, templates, ...rest } = await read([ORDERS]);
  expect(rest).toEqual({ locations: expect.any(Map) as unknown, errors: [], failures: [], notes: [] });
  const type = 'AWS::Lambda::Function';
  expect(stacks).toEqual([
    {
      template: 'orders.json',
      name: 'Orders',
      region: 'eu-west-1',
      resources: [
        { logicalId: 'Fn', type, physicalId: 'fn-1A2B' },
        { logicalId: 'Other', type, physicalId: 'other-3C4D' },
      ],
    },
  ]);
  expect(templates.map(({ id, template: deployed }) => [id, deployed])).toEqual([
    ['orders.json', JSON.parse(BODY)],
  ]);
});

test('nested in each other', async () => {
  const nested = [
    template('inner.json', { nestedIn: { id: 'outer.json', logicalId: 'Inner' } }),
    template('outer.json', {
      nestedIn: { id: 'orders.json', logicalId: 'Outer' },
      constructPath: 'Orders/Outer',
    }),
    template('new.json', { nestedIn: { id: 'orders.json', logicalId: 'New' } }),
  ];
  const resourcesOf = (stack: string, resource: object) =>
    cloudFormation
      .on(ListStackResourcesCommand, { StackName: stack })
      .resolves({ StackResourceSummaries: [resource as ReturnType<typeof summary>] });
  resourcesOf('Orders', summary('Outer', 'arn:outer'));
  resourcesOf('arn:outer', summary('Inner', 'arn:inner'));
  resourcesOf('arn:inner', summary('Fn', 'fn-1A2B'));
  const { stacks, notes, failures } = await read([ORDERS, ...nested]);
  expect(failures).toEqual([]);
  expect(stacks.map(({ template: id, name, nestedIn }) => [id, name, nestedIn])).toEqual([
    ['orders.json', 'Orders', undefined],
    ['outer.json', 'Orders/Outer', 'Orders'],
    ['inner.json', 'Orders/Outer/Inner', 'Orders'],
  ]);
  expect(notes).toEqual([
    "The stack 'Orders/New' isn't deployed in eu-west-1 yet: there is nothing to verify.",
  ]);
});

test('nested, without their templates', async () => {
  const inner = { ...summary('Inner', 'arn:inner'), ResourceType: 'AWS::CloudFormation::Stack' };
  cloudFormation.on(ListStackResourcesCommand).resolves({ StackResourceSummaries: [inner] });
  const { stacks, notes } = await read([ORDERS]);
  expect(stacks).toHaveLength(1);
  expect(notes).toEqual(["The stack 'Orders/Inner' was not verified: its template is none of those given."]);
});

test.each<[string, () => unknown]>([
  ['are not deployed', () => cloudFormation.on(ListStackResourcesCommand).rejects(NOT_THERE)],
  [
    'wait for their first change set',
    () => cloudFormation.on(ListStackResourcesCommand).resolves({ StackResourceSummaries: [] }),
  ],
])('that %s', async (_, answer) => {
  answer();
  cloudFormation
    .on(ListStackResourcesCommand, { StackName: 'Billing' })
    .resolves({ StackResourceSummaries: [summary('Fn', 'fn-1A2B')] });
  const billing = template('billing.json', { stackName: 'Billing', region: 'eu-west-1' });
  const [orders, ...both] = [
    await read([ORDERS]),
    await read([ORDERS, billing]),
    await read([ORDERS, billing], ['Orders']),
  ];
  expect(orders).toEqual({
    locations: expect.any(Map) as unknown,
    stacks: [],
    templates: [],
    errors: [],
    failures: [
      "The stack 'Orders' isn't deployed in eu-west-1, so that nothing was verified: name the region by --region, or a profile of the account by --profile.",
    ],
    notes: [],
  });
  expect(both.map(({ failures, notes }) => ({ failures, notes }))).toEqual([
    {
      failures: [],
      notes: ["The stack 'Orders' isn't deployed in eu-west-1 yet: there is nothing to verify."],
    },
    {
      failures: [
        "The stack 'Orders' isn't deployed in eu-west-1: name one that is, or its region by --region.",
      ],
      notes: [],
    },
  ]);
});

test('none of which are deployed', async () => {
  cloudFormation
    .on(DescribeStacksCommand)
    .rejects(NOT_THERE)
    .on(ListStackResourcesCommand)
    .rejects(NOT_THERE);
  const billing = template('billing.json', { stackName: 'Billing', region: 'us-east-1' });
  const { failures, notes } = await read([ORDERS, billing]);
  expect(notes).toEqual([]);
  expect(failures).toEqual([
    "None of the stacks 'Billing', 'Orders' is deployed in eu-west-1, us-east-1, so that nothing was verified: name the region by --region, or a profile of the account by --profile.",
  ]);
});

test('of which the templates may not be read', async () => {
  cloudFormation
    .on(ListStackResourcesCommand)
    .resolves({ StackResourceSummaries: [summary('Fn', 'fn-1A2B')] })
    .on(GetTemplateCommand)
    .rejects(denied('cloudformation:GetTemplate'));
  const { stacks, templates, failures } = await read([ORDERS]);
  expect({ stacks: stacks.length, templates }).toEqual({ stacks: 1, templates: [] });
  expect(failures).toEqual([
    `The template of the stack 'Orders' in eu-west-1 can't be read, since permission is denied: allow cloudformation:GetTemplate to ${PRINCIPAL}.`,
  ]);
});

test('that may not be read', async () => {
  cloudFormation.on(ListStackResourcesCommand).rejects(denied('cloudformation:ListStackResources'));
  const billing = template('billing.json', { stackName: 'Billing', region: 'us-east-1' });
  const { stacks, failures } = await read([ORDERS, billing]);
  expect(stacks).toEqual([]);
  expect(failures).toEqual([
    `2 stacks in eu-west-1, us-east-1 ('Billing', 'Orders') can't be read, since permission is denied: allow cloudformation:ListStackResources to ${PRINCIPAL}.`,
  ]);
});

const ARN = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Orders/0123';

describe('of other accounts than the credentials, which do not tell theirs', () => {
  const dev = template('dev.json', { stackName: 'Dev', region: 'eu-west-1', account: '111122223333' });
  const prod = template('prod.json', { stackName: 'Prod', region: 'eu-west-1', account: '444455556666' });
  const other =
    'since it is of the account 444455556666, and the credentials are of 111122223333: name a profile of 444455556666 by --profile.';

  beforeEach(() => {
    describing({ StackId: ARN });
    cloudFormation
      .on(ListStackResourcesCommand)
      .resolves({ StackResourceSummaries: [summary('Fn', 'fn-1A2B')] });
  });

  test('that have stacks of the same name', async () => {
    const { stacks, templates, failures } = await read([dev, prod]);
    expect(stacks.map(({ template: id }) => id)).toEqual(['dev.json']);
    expect(templates.map(({ id }) => id)).toEqual(['dev.json']);
    expect(failures).toEqual([`The stack 'Prod' in eu-west-1 can't be read, ${other}`]);
  });

  test('that have stacks which are not in this one', async () => {
    cloudFormation.on(DescribeStacksCommand, { StackName: 'Prod' }).rejects(NOT_THERE);
    cloudFormation.on(ListStackResourcesCommand, { StackName: 'Prod' }).rejects(NOT_THERE);
    const { failures, notes } = await read([prod, dev]);
    expect(failures).toEqual([`The stack 'Prod' in eu-west-1 can't be read, ${other}`]);
    expect(notes).toEqual([]);
  });

  test('which nothing tells', async () => {
    cloudFormation.on(DescribeStacksCommand).rejects(denied('cloudformation:DescribeStacks'));
    const { stacks, failures } = await read([prod]);
    expect(stacks).toEqual([]);
    expect(failures).toEqual([
      "The stack 'Prod' in eu-west-1 can't be read, since it is of the account 444455556666, and nothing tells which the credentials are of: allow cloudformation:DescribeStacks, or set AWS_ACCOUNT_ID.",
      `The parameters of the stack 'Prod' in eu-west-1 can't be read, since permission is denied: allow cloudformation:DescribeStacks to ${PRINCIPAL}.`,
    ]);
  });
});

describe('what is known of them', () => {
  const parameter = (ParameterKey: string, ParameterValue: string, ResolvedValue?: string) => ({
    ParameterKey,
    ParameterValue,
    ResolvedValue,
  });

  beforeEach(() => {
    cloudFormation
      .on(ListStackResourcesCommand)
      .resolves({ StackResourceSummaries: [summary('Fn', 'fn-1A2B')] });
  });

  test('where they are, and their parameters as far as they are told', async () => {
    describing({
      StackId: ARN,
      Parameters: [
        parameter('Mode', 'Active'),
        parameter('Stored', '/tracing/mode', 'PassThrough'),
        parameter('Secret', '****'),
        { ParameterKey: 'Unset' },
      ],
    });
    const { locations } = await read([ORDERS]);
    expect([...locations]).toEqual([
      [
        'orders.json',
        {
          stackName: 'Orders',
          region: 'eu-west-1',
          account: '111122223333',
          parameterValues: { Mode: 'Active', Stored: 'PassThrough' },
        },
      ],
    ]);
  });

  test('but for what is denied', async () => {
    cloudFormation.on(DescribeStacksCommand).rejects(denied('cloudformation:DescribeStacks'));
    const { stacks, locations, failures } = await read([ORDERS]);
    expect(stacks).toHaveLength(1);
    expect([...locations]).toEqual([['orders.json', { stackName: 'Orders', region: 'eu-west-1' }]]);
    expect(failures).toEqual([
      `The parameters of the stack 'Orders' in eu-west-1 can't be read, since permission is denied: allow cloudformation:DescribeStacks to ${PRINCIPAL}.`,
    ]);
  });

  test.each<[string, object, string[]]>([
    ['the region', { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] }, ['Active']],
    ['the account', { 'Fn::Equals': [{ Ref: 'AWS::AccountId' }, '444455556666'] }, ['unset']],
    ['the name', { 'Fn::Equals': [{ Ref: 'AWS::StackName' }, 'Orders'] }, ['Active']],
    ['a parameter', { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] }, ['Active']],
  ])('decides what depends on %s', async (_, condition, modes) => {
    describing({ StackId: ARN, Parameters: [parameter('Stage', 'prod')] });
    const Mode = { 'Fn::If': ['IsTraced', 'Active', { Ref: 'AWS::NoValue' }] };
    const source = template('orders.json', {
      stackName: 'Orders',
      template: {
        Parameters: { Stage: { Type: 'String', Default: 'dev' } },
        Conditions: { IsTraced: condition },
        Resources: { Fn: { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode } } } },
      },
    });
    const { locations } = await read([source]);
    const [fn] = buildTracingModel(byLocation([source], locations)).functions;
    expect(fn.modes.map(({ value }) => value)).toEqual(modes);
  });
});

describe('which stacks', () => {
  const stage = template('prod.json', { stackName: 'Prod-Orders', constructPath: 'Prod/Orders' });
  const unnamed = template('template.yaml');

  test.each<[string[], LoadedTemplate[], string[], string[]]>([
    [[], [ORDERS, stage], ['Orders', 'Prod-Orders'], []],
    [['Prod/Orders'], [ORDERS, stage], ['Prod-Orders'], []],
    [['Orders'], [ORDERS, stage], ['Orders'], []],
    [['orders-prod'], [unnamed], ['orders-prod'], []],
    [[], [template('nested.json', { nestedIn: { id: 'x', logicalId: 'y' } })], [], []],
    [[], [], [], []],
    [
      ['Billing', 'Orders'],
      [ORDERS],
      ['Orders'],
      [
        "--stack Billing: it is none of those in the templates (Orders): name one of them, or give a single template that doesn't say its stack's name.",
      ],
    ],
    [
      [],
      [unnamed, ORDERS],
      ['Orders'],
      [
        "template.yaml doesn't say its stack's name: name it by --stack, or give a cloud assembly (cdk.out), which has the names.",
      ],
    ],
    [
      [],
      [unnamed, template('other.yaml')],
      [],
      [
        "template.yaml, other.yaml don't say their stacks' names: verify each alone, with --stack, or give a cloud assembly (cdk.out), which has the names.",
      ],
    ],
    [['A', 'B'], [unnamed], [], ['template.yaml can be one stack only, and --stack names 2: name one.']],
  ])('%j', (names, templates, stacks, errors) => {
    const chosen = selectStacks(names, templates);
    expect({ stacks: chosen.stacks.map(({ stack }) => stack), errors: chosen.errors }).toEqual({
      stacks,
      errors,
    });
  });
});
