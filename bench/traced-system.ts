/** Number of functions in a service, and of services in a stack. */
const FUNCTIONS = 10;
const SERVICES = 5;

const AREAS = [
  'Orders',
  'Payments',
  'Shipping',
  'Catalog',
  'Accounts',
  'Search',
  'Billing',
  'Returns',
  'Loyalty',
];
const DOMAINS = ['Intake', 'Pricing', 'Stock', 'Notices', 'Audit'];

type Resources = Record<string, object>;

/**
 * Returns the files of a cloud assembly with about the given number of functions. Like real applications, it has APIs,
 * queues, topics, streams, schedules, state machines, calls to other stacks, a few functions that break traces, and Kafka.
 */
export function tracedSystem(functions: number): [name: string, content: string][] {
  const services = Math.max(1, Math.round(functions / FUNCTIONS));
  const stacks = Array.from({ length: Math.ceil(services / SERVICES) }, (_, i) => {
    const round = Math.floor(i / AREAS.length);
    return `${AREAS[i % AREAS.length]}${round === 0 ? '' : round + 1}`;
  });
  const artifacts = Object.fromEntries(
    stacks.map((name) => [
      name,
      {
        type: 'aws:cloudformation:stack',
        environment: 'aws://111122223333/eu-west-1',
        properties: { templateFile: `${name}.template.json`, stackName: name },
      },
    ]),
  );
  return [
    ['manifest.json', JSON.stringify({ version: '48.0.0', artifacts })],
    ...stacks.map((name, i): [string, string] => {
      const own = Math.min(SERVICES, services - i * SERVICES);
      return [`${name}.template.json`, JSON.stringify(stack(stacks, i, own), undefined, 1)];
    }),
  ];
}

function stack(stacks: readonly string[], number: number, services: number): object {
  const Resources: Resources = {};
  const Outputs: Record<string, object> = {};
  for (let i = 0; i < services; i++) {
    Object.assign(Resources, service(stacks, number, i));
    const entry = `${DOMAINS[i]}Lookup`;
    Outputs[entry] = { Value: arn(entry), Export: { Name: `${stacks[number]}-${entry}` } };
  }
  return { Parameters: { Mode: { Type: 'String' } }, Resources, Outputs };
}

function service(stacks: readonly string[], number: number, i: number): Resources {
  const [area, domain] = [stacks[number], DOMAINS[i]];
  const id = (name: string) => `${domain}${name}`;
  const path = (name: string) => ({ 'aws:cdk:path': `${area}/${domain}/${name}/Resource` });
  const turn = number * SERVICES + i;
  // As in real applications, many stacks call a few others.
  const other = stacks[number % 3 === 0 ? Math.min(4, stacks.length - 1) : (number >> 1) % stacks.length];

  const fn = (
    name: string,
    mode: unknown,
    more: { memory?: number; statements?: object[] } = {},
  ): Resources => ({
    [id(name)]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Role: { 'Fn::GetAtt': [id(`${name}Role`), 'Arn'] },
        MemorySize: more.memory ?? 512,
        ...(mode === undefined ? {} : { TracingConfig: { Mode: mode } }),
      },
      Metadata: path(name),
    },
    [id(`${name}Role`)]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        // A few functions lack the permission to write traces.
        ManagedPolicyArns:
          turn % 7 === 3 && name === 'Worker' ? [] : ['arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess'],
        Policies: (more.statements ?? []).map((Statement, n) => ({
          PolicyName: `Policy${n}`,
          PolicyDocument: { Statement: { Effect: 'Allow', ...Statement } },
        })),
      },
      Metadata: path(`${name}/ServiceRole`),
    },
  });
  const mapping = (name: string, to: string, properties: object): Resources => ({
    [id(name)]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { FunctionName: { Ref: id(to) }, ...properties },
      Metadata: path(`${to}/${name}`),
    },
  });

  return {
    ...restApi(id, path, turn % 4 !== 1),
    ...fn('Api', 'Active', {
      statements: [
        { Action: 'sqs:SendMessage', Resource: arn(id('Queue')) },
        ...(i === 0
          ? [{ Action: 'lambda:InvokeFunction', Resource: { 'Fn::ImportValue': `${other}-IntakeLookup` } }]
          : []),
      ],
    }),
    [id('Queue')]: { Type: 'AWS::SQS::Queue', Metadata: path('Queue') },
    ...fn('Worker', turn % 6 === 4 ? undefined : 'Active', {
      memory: turn % 5 === 2 ? 128 : 1024,
      statements: [{ Action: 'sns:Publish', Resource: { Ref: id('Topic') } }],
    }),
    ...mapping('WorkerQueue', 'Worker', { EventSourceArn: arn(id('Queue')) }),
    ...published(id, path),
    [id('Topic')]: {
      Type: 'AWS::SNS::Topic',
      Properties: turn % 2 ? { TracingConfig: 'Active' } : {},
      Metadata: path('Topic'),
    },
    ...fn('Mail', turn % 5 === 1 ? 'PassThrough' : 'Active'),
    ...fn('Index', turn % 5 === 3 ? { Ref: 'Mode' } : 'Active'),
    ...subscription(id, 'Mail'),
    ...subscription(id, 'Index'),
    [id('Table')]: { Type: 'AWS::DynamoDB::Table', Metadata: path('Table') },
    ...fn('Changes', 'Active'),
    ...mapping('ChangesStream', 'Changes', { EventSourceArn: { 'Fn::GetAtt': [id('Table'), 'StreamArn'] } }),
    ...fn('Nightly', turn % 3 === 0 ? undefined : 'PassThrough'),
    [id('NightlyRule')]: {
      Type: 'AWS::Events::Rule',
      Properties: { ScheduleExpression: 'rate(1 day)', Targets: [{ Id: 'Target', Arn: arn(id('Nightly')) }] },
      Metadata: path('NightlyRule'),
    },
    ...fn('Reserve', 'Active'),
    ...fn('Confirm', 'Active'),
    [id('Flow')]: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        TracingConfiguration: { Enabled: turn % 3 !== 2 },
        Definition: {
          StartAt: 'Reserve',
          States: {
            Reserve: { Type: 'Task', Resource: arn(id('Reserve')), Next: 'Confirm' },
            Confirm: { Type: 'Task', Resource: arn(id('Confirm')), End: true },
          },
        },
      },
      Metadata: path('Flow'),
    },
    ...fn('Kafka', turn % 4 === 2 ? 'Active' : 'PassThrough'),
    ...mapping('KafkaFeed', 'Kafka', {
      EventSourceArn: `arn:aws:kafka:eu-west-1:111122223333:cluster/${area.toLowerCase()}/0123`,
      Topics: [domain],
    }),
    ...fn('Lookup', 'Active'),
  };
}

function restApi(id: (name: string) => string, path: (name: string) => object, isTraced: boolean): Resources {
  const uri = {
    'Fn::Join': [
      '',
      ['arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/', arn(id('Api')), '/invocations'],
    ],
  };
  return {
    [id('RestApi')]: {
      Type: 'AWS::ApiGateway::RestApi',
      Properties: { Name: id('Api') },
      Metadata: path('RestApi'),
    },
    [id('Method')]: {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        RestApiId: { Ref: id('RestApi') },
        ResourceId: { 'Fn::GetAtt': [id('RestApi'), 'RootResourceId'] },
        HttpMethod: 'POST',
        Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: uri },
      },
      Metadata: path('RestApi/Default/POST'),
    },
    [id('Deployment')]: {
      Type: 'AWS::ApiGateway::Deployment',
      Properties: { RestApiId: { Ref: id('RestApi') } },
      DependsOn: id('Method'),
      Metadata: path('RestApi/Deployment'),
    },
    [id('Stage')]: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: {
        RestApiId: { Ref: id('RestApi') },
        DeploymentId: { Ref: id('Deployment') },
        StageName: 'prod',
        TracingEnabled: isTraced,
      },
      Metadata: path('RestApi/DeploymentStage.prod'),
    },
  };
}

function published(id: (name: string) => string, path: (name: string) => object): Resources {
  return {
    [id('WorkerVersion')]: {
      Type: 'AWS::Lambda::Version',
      Properties: { FunctionName: { Ref: id('Worker') } },
      Metadata: path('Worker/CurrentVersion'),
    },
    [id('WorkerLive')]: {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        FunctionName: { Ref: id('Worker') },
        FunctionVersion: { 'Fn::GetAtt': [id('WorkerVersion'), 'Version'] },
        Name: 'live',
      },
      Metadata: path('Worker/Live'),
    },
  };
}

function subscription(id: (name: string) => string, to: string): Resources {
  return {
    [id(`${to}Subscription`)]: {
      Type: 'AWS::SNS::Subscription',
      Properties: { Protocol: 'lambda', TopicArn: { Ref: id('Topic') }, Endpoint: arn(id(to)) },
    },
  };
}

function arn(logicalId: string): object {
  return { 'Fn::GetAtt': [logicalId, 'Arn'] };
}
