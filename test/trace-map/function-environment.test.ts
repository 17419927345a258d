import { stack } from '../rules/templates';
import { arn, fn, RESOURCES, sam, SEND } from './function-templates';
import { edgeLines } from './edge-lines';

describe('a function possibly calls the nodes that its environment refers to', () => {
  test.each<[string, unknown, string[]]>([
    ['a queue', { Ref: 'Queue' }, ['Queue ?']],
    ['a table', arn('Table'), ['Table ?']],
    ['an alias', { Ref: 'Live' }, ['Other:Live (synchronous) ?']],
    ['a name with a qualifier', { 'Fn::Sub': '${Other}:live' }, ['Other:Live (synchronous) ?']],
    ['an ARN', 'arn:aws:sqs:eu-west-1:111122223333:others', ['others ?']],
    ['a database', { 'Fn::GetAtt': ['Cluster', 'Endpoint.Address'] }, ['Cluster ?']],
    ['a secret, by its attachment to a database', { Ref: 'Attachment' }, ['Secret ?']],
    ['several nodes', { 'Fn::Sub': '{"q": "${Queue}", "t": "${Table}"}' }, ['Queue ?', 'Table ?']],
    ['ignores a plain name', 'jobs', []],
    ['ignores a node that cannot be called', { Ref: 'Role' }, []],
  ])('%s', (_, value, targets) => {
    const Attachment = {
      Type: 'AWS::SecretsManager::SecretTargetAttachment',
      Properties: { SecretId: { Ref: 'Secret' }, TargetId: { Ref: 'Cluster' } },
    };
    expect(edgeLines(fn([], { A: value }, { Attachment }))).toEqual(
      targets.map((name) => `Fn -propagates-> ${name}`),
    );
  });

  test('an import', () => {
    const Outputs = { O: { Value: { Ref: 'Queue' }, Export: { Name: 'queue' } } };
    const { Queue } = RESOURCES;
    const { Fn, Role } = fn([], { A: { 'Fn::ImportValue': 'queue' } });
    expect(edgeLines(stack('a', { Queue }, { sections: { Outputs } }), { Fn, Role })).toEqual([
      'Fn -propagates-> Queue ?',
    ]);
  });

  test('a variable of Globals', () => {
    const sections = { Globals: { Function: { Environment: { Variables: { A: { Ref: 'Table' } } } } } };
    expect(edgeLines(stack('t', sam({}), { sections }))).toEqual(['Fn -propagates-> Table ?']);
  });

  test.each<[string, object[], unknown, string[]]>([
    ['by its name', [SEND], { Ref: 'Queue' }, ['Queue']],
    ['by a pattern for all resources', [{ Action: 'sqs:*', Resource: '*' }], { Ref: 'Queue' }, ['Queue']],
    [
      'by a pattern for its service',
      [{ Action: 'sqs:*', Resource: 'arn:aws:sqs:*:*:*' }],
      { Ref: 'Queue' },
      ['Queue'],
    ],
    [
      'by a pattern for similar names',
      [{ Action: 'sqs:*', Resource: { 'Fn::Sub': 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:j*' } }],
      { Ref: 'Queue' },
      ['Queue'],
    ],
    [
      'by a pattern for objects of all buckets',
      [{ Action: 's3:PutObject', Resource: 'arn:aws:s3:::*/*' }],
      { Ref: 'Bucket' },
      ['Bucket'],
    ],
    [
      'through an alias, if its role allows the unqualified function',
      [{ Action: 'lambda:InvokeFunction', Resource: arn('Other') }],
      { Ref: 'Live' },
      ['Other:Live (synchronous)'],
    ],
    [
      'possibly, if the role allows calls of others',
      [{ Action: 'sqs:*', Resource: 'arn:aws:sqs:*:*:x*' }],
      { Ref: 'Queue' },
      ['Queue ?'],
    ],
    [
      'possibly, if the role allows calls of a part of another',
      [{ Action: 'lambda:InvokeFunction', Resource: { 'Fn::Sub': '${Role.Arn}:*' } }],
      { Ref: 'Other' },
      ['Other (synchronous) ?'],
    ],
    [
      'possibly, if the role allows a call by a parameter',
      [{ Action: 'sqs:*', Resource: { 'Fn::Sub': 'arn:aws:sqs:*:*:${QueueName}' } }],
      { Ref: 'Queue' },
      ['Queue ?'],
    ],
    [
      'possibly, if the role allows another action',
      [{ Action: 'sqs:Get*', Resource: '*' }],
      { Ref: 'Queue' },
      ['Queue ?'],
    ],
    [
      'not if that is denied',
      [{ Effect: 'Deny', Action: 'sqs:SendMessage*', Resource: arn('Queue') }],
      { Ref: 'Queue' },
      [],
    ],
  ])('and with permissions calls them %s', (_, statements, value, targets) => {
    expect(edgeLines(fn(statements, { A: value }))).toEqual(
      targets.map((name) => `Fn -propagates-> ${name}`),
    );
  });
});
