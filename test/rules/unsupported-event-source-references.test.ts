import { UNSUPPORTED_EVENT_SOURCE as rule } from '../../lib/rules/unsupported-event-source';
import { KAFKA, lambda, mapping, type Resources, stack, findingsIn } from './templates';

describe('reports a mapping that refers to its function by', () => {
  const named = lambda('Active', { FunctionName: 'orders' });
  test.each<[string, Resources, unknown]>([
    ['its ARN', { Fn: lambda('Active') }, { 'Fn::GetAtt': ['Fn', 'Arn'] }],
    ['its name', { Fn: named }, 'orders'],
    ['its name with an alias', { Fn: named }, 'orders:live'],
    ['a partial ARN', { Fn: named }, '111122223333:function:orders'],
    ['an ARN written out', { Fn: named }, 'arn:aws:lambda:eu-west-1:111122223333:function:orders'],
    ['an ARN with a version', { Fn: named }, 'arn:aws:lambda:eu-west-1:111122223333:function:orders:7'],
    ['a name in Fn::Sub', { Fn: lambda('Active') }, { 'Fn::Sub': '${Fn}:live' }],
    [
      'a name with the stage in it',
      { Fn: lambda('Active', { FunctionName: { 'Fn::Sub': 'orders-${AWS::Region}' } }) },
      { 'Fn::Join': ['-', ['orders', { Ref: 'AWS::Region' }]] },
    ],
    [
      'a version',
      {
        Fn: lambda('Active'),
        V: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } },
      },
      { Ref: 'V' },
    ],
    [
      'an alias',
      {
        Fn: lambda('Active'),
        V: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } },
        A: {
          Type: 'AWS::Lambda::Alias',
          Properties: {
            Name: 'live',
            FunctionName: { Ref: 'Fn' },
            FunctionVersion: { 'Fn::GetAtt': ['V', 'Version'] },
          },
        },
      },
      { Ref: 'A' },
    ],
    [
      "an alias as CDK's own L2 writes it",
      {
        Fn: lambda('Active'),
        A: { Type: 'AWS::Lambda::Alias', Properties: { Name: 'live', FunctionName: { Ref: 'Fn' } } },
      },
      { 'Fn::Join': ['', [{ 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: 'A' }] }] }, ':live']] },
    ],
  ])('%s', (_, resources, functionName) => {
    const all = { ...resources, Mapping: mapping({ EventSourceArn: KAFKA }, functionName) };
    expect(findingsIn(rule, all)).toEqual(['template0 Mapping EventSourceArn']);
  });

  test('a function in another region or account is a different function', () => {
    const from = stack('a', { Fn: named }, { account: '111122223333', region: 'eu-west-1' });
    const elsewhere = (arn: string) => findingsIn(rule, from, { M: mapping({ EventSourceArn: KAFKA }, arn) });
    expect(elsewhere('arn:aws:lambda:eu-west-1:111122223333:function:orders')).toHaveLength(1);
    expect(elsewhere('arn:aws:lambda:us-east-1:111122223333:function:orders')).toHaveLength(0);
    expect(elsewhere('arn:aws:lambda:eu-west-1:444455556666:function:orders')).toHaveLength(0);
  });

  test('a name in several stages refers to the function in the same stage', () => {
    const stage = (id: string, mode: string) =>
      stack(id, {
        Fn: lambda(mode, { FunctionName: 'orders' }),
        M: mapping({ EventSourceArn: KAFKA }, 'orders'),
      });
    expect(findingsIn(rule, stage('beta', 'Active'), stage('prod', 'PassThrough'))).toEqual([
      'beta M EventSourceArn',
    ]);
  });

  test('a name of several functions is unknown', () => {
    const owner = (id: string) =>
      stack(id, { Fn: lambda('Active', { FunctionName: 'orders' }) }, { group: id });
    const from = stack('c', { M: mapping({ EventSourceArn: KAFKA }, 'orders') }, { group: 'c' });
    expect(findingsIn(rule, owner('a'), from)).toHaveLength(1);
    expect(findingsIn(rule, owner('a'), owner('b'), from)).toHaveLength(0);
  });
});

describe('across templates', () => {
  const M = mapping({ EventSourceArn: KAFKA }, { 'Fn::ImportValue': { 'Fn::Sub': 'Orders-Fn' } });

  test('an import resolves to the export', () => {
    const exporting = stack(
      'api',
      { Fn: lambda('Active') },
      {
        stackName: 'Orders',
        sections: {
          Outputs: { F: { Value: { Ref: 'Fn' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}-Fn' } } } },
        },
      },
    );
    expect(findingsIn(rule, exporting, { M })).toEqual(['template1 M EventSourceArn']);
    expect(findingsIn(rule, { M })).toEqual([]);
  });

  test('Fn::GetStackOutput resolves to the output', () => {
    const producing = stack(
      'api',
      { Fn: lambda('Active') },
      {
        stackName: 'Orders',
        region: 'eu-west-1',
        sections: { Outputs: { F: { Value: { Ref: 'Fn' } } } },
      },
    );
    const from = (of: object) => ({
      M: mapping({ EventSourceArn: KAFKA }, { 'Fn::GetStackOutput': { OutputName: 'F', ...of } }),
    });
    expect(findingsIn(rule, producing, from({ StackName: 'Orders' }))).toHaveLength(1);
    expect(findingsIn(rule, producing, from({ StackName: 'Orders', Region: 'us-east-1' }))).toHaveLength(0);
    expect(findingsIn(rule, producing, from({ StackName: 'Others' }))).toHaveLength(0);
  });

  test('a nested stack gets the function as a parameter, and the cluster from a sibling', () => {
    const parent = stack('parent', {
      Fn: lambda('Active'),
      Clusters: { Type: 'AWS::CloudFormation::Stack' },
      Consumers: {
        Type: 'AWS::CloudFormation::Stack',
        Properties: {
          Parameters: {
            Function: { Ref: 'Fn' },
            Cluster: { 'Fn::GetAtt': ['Clusters', 'Outputs.Arn'] },
          },
        },
      },
    });
    const clusters = stack(
      'clusters',
      { C: { Type: 'AWS::MSK::Cluster' } },
      {
        nestedIn: { id: 'parent', logicalId: 'Clusters' },
        sections: { Outputs: { Arn: { Value: { Ref: 'C' } } } },
      },
    );
    const consumers = stack(
      'consumers',
      { M: mapping({ EventSourceArn: { Ref: 'Cluster' } }, { Ref: 'Function' }) },
      {
        nestedIn: { id: 'parent', logicalId: 'Consumers' },
        sections: { Parameters: { Function: { Type: 'String' }, Cluster: { Type: 'String' } } },
      },
    );
    expect(findingsIn(rule, parent, clusters, consumers)).toEqual(['consumers M EventSourceArn']);
  });
});
