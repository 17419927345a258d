import { lambda } from '../../rules/templates';
import { edgeLines } from '../edge-lines';

const definition = (state: object) => ({ StartAt: 'S', States: { S: state } });
const INVOKE = 'arn:aws:states:::lambda:invoke';

test.each<[string, object, string]>([
  [
    'a bucket that a distributed map writes to',
    {
      Type: 'Map',
      ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Bucket: { Ref: 'Results' } } },
    },
    '-breaks-> Results',
  ],
  [
    'the targets of the states of an inline map',
    { Type: 'Map', Iterator: definition({ Type: 'Task', Resource: { 'Fn::GetAtt': ['Fn', 'Arn'] } }) },
    '-propagates-> Fn (synchronous)',
  ],
  [
    'the unpublished version of a function',
    { Type: 'Task', Resource: INVOKE, Parameters: { FunctionName: 'others:$LATEST' } },
    '-propagates-> others (synchronous)',
  ],
])('a state machine calls %s', (_, state, call) => {
  const Properties = { Definition: definition(state) };
  const resources = {
    Fn: lambda(),
    Results: { Type: 'AWS::S3::Bucket' },
    Flow: { Type: 'AWS::StepFunctions::StateMachine', Properties },
  };
  expect(edgeLines(resources)).toEqual([`Flow ${call}`]);
});
