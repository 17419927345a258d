import { lambda } from '../../rules/templates';
import { edgeLines } from '../edge-lines';

const FN = { 'Fn::GetAtt': ['Fn', 'Arn'] };

test('a delivery stream reads from a stream and calls the function that transforms its records', () => {
  const Processors = [
    { Type: 'Lambda', Parameters: [{ ParameterName: 'LambdaArn', ParameterValue: FN }] },
    { Type: 'AppendDelimiterToRecord', Parameters: [{ ParameterName: 'Delimiter', ParameterValue: '\\n' }] },
    { Type: 'RecordDeAggregation', Parameters: [{ ParameterName: 'SubRecordType', ParameterValue: 'JSON' }] },
  ];
  const Lake = {
    Type: 'AWS::KinesisFirehose::DeliveryStream',
    Properties: {
      KinesisStreamSourceConfiguration: { KinesisStreamARN: { 'Fn::GetAtt': ['Clicks', 'Arn'] } },
      ExtendedS3DestinationConfiguration: { ProcessingConfiguration: { Enabled: true, Processors } },
    },
  };
  expect(
    edgeLines({
      Fn: lambda(),
      Json: lambda('Active', { FunctionName: 'JSON' }),
      Clicks: { Type: 'AWS::Kinesis::Stream' },
      Lake,
    }),
  ).toEqual(['Clicks -breaks-> Lake', 'Lake -breaks-> Fn (synchronous)']);
});

test('a delivery stream reads from a cluster', () => {
  const Lake = {
    Type: 'AWS::KinesisFirehose::DeliveryStream',
    Properties: { MSKSourceConfiguration: { MSKClusterARN: { Ref: 'Cluster' } } },
  };
  expect(edgeLines({ Cluster: { Type: 'AWS::MSK::Cluster' }, Lake })).toEqual(['Cluster -breaks-> Lake']);
});
