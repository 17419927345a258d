import { UNSUPPORTED_EVENT_SOURCE as rule } from '../../lib/rules/unsupported-event-source';
import { KAFKA, lambda, mapping, QUEUE, type Resources, stack, findingsIn } from './templates';

describe('values that depend on conditions and parameters', () => {
  const conditional = (resources: Resources, sections: object = {}) => stack('t', resources, { sections });
  const Conditions = {
    UseKafka: { 'Fn::Equals': [{ Ref: 'Source' }, 'kafka'] },
    NoKafka: { 'Fn::Not': [{ Condition: 'UseKafka' }] },
  };
  const kafkaIf = (condition: string) =>
    mapping({ EventSourceArn: KAFKA }, undefined, { Condition: condition });

  test.each<[string, Resources, boolean]>([
    [
      'Active in one branch',
      { Fn: lambda({ 'Fn::If': ['Traced', 'Active', 'PassThrough'] }), M: kafkaIf('UseKafka') },
      true,
    ],
    [
      'Active just where there is no Kafka',
      { Fn: lambda({ 'Fn::If': ['UseKafka', 'PassThrough', 'Active'] }), M: kafkaIf('UseKafka') },
      false,
    ],
    [
      'the same, by the opposite condition',
      { Fn: lambda({ 'Fn::If': ['NoKafka', 'Active', 'PassThrough'] }), M: kafkaIf('UseKafka') },
      false,
    ],
    [
      'Active just where there is Kafka',
      { Fn: lambda({ 'Fn::If': ['NoKafka', 'PassThrough', 'Active'] }), M: kafkaIf('UseKafka') },
      true,
    ],
    [
      'a configuration left out in one branch',
      {
        Fn: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            TracingConfig: { 'Fn::If': ['UseKafka', { Ref: 'AWS::NoValue' }, { Mode: 'Active' }] },
          },
        },
        M: kafkaIf('UseKafka'),
      },
      false,
    ],
    [
      'a source that is Kafka in one branch',
      { Fn: lambda('Active'), M: mapping({ EventSourceArn: { 'Fn::If': ['UseKafka', KAFKA, QUEUE] } }) },
      true,
    ],
    [
      'a mode from a mapping',
      {
        Fn: lambda({ 'Fn::FindInMap': ['Modes', { Ref: 'AWS::Region' }, 'Mode'] }),
        M: mapping({ EventSourceArn: KAFKA }),
      },
      true,
    ],
    [
      'a parameter that allows Active',
      { Fn: lambda({ Ref: 'Mode' }), M: mapping({ EventSourceArn: KAFKA }) },
      true,
    ],
    [
      'a parameter that defaults to Active',
      { Fn: lambda({ Ref: 'Default' }), M: mapping({ EventSourceArn: KAFKA }) },
      true,
    ],
    [
      'a parameter from Parameter Store',
      { Fn: lambda({ Ref: 'Stored' }), M: mapping({ EventSourceArn: KAFKA }) },
      false,
    ],
    [
      'a condition that never holds',
      { Fn: lambda({ 'Fn::If': ['Never', 'Active', 'PassThrough'] }), M: mapping({ EventSourceArn: KAFKA }) },
      false,
    ],
  ])('%s', (_, resources, isFound) => {
    const source = conditional(resources, {
      Conditions: {
        ...Conditions,
        Never: { 'Fn::Equals': ['a', 'b'] },
        Traced: { 'Fn::Equals': [{ Ref: 'T' }, 'x'] },
      },
      Mappings: { Modes: { 'eu-west-1': { Mode: 'Active' }, 'us-east-1': { Mode: 'PassThrough' } } },
      Parameters: {
        Mode: { Type: 'String', AllowedValues: ['Active', 'PassThrough'], Default: 'PassThrough' },
        Default: { Type: 'String', Default: 'Active' },
        Stored: { Type: 'AWS::SSM::Parameter::Value<String>', Default: 'Active' },
      },
    });
    expect(findingsIn(rule, source)).toHaveLength(isFound ? 1 : 0);
  });
});
