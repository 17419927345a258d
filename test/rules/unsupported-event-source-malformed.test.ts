import { UNSUPPORTED_EVENT_SOURCE as rule } from '../../lib/rules/unsupported-event-source';
import { KAFKA, lambda, mapping, stack, findingsIn } from './templates';

describe('accepts malformed templates', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a list', []],
    ['a string', 'Resources'],
    ['resources that are a list', { Resources: [1] }],
    ['a resource that is a string', { Resources: { Fn: 'x' } }],
    ['properties that are a number', { Resources: { Fn: { Type: 'AWS::Lambda::Function', Properties: 7 } } }],
    ['a mapping without anything', { Resources: { M: { Type: 'AWS::Lambda::EventSourceMapping' } } }],
    [
      'wrong types everywhere',
      {
        Resources: {
          Fn: { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: 'Active', FunctionName: [1] } },
          M: mapping({ EventSourceArn: 5, SourceAccessConfigurations: 'x', Topics: 1 }, { 'Fn::If': 'x' }),
          N: mapping({ EventSourceArn: { 'Fn::Join': 3 } }, { 'Fn::Sub': {} }),
          O: mapping({ EventSourceArn: { 'Fn::Select': [9, []] } }, { 'Fn::GetAtt': [] }),
          S: { Type: 'AWS::Serverless::Function', Properties: { Events: [null], Tracing: {} } },
        },
        Parameters: 1,
        Mappings: [],
        Conditions: 'x',
        Outputs: { A: null },
        Globals: [],
      },
    ],
  ])('%s', (_, template) => {
    expect(findingsIn(rule, { id: 't', template })).toEqual([]);
  });

  test('circular references', () => {
    const alias = (name: unknown) => ({ Type: 'AWS::Lambda::Alias', Properties: { FunctionName: name } });
    const source = stack(
      't',
      {
        A: alias({ Ref: 'B' }),
        B: alias({ Ref: 'A' }),
        M: mapping({ EventSourceArn: KAFKA }, { Ref: 'A' }),
        N: mapping({ EventSourceArn: KAFKA }, { 'Fn::ImportValue': 'Loop' }),
        O: { ...mapping({ EventSourceArn: KAFKA }), Condition: 'X' },
      },
      {
        sections: {
          Outputs: { L: { Value: { 'Fn::ImportValue': 'Loop' }, Export: { Name: 'Loop' } } },
          Conditions: { X: { Condition: 'Y' }, Y: { 'Fn::Not': [{ Condition: 'X' }] } },
        },
      },
    );
    expect(findingsIn(rule, source)).toEqual([]);
  });

  test('deeply nested conditions', () => {
    const deep = Array.from({ length: 40 }).reduce<unknown>(
      (inner, _, i) => ({ 'Fn::Join': ['', [{ 'Fn::If': [`C${i}`, 'a', 'b'] }, inner]] }),
      'x',
    );
    const resources = { Fn: lambda('Active'), M: mapping({ EventSourceArn: deep, Queues: ['q'] }) };
    expect(findingsIn(rule, resources)).toEqual(['template0 M Queues']);
  });
});
