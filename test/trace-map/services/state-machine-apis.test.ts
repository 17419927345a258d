import type { Resources } from '../../rules/templates';
import { edgeLines } from '../edge-lines';

/** A SAM state machine that an API starts. */
const flow = (api: object = {}) => ({
  Flow: {
    Type: 'AWS::Serverless::StateMachine',
    Properties: { Events: { E: { Type: 'Api', Properties: { Path: '/', Method: 'post', ...api } } } },
  },
});

test.each<[string, Resources, string[]]>([
  ['the implicit API', flow(), ['ServerlessRestApi -propagates-> Flow']],
  [
    'a SAM API',
    {
      Api: { Type: 'AWS::Serverless::Api', Properties: { StageName: 'prod', TracingEnabled: true } },
      ...flow({ RestApiId: { Ref: 'Api' } }),
    },
    ['Api -starts-> Flow'],
  ],
  ['no API of an import', flow({ RestApiId: { 'Fn::ImportValue': 'api' } }), []],
])('%s starts a state machine by a SAM event', (_, resources, expected) => {
  expect(edgeLines(resources)).toEqual(expected);
});
