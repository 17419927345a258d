import { services } from '../service';

export const COMPUTE = services({
  function: {
    title: 'AWS Lambda',
    types: ['AWS::Lambda::Function', 'AWS::Serverless::Function'],
    arn: { service: 'lambda', prefix: 'function:' },
    nameProperty: 'FunctionName',
    passes: 'carries',
    invocation: 'synchronous',
    switch: {
      'AWS::Lambda::Function': ['TracingConfig.Mode', 'Active'],
      'AWS::Serverless::Function': ['Tracing', 'Active'],
    },
    source: {
      title: 'Visualize Lambda function invocations using AWS X-Ray',
      url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html',
    },
  },
});
