import { lambda } from '../../rules/templates';
import { edgeLines } from '../edge-lines';

const FN = { 'Fn::GetAtt': ['Fn', 'Arn'] };

test.each<[string, unknown, string]>([
  ['a log group', { Ref: 'Log' }, 'Log -breaks-> Fn (asynchronous)'],
  ['a log group by its name', '/aws/logs', 'Log -breaks-> Fn (asynchronous)'],
  ['a log group outside of the templates', '/aws/others', '/aws/others -breaks-> Fn (asynchronous)'],
  [
    'the log group of a function',
    { 'Fn::Sub': '/aws/lambda/${Other}' },
    '/aws/lambda/${Other} -breaks-> Fn (asynchronous)',
  ],
])('%s calls a function', (_, group, expected) => {
  const resources = {
    Fn: lambda(),
    Other: lambda(),
    Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/logs' } },
    Filter: {
      Type: 'AWS::Logs::SubscriptionFilter',
      Properties: { LogGroupName: group, DestinationArn: FN },
    },
  };
  expect(edgeLines(resources)).toEqual([expected]);
});
