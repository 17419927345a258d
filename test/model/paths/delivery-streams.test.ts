import { lambda } from '../../rules/templates';
import { calls } from './maps';

const FN = { 'Fn::GetAtt': ['Fn', 'Arn'] };

test('a delivery stream takes from a stream, and calls the function that transforms its records', () => {
  const Processors = [
    { Type: 'Lambda', Parameters: [{ ParameterName: 'LambdaArn', ParameterValue: FN }] },
    { Type: 'AppendDelimiterToRecord', Parameters: [{ ParameterName: 'Delimiter', ParameterValue: '\\n' }] },
  ];
  const Lake = {
    Type: 'AWS::KinesisFirehose::DeliveryStream',
    Properties: {
      KinesisStreamSourceConfiguration: { KinesisStreamARN: { 'Fn::GetAtt': ['Clicks', 'Arn'] } },
      ExtendedS3DestinationConfiguration: { ProcessingConfiguration: { Enabled: true, Processors } },
    },
  };
  expect(calls({ Fn: lambda(), Clicks: { Type: 'AWS::Kinesis::Stream' }, Lake })).toEqual([
    'Clicks -drops-> Lake',
    'Lake -drops-> Fn (synchronous)',
  ]);
});
