import { services } from '../service';

export const IDENTITY = services({
  'user-pool': {
    title: 'Amazon Cognito user pool',
    types: ['AWS::Cognito::UserPool'],
    arn: { service: 'cognito-idp', prefix: 'userpool/' },
    // Cognito isn't among the services that X-Ray is integrated with.
    passes: 'drops',
    invocation: 'synchronous',
    source: {
      title: 'Integrating AWS X-Ray with other AWS services',
      url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-services.html',
    },
  },
});
