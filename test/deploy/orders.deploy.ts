import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { IAMClient, ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { bundledCommand, run } from '../cli/bundled-command';
import { describeWithPython } from '../python/run-python';
import { aliasesOf, modeOf, resourcesOf, versionsOf, withoutHash } from './functions';
import { pretendedAws, type PretendedAws } from './pretended-aws';

const CLUSTER = 'arn:aws:kafka:eu-west-1:123456789012:cluster/warehouse/0123';

interface TemplateResource {
  readonly Type: string;
  readonly Properties: { readonly TracingConfig?: { readonly Mode: string } };
}

/** The expected modes of the functions of the example app. */
const MODES = {
  Intake: 'Active',
  Acceptance: 'Active',
  AuditTrailFunction: 'Active',
  Function: 'Active',
  Consumer: 'PassThrough',
};

describeWithPython('the example app, deployed', () => {
  let aws: PretendedAws;
  let assembly: string;
  let stacks: readonly string[];
  let functions: Map<string, string>;

  beforeAll(async () => {
    aws = await pretendedAws();
    Object.assign(process.env, aws.env);
    assembly = await aws.deploy(
      'npx tsx examples/orders/app.ts',
      '--parameters',
      `Shipments:ClusterArn=${CLUSTER}`,
    );
    const [nightly] = (await resourcesOf('Orders', 'AWS::CloudFormation::Stack')).values();
    stacks = ['Orders', 'Shipments', nightly];
    const found = await Promise.all(stacks.map((stack) => resourcesOf(stack, 'AWS::Lambda::Function')));
    functions = new Map(found.flatMap((ofStack) => [...ofStack]));
  });
  afterAll(() => aws?.stop());

  const nameOf = (logicalId: string) => functions.get(logicalId)!;

  test('has its stacks', async () => {
    const { Stacks: all = [] } = await new CloudFormationClient().send(new DescribeStacksCommand());
    const states = all.map(({ StackName, StackStatus }) => [StackName, StackStatus]);
    expect(Object.fromEntries(states)).toMatchObject({
      CDKToolkit: 'CREATE_COMPLETE',
      Orders: 'CREATE_COMPLETE',
      Shipments: 'CREATE_COMPLETE',
    });
  });

  test('has the modes in its deployed templates', async () => {
    const modes = stacks.map(async (stack) => {
      const command = new GetTemplateCommand({ StackName: stack, TemplateStage: 'Original' });
      const { TemplateBody: body = '' } = await new CloudFormationClient().send(command);
      const { Resources: resources } = JSON.parse(body) as { Resources: Record<string, TemplateResource> };
      return Object.entries(resources)
        .filter(([, { Type }]) => Type === 'AWS::Lambda::Function')
        .map(([logicalId, { Properties }]) => [withoutHash(logicalId), Properties.TracingConfig?.Mode]);
    });
    expect(Object.fromEntries((await Promise.all(modes)).flat())).toEqual(MODES);
  });

  test('has the modes of its templates', async () => {
    const modes = [...functions].map(async ([logicalId, name]) => [logicalId, await modeOf(name)]);
    expect(Object.fromEntries(await Promise.all(modes))).toEqual(MODES);
  });

  test('has roles that may write to X-Ray', async () => {
    for (const name of functions.values()) {
      const { Role: role = '' } = await new LambdaClient().send(
        new GetFunctionConfigurationCommand({ FunctionName: name }),
      );
      const { AttachedPolicies: attached = [] } = await new IAMClient().send(
        new ListAttachedRolePoliciesCommand({ RoleName: role.slice(role.lastIndexOf('/') + 1) }),
      );
      expect(attached.map(({ PolicyArn }) => PolicyArn)).toContain(
        'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess',
      );
    }
  });

  test('has a version with the mode, and an alias that points to it', async () => {
    const acceptance = nameOf('Acceptance');
    expect(await versionsOf(acceptance)).toEqual({ 1: 'Active' });
    expect(await aliasesOf(acceptance)).toEqual({ live: '1' });
    expect(await modeOf(acceptance, 'live')).toBe('Active');
  });

  test('has its event source mappings', async () => {
    const { EventSourceMappings: mappings = [] } = await new LambdaClient().send(
      new ListEventSourceMappingsCommand(),
    );
    const sources = mappings.map(({ EventSourceArn: source = '', FunctionArn: fn = '' }) => [
      source.split(':')[2],
      [...functions].find(([, name]) => fn.includes(`:function:${name}`))?.[0],
    ]);
    expect(Object.fromEntries(sources)).toEqual({
      sqs: 'Acceptance',
      dynamodb: 'AuditTrailFunction',
      kafka: 'Consumer',
    });
  });

  test('has no difference until a function is changed manually', async () => {
    const command = await bundledCommand();
    const verify = () => run(command, ['verify', assembly], { env: aws.env });
    expect(await verify()).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('No differences in 5 functions.') as unknown,
    });
    const change = { FunctionName: nameOf('Intake'), TracingConfig: { Mode: 'PassThrough' } } as const;
    await new LambdaClient().send(new UpdateFunctionConfigurationCommand(change));
    expect(await verify()).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('1 difference in 1 of 5 functions.') as unknown,
    });
  });
});
