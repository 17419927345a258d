import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { withLocations } from '../../lib/deployed/account';
import { readStacks } from '../../lib/deployed/read-stacks';
import { selectStacks } from '../../lib/input/read-deployed-stacks';
import type { LoadedTemplate } from '../../lib/input/loaded-template';
import { buildTracingModel } from '../../lib/model/build-model';
import { awsError, denied, inAccount, PRINCIPAL, withNobody } from './account';

withNobody();
afterAll(() => cloudFormation.restore());

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

/** Makes CloudFormation describe all stacks with these properties. */
function describing(known: Partial<Stack>) {
  const stack = { StackName: 'Orders', CreationTime: new Date(0), StackStatus: 'CREATE_COMPLETE' as const };
  cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: [{ ...stack, ...known }] });
}

const ORDERS = template('orders.json', { stackName: 'Orders', region: 'eu-west-1' });

async function read(templates: readonly LoadedTemplate[], names: readonly string[] = []) {
  const selected = selectStacks(names, templates, '--stack');
  expect(selected.errors).toEqual([]);
  return inAccount((account) => readStacks(selected, templates, account, () => undefined));
}

/** Returns a resource as CloudFormation lists it. */
function summary(LogicalResourceId: string, PhysicalResourceId?: string, ResourceStatus = 'CREATE_COMPLETE') {
  return {
    LogicalResourceId,
    PhysicalResourceId,
    ResourceStatus: ResourceStatus as 'CREATE_COMPLETE',
    ResourceType: 'AWS::Lambda::Function',
    LastUpdatedTimestamp: new Date(0),
  };
}

test('reads all pages of resources, without those that do not exist', async () => {
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
      updated: '1970-01-01T00:00:00.000Z',
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

test('reads stacks that are nested in each other', async () => {
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
  expect(notes).toEqual(["The stack 'Orders/New' is not deployed in eu-west-1 yet, so it was not verified."]);
});

test('accepts a nested stack that is verified by its own name', async () => {
  const arn = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Orders-Inner-1A2B/0a1b';
  const inner = { ...summary('Inner', arn), ResourceType: 'AWS::CloudFormation::Stack' };
  cloudFormation.on(ListStackResourcesCommand).resolves({ StackResourceSummaries: [inner] });
  const { notes } = await read([ORDERS, template('inner.json', { stackName: 'Orders-Inner-1A2B' })]);
  expect(notes).toEqual([]);
});

test('reports a nested stack without a template', async () => {
  const inner = { ...summary('Inner', 'arn:inner'), ResourceType: 'AWS::CloudFormation::Stack' };
  cloudFormation.on(ListStackResourcesCommand).resolves({ StackResourceSummaries: [inner] });
  const { stacks, notes } = await read([ORDERS]);
  expect(stacks).toHaveLength(1);
  expect(notes).toEqual([
    "The stack 'Orders/Inner' was not verified, because its template was not found. Pass the cloud assembly, or the parent template together with the nested one.",
  ]);
});

test.each<[string, () => unknown]>([
  ['are not deployed', () => cloudFormation.on(ListStackResourcesCommand).rejects(NOT_THERE)],
  [
    'only have a change set',
    () => cloudFormation.on(ListStackResourcesCommand).resolves({ StackResourceSummaries: [] }),
  ],
])('reports stacks that %s', async (_, answer) => {
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
      "The stack 'Orders' is not deployed in eu-west-1. Pass the region with --region, or a profile of the account with --profile.",
    ],
    notes: [],
  });
  expect(both.map(({ failures, notes }) => ({ failures, notes }))).toEqual([
    {
      failures: [],
      notes: ["The stack 'Orders' is not deployed in eu-west-1 yet, so it was not verified."],
    },
    {
      failures: [
        "The stack 'Orders' is not deployed in eu-west-1. Pass the name of a deployed stack, or its region with --region.",
      ],
      notes: [],
    },
  ]);
});

test('reports that no stack is deployed', async () => {
  cloudFormation
    .on(DescribeStacksCommand)
    .rejects(NOT_THERE)
    .on(ListStackResourcesCommand)
    .rejects(NOT_THERE);
  const billing = template('billing.json', { stackName: 'Billing', region: 'us-east-1' });
  const { failures, notes } = await read([ORDERS, billing]);
  expect(notes).toEqual([]);
  expect(failures).toEqual([
    "None of the stacks 'Billing', 'Orders' is deployed in eu-west-1, us-east-1. Pass the region with --region, or a profile of the account with --profile.",
  ]);
});

test('reads a stack without access to its template', async () => {
  cloudFormation
    .on(ListStackResourcesCommand)
    .resolves({ StackResourceSummaries: [summary('Fn', 'fn-1A2B')] })
    .on(GetTemplateCommand)
    .rejects(denied('cloudformation:GetTemplate'));
  const { stacks, templates, failures } = await read([ORDERS]);
  expect({ stacks: stacks.length, templates }).toEqual({ stacks: 1, templates: [] });
  expect(failures).toEqual([
    `Can't read the template of the stack 'Orders' in eu-west-1: Access denied. Allow cloudformation:GetTemplate for ${PRINCIPAL}.`,
  ]);
});

test('reports stacks without access', async () => {
  cloudFormation.on(ListStackResourcesCommand).rejects(denied('cloudformation:ListStackResources'));
  const billing = template('billing.json', { stackName: 'Billing', region: 'us-east-1' });
  const { stacks, failures } = await read([ORDERS, billing]);
  expect(stacks).toEqual([]);
  expect(failures).toEqual([
    `Can't read 2 stacks in eu-west-1, us-east-1 ('Billing', 'Orders'): Access denied. Allow cloudformation:ListStackResources for ${PRINCIPAL}.`,
  ]);
});

const ARN = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Orders/0123';

describe('stacks of other accounts, with credentials that do not contain theirs', () => {
  const dev = template('dev.json', { stackName: 'Dev', region: 'eu-west-1', account: '111122223333' });
  const prod = template('prod.json', { stackName: 'Prod', region: 'eu-west-1', account: '444455556666' });
  const other =
    'The target account is 444455556666, but the credentials are for 111122223333. Pass a profile of 444455556666 with --profile.';

  beforeEach(() => {
    describing({ StackId: ARN });
    cloudFormation
      .on(ListStackResourcesCommand)
      .resolves({ StackResourceSummaries: [summary('Fn', 'fn-1A2B')] });
  });

  test('have the same name', async () => {
    const { stacks, templates, failures } = await read([dev, prod]);
    expect(stacks.map(({ template: id }) => id)).toEqual(['dev.json']);
    expect(templates.map(({ id }) => id)).toEqual(['dev.json']);
    expect(failures).toEqual([`Can't read the stack 'Prod' in eu-west-1: ${other}`]);
  });

  test('are missing in the account of the credentials', async () => {
    cloudFormation.on(DescribeStacksCommand, { StackName: 'Prod' }).rejects(NOT_THERE);
    cloudFormation.on(ListStackResourcesCommand, { StackName: 'Prod' }).rejects(NOT_THERE);
    const { failures, notes } = await read([prod, dev]);
    expect(failures).toEqual([`Can't read the stack 'Prod' in eu-west-1: ${other}`]);
    expect(notes).toEqual([]);
  });

  test('are reported if the account of the credentials stays unknown', async () => {
    cloudFormation.on(DescribeStacksCommand).rejects(denied('cloudformation:DescribeStacks'));
    const { stacks, failures } = await read([prod]);
    expect(stacks).toEqual([]);
    expect(failures).toEqual([
      "Can't read the stack 'Prod' in eu-west-1: The target account is 444455556666, but the account of the credentials is unknown. Allow cloudformation:DescribeStacks, or set AWS_ACCOUNT_ID.",
      `Can't read the parameters of the stack 'Prod' in eu-west-1: Access denied. Allow cloudformation:DescribeStacks for ${PRINCIPAL}.`,
    ]);
  });
});

describe('the location of a stack', () => {
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

  test('contains the region, the account and the parameters that are not masked', async () => {
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

  test('lacks details without access to them', async () => {
    cloudFormation.on(DescribeStacksCommand).rejects(denied('cloudformation:DescribeStacks'));
    const { stacks, locations, failures } = await read([ORDERS]);
    expect(stacks).toHaveLength(1);
    expect([...locations]).toEqual([['orders.json', { stackName: 'Orders', region: 'eu-west-1' }]]);
    expect(failures).toEqual([
      `Can't read the parameters of the stack 'Orders' in eu-west-1: Access denied. Allow cloudformation:DescribeStacks for ${PRINCIPAL}.`,
    ]);
  });

  test.each<[string, object, string[]]>([
    ['the region', { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] }, ['Active']],
    ['the account', { 'Fn::Equals': [{ Ref: 'AWS::AccountId' }, '444455556666'] }, ['unset']],
    ['the name', { 'Fn::Equals': [{ Ref: 'AWS::StackName' }, 'Orders'] }, ['Active']],
    ['a parameter', { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] }, ['Active']],
  ])('decides conditions on %s', async (_, condition, modes) => {
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
    const [fn] = buildTracingModel(withLocations([source], locations)).functions;
    expect(fn.modes.map(({ value }) => value)).toEqual(modes);
  });
});

describe('the selected stacks', () => {
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
        "There is no template for the stack 'Billing' (found: Orders). Pass the name of one of these stacks, or a single template without a stack name.",
      ],
    ],
    [
      [],
      [unnamed, ORDERS],
      ['Orders'],
      [
        'The stack name of template.yaml is unknown. Pass it with --stack, or pass a cloud assembly (cdk.out), which contains the stack names.',
      ],
    ],
    [
      [],
      [unnamed, template('other.yaml')],
      [],
      [
        'The stack names of template.yaml, other.yaml are unknown. Run the command for each template with --stack, or pass a cloud assembly (cdk.out), which contains the stack names.',
      ],
    ],
    [
      ['A', 'B'],
      [unnamed],
      [],
      ['template.yaml is the template of one stack, but --stack names 2 stacks. Pass one name.'],
    ],
  ])('%j', (names, templates, stacks, errors) => {
    const selected = selectStacks(names, templates, '--stack');
    expect({ stacks: selected.stacks.map(({ stack }) => stack), errors: selected.errors }).toEqual({
      stacks,
      errors,
    });
  });
});
