import type { Resources } from '../../rules/templates';
import { edgeLines } from '../edge-lines';

/** A state machine of SAM that an API starts. */
const flow = (api: object = {}) => ({
  Flow: {
    Type: 'AWS::Serverless::StateMachine',
    Properties: { Events: { E: { Type: 'Api', Properties: { Path: '/', Method: 'post', ...api } } } },
  },
});

test.each<[string, Resources, string[]]>([
  ['the API that SAM makes', flow(), ['ServerlessRestApi -propagates-> Flow']],
  [
    'an API of SAM',
    {
      Api: { Type: 'AWS::Serverless::Api', Properties: { StageName: 'prod', TracingEnabled: true } },
      ...flow({ RestApiId: { Ref: 'Api' } }),
    },
    ['Api -starts-> Flow'],
  ],
  ['no API of another template', flow({ RestApiId: { 'Fn::ImportValue': 'api' } }), []],
])('%s starts a state machine by an event', (_, resources, expected) => {
  expect(edgeLines(resources)).toEqual(expected);
});
