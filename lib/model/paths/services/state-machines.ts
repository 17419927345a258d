import { services } from '../service';

export const STATE_MACHINES = services({
  'state-machine': {
    title: 'AWS Step Functions',
    types: ['AWS::StepFunctions::StateMachine', 'AWS::Serverless::StateMachine'],
    arn: { service: 'states', prefix: 'stateMachine:' },
    nameProperty: {
      'AWS::StepFunctions::StateMachine': 'StateMachineName',
      'AWS::Serverless::StateMachine': 'Name',
    },
    // While tracing is off, it still sends traces of executions to which "a trace ID is passed by an upstream service".
    passes: 'carries',
    joinsTraces: true,
    invocation: 'synchronous',
    switch: {
      'AWS::StepFunctions::StateMachine': ['TracingConfiguration.Enabled', 'true'],
      'AWS::Serverless::StateMachine': ['Tracing.Enabled', 'true'],
    },
    source: {
      title: 'Trace Step Functions request data in AWS X-Ray',
      url: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html',
    },
  },
});
