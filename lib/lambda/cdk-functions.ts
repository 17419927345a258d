import { objectAt } from '../cloudformation/json';
import type { Resource } from '../cloudformation/template';

/** The UUIDs of the singleton functions of aws-cdk-lib. Their construct IDs and logical IDs contain them. */
const SINGLETONS: readonly string[] = [
  '050a0587b7544547bf325f094a3db834', // notifications of buckets
  '224e77f9a32e4b4dac32983477abba16', // ReceiptRuleSet, dropSpam
  '679f53fac002430cb0da5b7982bd2287', // AwsCustomResource
  '8693bb64968944b69aafb0cc9eb8756c', // BucketDeployment
  '8693bb64968944b69aafb0cc9eb8757c', // EmrContainersStartJobRun
  '8a0c93f3dbef4b71ac137aaf2048ce7e', // CallAwsServiceCrossRegion
  'aae0aa3c5b4d4f87b02d85b201efdd8a', // LogRetention
  'b4cf1abd4e4f4bc699441af7ccd9ec37', // AwsApi
  'e2f8cf6b1b0f4b3f9a2c6f1f5b6d4a71', // copies of code to other buckets
];

/** The ends of the logical IDs of other functions of aws-cdk-lib, before the hash, and their handlers. */
const NAMES: readonly (readonly [id: string, handler: RegExp])[] = [
  ['CustomResourceProviderHandler', /^(?:index|__entrypoint__)\.handler$/],
  ['DrainECSHookFunction', /^index\.lambda_handler$/],
  ['CertificateRequestorFunction', /^index\.certificateRequestHandler$/],
  ['CDKPipelinesAutoApprove', /^index\.handler$/],
];

/** Matches the functions of EvaluateExpression, which has a UUID for each version of Node.js. */
const EVALUATION = /^Eval[0-9a-f]{32}[0-9A-F]{8}$/;

/** The role of a function of EvaluateExpression without a version of Node.js. */
const EVALUATION_ROLE = 'EvalServiceRolef4f556a4ef7a49cd8036c5b0567376fd';

/** Matches the descriptions of the functions of `Provider`, and of the providers of EKS. */
const DESCRIPTION =
  /^(?:AWS CDK resource provider framework - (?:onEvent|isComplete|onTimeout) |(?:onEvent|isComplete) handler for EKS (?:cluster|kubectl) resource provider$)/;

/** Matches what is in a provider of the modules of CDK, such as `@aws-cdk--aws-dynamodb.ReplicaProvider`. */
const IN_PROVIDER = /(?:^|\/)@aws-cdk--[\w.-]+\//;

/**
 * True if CDK makes a function for itself, such as the handler of a custom resource. Users can't set its properties where
 * they use the construct. The handlers that users pass to a `Provider`, their own `SingletonFunction` and their
 * `TriggerFunction` are theirs.
 *
 * The names are those that the sources of aws-cdk-lib give: a template has no classes of constructs.
 */
export function isMadeByCdk({
  type,
  logicalId,
  constructPath = '',
  properties,
}: Pick<Resource, 'type' | 'logicalId' | 'constructPath' | 'properties'>): boolean {
  if (type !== 'AWS::Lambda::Function') return false;
  const { Handler: handler, Description: description } = properties;
  const { 'Fn::GetAtt': reference } = objectAt(properties, 'Role');
  const [role] = Array.isArray(reference) ? (reference as unknown[]) : [];
  // A logical ID can be overridden, and a path can be left out.
  const names = `${logicalId}/${constructPath}`.toLowerCase();
  return (
    SINGLETONS.some((uuid) => names.includes(uuid)) ||
    NAMES.some(([id, of]) => isNamed(logicalId, id) && typeof handler === 'string' && of.test(handler)) ||
    EVALUATION.test(logicalId) ||
    (typeof role === 'string' && role.startsWith(EVALUATION_ROLE)) ||
    (typeof description === 'string' && DESCRIPTION.test(description)) ||
    IN_PROVIDER.test(constructPath)
  );
}

/** True if a logical ID is the given one, after the IDs of parents and before CDK's hash. */
function isNamed(logicalId: string, id: string): boolean {
  return logicalId.slice(0, -8).endsWith(id) && /[0-9A-F]{8}$/.test(logicalId);
}
