import { isIntrinsic, isObject, type JsonObject } from '../cloudformation/json';
import {
  ALWAYS,
  type Assumptions,
  certainly,
  type Possible,
  withCondition,
} from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { effectiveProperties } from '../cloudformation/sam-globals';
import type { Resource, Template } from '../cloudformation/template';
import { statementsOf, templateValues } from './policy-document';
import type { Roles } from './roles';

/** A statement of a policy of a role. */
export interface AttachedStatement {
  readonly statement: JsonObject;
  /** The template that contains the statement. */
  readonly template: Template;
  /** The resource that contains the policy: the role, a separate policy resource or a SAM function. */
  readonly policy: Resource;
  readonly when: Assumptions;
}

/** Lists the readable statements of the policies of roles. */
export class RoleStatements {
  constructor(
    private readonly roles: Roles,
    private readonly resolver: Resolver,
  ) {}

  /** Returns the statements of all policies of a role. */
  public of(role: Resource): readonly AttachedStatement[] {
    const inline = this.resolver
      .itemsAt(role.properties, 'Policies', role.template)
      .flatMap(({ value, when }) =>
        isObject(value) ? this.inDocument(value.PolicyDocument, role, when) : [],
      );
    const { generatedFor: owner } = role;
    const generated = owner ? this.ofSamPolicies(effectiveProperties(owner).Policies, owner) : [];
    return [...generated, ...inline, ...this.inPolicies(this.roles.attachedTo(role))];
  }

  /** Returns the statements that SAM adds to a function's generated role for its `Policies`. */
  private ofSamPolicies(policies: unknown, fn: Resource): AttachedStatement[] {
    const { template } = fn;
    return this.resolver.items(policies, template).flatMap(({ value, when }) => {
      if (isObject(value) && value.Statement !== undefined) return this.inDocument(value, fn, when);
      if (!isObject(value) || isIntrinsic(value)) {
        return this.inPolicies(withCondition(when, this.roles.ownManaged(certainly(value), template)));
      }
      return Object.entries(value).flatMap(([name, parameters]) => {
        const statement = samPolicyStatement(name, parameters);
        return statement ? [{ statement, template, policy: fn, when }] : [];
      });
    });
  }

  private inPolicies(policies: readonly Possible<Resource>[]): AttachedStatement[] {
    return policies.flatMap(({ value: policy, when }) =>
      this.inDocument(policy.properties.PolicyDocument, policy, when),
    );
  }

  private inDocument(
    document: unknown,
    policy: Resource,
    assumed: Assumptions = ALWAYS,
  ): AttachedStatement[] {
    const { template } = policy;
    return withCondition(assumed, statementsOf(document, templateValues(template, this.resolver))).flatMap(
      ({ value: statement, when }) => (statement ? [{ statement, template, policy, when }] : []),
    );
  }
}

/** The actions that a SAM policy template allows, and the ARN of the resource that it names. */
type PolicyTemplate = readonly [actions: readonly string[], arn: string];

const of = (service: string, resource: string) =>
  `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`;

const BUCKET = 'arn:${AWS::Partition}:s3:::${BucketName}';
const TABLE = of('dynamodb', 'table/${TableName}');
const DELIVERY_STREAM = of('firehose', 'deliverystream/${DeliveryStreamName}');
const STATE_MACHINE = of('states', 'stateMachine:${StateMachineName}');
const TOPIC = of('sns', '${TopicName}');

const READ_ITEMS = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan'];
const WRITE_ITEMS = ['dynamodb:BatchWriteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];
const READ_OBJECTS = ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket'];
const READ_PARAMETERS = ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'];
const PUT_RECORDS = ['firehose:PutRecord', 'firehose:PutRecordBatch'];
const START_EXECUTIONS = ['states:StartExecution', 'states:StartSyncExecution'];

/**
 * The SAM policy templates that allow a function to call a service ("AWS SAM policy template list", AWS SAM
 * Developer Guide), with the actions of these calls. A test compares the table with the templates that SAM
 * publishes.
 */
export const SAM_POLICY_TEMPLATES: ReadonlyMap<string, PolicyTemplate> = new Map<string, PolicyTemplate>([
  ['AWSSecretsManagerGetSecretValuePolicy', [['secretsmanager:GetSecretValue'], '${SecretArn}']],
  [
    'DynamoDBCrudPolicy',
    [[...READ_ITEMS, ...WRITE_ITEMS, 'dynamodb:ConditionCheckItem', 'dynamodb:DeleteItem'], TABLE],
  ],
  ['DynamoDBReadPolicy', [READ_ITEMS, TABLE]],
  ['DynamoDBWritePolicy', [WRITE_ITEMS, TABLE]],
  ['EventBridgePutEventsPolicy', [['events:PutEvents'], of('events', 'event-bus/${EventBusName}')]],
  ['FirehoseCrudPolicy', [PUT_RECORDS, DELIVERY_STREAM]],
  ['FirehoseWritePolicy', [PUT_RECORDS, DELIVERY_STREAM]],
  ['KinesisCrudPolicy', [['kinesis:PutRecord', 'kinesis:PutRecords'], of('kinesis', 'stream/${StreamName}')]],
  ['LambdaInvokePolicy', [['lambda:InvokeFunction'], of('lambda', 'function:${FunctionName}')]],
  ['S3CrudPolicy', [[...READ_OBJECTS, 's3:DeleteObject', 's3:PutObject'], BUCKET]],
  ['S3FullAccessPolicy', [[...READ_OBJECTS, 's3:DeleteObject', 's3:PutObject'], BUCKET]],
  ['S3ReadPolicy', [READ_OBJECTS, BUCKET]],
  ['S3WritePolicy', [['s3:PutObject'], BUCKET]],
  ['SNSCrudPolicy', [['sns:Publish'], TOPIC]],
  ['SNSPublishMessagePolicy', [['sns:Publish'], TOPIC]],
  ['SQSSendMessagePolicy', [['sqs:SendMessage*'], of('sqs', '${QueueName}')]],
  ['SSMParameterReadPolicy', [READ_PARAMETERS, of('ssm', 'parameter/${ParameterName}')]],
  ['SSMParameterWithSlashPrefixReadPolicy', [READ_PARAMETERS, of('ssm', 'parameter${ParameterName}')]],
  ['StepFunctionsExecutionPolicy', [['states:StartExecution'], STATE_MACHINE]],
  ['StepFunctionsExecutionPolicy_v2', [START_EXECUTIONS, STATE_MACHINE]],
]);

/**
 * Returns the statement that a policy template adds, limited to calls of services.
 *
 * @param parameters the parameters that the function passes to the template
 */
export function samPolicyStatement(name: string, parameters: unknown): JsonObject | undefined {
  const [actions, arn] = SAM_POLICY_TEMPLATES.get(name) ?? [];
  if (arn === undefined || !isObject(parameters)) return undefined;
  return { Effect: 'Allow', Action: actions, Resource: { 'Fn::Sub': [arn, parameters] } };
}
