/** Resources that are another's stand-in for whoever refers to them, by type, and where they say whose. */
export const STAND_INS: ReadonlyMap<string, readonly string[]> = new Map([
  ['AWS::ElasticLoadBalancingV2::Listener', ['LoadBalancerArn']],
  ['AWS::Kinesis::StreamConsumer', ['StreamARN']],
  ['AWS::SecretsManager::SecretTargetAttachment', ['SecretId']],
  ['AWS::StepFunctions::StateMachineAlias', ['RoutingConfiguration', 'StateMachineVersionArn']],
  ['AWS::StepFunctions::StateMachineVersion', ['StateMachineArn']],
]);
