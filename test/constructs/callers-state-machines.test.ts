import { Aws, CfnCondition, Fn, Lazy, type Stack, Token, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  CfnRole,
  Effect,
  type IRole,
  ManagedPolicy,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { CfnFunction, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnStateMachine as CfnServerlessStateMachine } from 'aws-cdk-lib/aws-sam';
import { CfnStateMachine, DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService, LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracingPermissions } from '../../lib/constructs/tracing-props';
import { activeLambda, app, lambda, stackIn } from '../apps/app';
import {
  active,
  asl,
  calling,
  findings,
  included,
  MACHINE,
  type Resource,
  role,
  ROLE_ARN,
  tracing,
  warnings,
} from './callers';

const STATES = new ServicePrincipal('states.amazonaws.com');
const GET_ARN = { 'Fn::GetAtt': ['Fn', 'Arn'] };

describe('a state machine', () => {
  const machine = (stack: Stack, fn: LambdaFunction, own?: IRole) =>
    new StateMachine(stack, 'Machine', {
      definitionBody: DefinitionBody.fromChainable(new LambdaInvoke(stack, 'Call', { lambdaFunction: fn })),
      role: own,
    });

  test.each<[string, (stack: Stack, fn: LambdaFunction) => DefinitionBody]>([
    ['with a definition file', () => DefinitionBody.fromFile(__filename)],
    ['that calls no function', (stack) => DefinitionBody.fromChainable(new Pass(stack, 'Done'))],
    [
      'that calls a function of another account',
      () =>
        DefinitionBody.fromString(
          JSON.stringify(asl('arn:aws:lambda:eu-west-1:444455556666:function:orders')),
        ),
    ],
  ])('%s is not changed', (_, body) => {
    const stack = stackIn(app(), 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
    const fn = lambda(stack, 'Fn', { functionName: 'orders' });
    new StateMachine(stack, 'Machine', { definitionBody: body(stack, fn) });
    active(stack);
    expect(tracing(stack)).toEqual([undefined]);
  });

  test('that calls a function in a Map state is traced', () => {
    const stack = calling(
      (scope, fn) =>
        new CfnStateMachine(scope, 'Machine', {
          roleArn: role(scope).roleArn,
          definitionString: JSON.stringify({
            States: { Map: { Type: 'Map', ItemProcessor: asl(fn.functionArn) } },
          }),
        }),
    );
    active(stack);
    expect(tracing(stack)).toEqual([true]);
  });

  test.each<[string, object]>([
    ['its substitution', { 'Fn::Sub': JSON.stringify(asl('${Fn.Arn}')) }],
    [
      'a variable of its substitution',
      { 'Fn::Sub': [JSON.stringify(asl('${Orders}')), { Orders: GET_ARN }] },
    ],
    ['a join', { 'Fn::Join': ['', ['{"States":{"Call":{"Resource":"', GET_ARN, '"}}}']] }],
  ])('that is included and references the function in %s is traced', (_, definition) => {
    const stack = stackIn(app());
    included(stack, {
      Fn: {
        Type: 'AWS::Lambda::Function',
        Properties: { Role: ROLE_ARN, Code: { ZipFile: 'x' }, TracingConfig: { Mode: 'Active' } },
      },
      Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
      Machine: {
        Type: MACHINE,
        Properties: { RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] }, DefinitionString: definition },
      },
    });
    active(stack);
    expect(tracing(stack)).toEqual([true]);
  });

  test('with a list that is known only at deployment is rendered by CDK as before', () => {
    const resources = (trace: (stack: Stack) => void) => {
      const stack = stackIn(app());
      const list = Token.asList(Lazy.any({ produce: () => ({ 'Fn::Split': [',', 'a,b'] }) }));
      const call = new LambdaInvoke(stack, 'Call', { lambdaFunction: lambda(stack) });
      const describe = new CallAwsService(stack, 'Describe', {
        service: 'ec2',
        action: 'describeSubnets',
        iamResources: ['*'],
        parameters: { SubnetIds: list },
      });
      new StateMachine(stack, 'Machine', {
        definitionBody: DefinitionBody.fromChainable(call.next(describe)),
      });
      trace(stack);
      const template = Template.fromStack(stack);
      const [{ Properties: properties }] = Object.values(template.findResources(MACHINE)) as Resource[];
      return { ids: Object.keys(template.toJSON().Resources as object), text: properties.DefinitionString };
    };
    expect(resources(active)).toEqual(resources((stack) => LambdaTracing.of(stack).active()));
  });

  describe('with a role', () => {
    const FOUR = {
      Action: [
        'xray:PutTraceSegments',
        'xray:PutTelemetryRecords',
        'xray:GetSamplingRules',
        'xray:GetSamplingTargets',
      ],
      Effect: 'Allow',
      Resource: '*',
    };
    const count = (haystack: unknown, needle: unknown) =>
      JSON.stringify(haystack).split(JSON.stringify(needle).slice(1, -1)).length - 1;
    /** Counts the managed policy and the statement in the role of a state machine. */
    const granted = (
      make: (stack: Stack, fn: LambdaFunction) => unknown,
      tracingPermissions?: TracingPermissions,
    ) => {
      const stack = stackIn(app(), 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
      make(
        stack,
        activeLambda(stack, 'Fn', { role: Role.fromRoleArn(stack, 'FnRole', ROLE_ARN, { mutable: false }) }),
      );
      Validations.of(stack.node.findChild('Fn')).acknowledge({
        id: 'cdk-lambda-xray:permissionsNotGranted',
        reason: 'The role of the function is not what is tested.',
      });
      active(stack, { tracingPermissions });
      const template = Template.fromStack(stack).toJSON() as object;
      return {
        tracing: tracing(stack),
        managed: count(template, ':iam::aws:policy/AWSXRayDaemonWriteAccess'),
        inline: count(template, FOUR),
        warnings: warnings(stack),
        isReported: findings(stack, 'LambdaXRay-StateMachinePermissions').length > 0,
      };
    };
    const MANAGED = { tracing: [true], managed: 1, inline: 0, warnings: [], isReported: false };
    const INLINE = { tracing: [true], managed: 0, inline: 1, warnings: [], isReported: false };
    const NOTHING = { tracing: [true], managed: 0, inline: 0, warnings: [], isReported: false };
    const LACKING = { ...NOTHING, isReported: true };
    const imported = (stack: Stack, mutable = true) =>
      Role.fromRoleArn(stack, 'StatesRole', ROLE_ARN, { mutable });
    const serverless = (stack: Stack, fn: LambdaFunction, own?: string) =>
      new CfnServerlessStateMachine(stack, 'Machine', { definition: asl(fn.functionArn), role: own });
    const cfnMachine = (stack: Stack, fn: LambdaFunction, roleArn: string) =>
      new CfnStateMachine(stack, 'Machine', { roleArn, definition: asl(fn.functionArn) });

    test.each<
      [string, (stack: Stack, fn: LambdaFunction) => unknown, TracingPermissions | undefined, object]
    >([
      ['of its own', machine, undefined, MANAGED],
      ['of its own, least privilege', machine, TracingPermissions.LEAST_PRIVILEGE, INLINE],
      ['of its own, without permissions', machine, TracingPermissions.NONE, LACKING],
      ['that is specified', (stack, fn) => machine(stack, fn, role(stack)), undefined, MANAGED],
      [
        'that already has the policy',
        (stack, fn) => {
          const own = role(stack);
          own.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('AWSXRayDaemonWriteAccess'));
          machine(stack, fn, own);
        },
        undefined,
        MANAGED,
      ],
      [
        'with the statement of CDK',
        (stack, fn) =>
          new StateMachine(stack, 'Machine', {
            definitionBody: DefinitionBody.fromChainable(
              new LambdaInvoke(stack, 'Call', { lambdaFunction: fn }),
            ),
            tracingEnabled: true,
          }),
        undefined,
        INLINE,
      ],
      ['that is imported', (stack, fn) => machine(stack, fn, imported(stack)), undefined, INLINE],
      [
        'that is an L1',
        (stack, fn) =>
          cfnMachine(stack, fn, new CfnRole(stack, 'Role', { assumeRolePolicyDocument: {} }).attrArn),
        undefined,
        MANAGED,
      ],
      [
        'that is an L1, least privilege',
        (stack, fn) =>
          cfnMachine(stack, fn, new CfnRole(stack, 'Role', { assumeRolePolicyDocument: {} }).attrArn),
        TracingPermissions.LEAST_PRIVILEGE,
        INLINE,
      ],
      ['that SAM creates', (stack, fn) => serverless(stack, fn), undefined, NOTHING],
      ['specified in SAM', (stack, fn) => serverless(stack, fn, role(stack).roleArn), undefined, MANAGED],
    ])('%s', (_, make, permissions, expected) => {
      expect(granted(make, permissions)).toEqual(expected);
    });

    test.each<[string, (stack: Stack, fn: LambdaFunction) => unknown]>([
      ['that is immutable', (stack, fn) => machine(stack, fn, imported(stack, false))],
      ['without policy updates', (stack, fn) => machine(stack, fn, role(stack).withoutPolicyUpdates())],
      ['that is an ARN', (stack, fn) => cfnMachine(stack, fn, ROLE_ARN)],
    ])('%s: the state machine stays as it is, and a warning names the policy to attach', (_, make) => {
      expect(granted(make)).toEqual({
        ...NOTHING,
        tracing: [undefined],
        warnings: [
          expect.stringMatching(
            /^'Stack\/Machine' calls functions.*can't change its execution role.*xray:PutTelemetryRecords, xray:GetSamplingRules, and xray:GetSamplingTargets\. Attach the AWS managed policy AWSXRayDaemonWriteAccess.*exclude\./,
          ),
        ],
      });
    });

    test.each<[string, (stack: Stack, fn: LambdaFunction) => unknown]>([
      [
        'a boundary',
        (stack, fn) => {
          const boundary = ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess');
          machine(stack, fn, new Role(stack, 'Own', { assumedBy: STATES, permissionsBoundary: boundary }));
        },
      ],
      [
        'a boundary without sampling rules',
        (stack, fn) => {
          const writing = new PolicyStatement({ actions: ['xray:Put*'], resources: ['*'] });
          const boundary = new ManagedPolicy(stack, 'Boundary', { statements: [writing] });
          machine(stack, fn, new Role(stack, 'Own', { assumedBy: STATES, permissionsBoundary: boundary }));
        },
      ],
      [
        'a denial',
        (stack, fn) =>
          machine(stack, fn).addToRolePolicy(
            new PolicyStatement({ effect: Effect.DENY, actions: ['xray:*'], resources: ['*'] }),
          ),
      ],
      [
        'the boundary of the role that SAM creates',
        (stack, fn) => {
          const arn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
          serverless(stack, fn).addPropertyOverride('PermissionsBoundary', arn);
        },
      ],
      [
        'a policy of the role that SAM creates',
        (stack, fn) => {
          serverless(stack, fn).policies = ['AWSDenyAll'];
        },
      ],
    ])('prevented from using X-Ray by %s: the state machine stays as it is, with a warning', (_, make) => {
      expect(granted(make)).toEqual({
        ...NOTHING,
        tracing: [undefined],
        warnings: [
          expect.stringMatching(
            /^'Stack\/Machine' calls functions.*permissions boundary of its execution role prevents it from using X-Ray\. Allow xray:PutTraceSegments.*exclude\./,
          ),
        ],
      });
    });

    test('that can not be changed, of a state machine with tracing: a warning names the policy to attach', () => {
      const make = (stack: Stack, fn: LambdaFunction) =>
        new CfnStateMachine(stack, 'Machine', {
          roleArn: ROLE_ARN,
          definition: asl(fn.functionArn),
          tracingConfiguration: { enabled: true },
        });
      expect(granted(make)).toEqual({
        ...NOTHING,
        warnings: [
          expect.stringMatching(
            /role of 'Stack\/Machine' can't be changed.*AWSXRayDaemonWriteAccess.*xray:PutTelemetryRecords, xray:GetSamplingRules, and xray:GetSamplingTargets on \*\./,
          ),
        ],
      });
    });

    test('of a state machine with tracing that is known only at deployment gets the permissions', () => {
      const make = (stack: Stack, fn: LambdaFunction) => {
        new CfnCondition(stack, 'Prod', { expression: Fn.conditionEquals(Aws.REGION, 'eu-west-1') });
        new CfnStateMachine(stack, 'Machine', {
          roleArn: role(stack).roleArn,
          definition: asl(fn.functionArn),
          tracingConfiguration: { enabled: Fn.conditionIf('Prod', true, false) },
        });
      };
      expect(granted(make)).toEqual({ ...MANAGED, tracing: [{ 'Fn::If': ['Prod', true, false] }] });
    });

    test('of a state machine whose tracing is a lazy value without a result: it is traced', () => {
      const make = (stack: Stack, fn: LambdaFunction) =>
        new CfnStateMachine(stack, 'Machine', {
          roleArn: role(stack).roleArn,
          definition: asl(fn.functionArn),
          tracingConfiguration: Lazy.any({ produce: () => undefined }),
        });
      expect(granted(make)).toEqual(MANAGED);
    });

    test('shared with a function, which gets the permissions of both', () => {
      const stack = stackIn(app());
      const { attrArn } = new CfnRole(stack, 'Role', { assumeRolePolicyDocument: {} });
      const fn = new CfnFunction(stack, 'Fn', { code: {}, role: attrArn });
      new CfnStateMachine(stack, 'Machine', { roleArn: attrArn, definition: asl(fn.attrArn) });
      active(stack, { tracingPermissions: TracingPermissions.LEAST_PRIVILEGE });
      const [{ Properties: properties }] = Object.values(
        Template.fromStack(stack).findResources('AWS::IAM::Role'),
      ) as Resource[];
      expect((properties.Policies as { PolicyName: string }[]).map(({ PolicyName: name }) => name)).toEqual([
        'WriteToXRay',
        'SampleByXRay',
      ]);
    });
  });
});
