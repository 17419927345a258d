import { stack } from '../rules/templates';
import { arn, fn, RESOURCES, sam, SEND } from './function-templates';
import { edgeLines } from './edge-lines';

describe('a function may call what its environment refers to', () => {
  test.each<[string, unknown, string[]]>([
    ['a queue', { Ref: 'Queue' }, ['Queue ?']],
    ['a table', arn('Table'), ['Table ?']],
    ['an alias', { Ref: 'Live' }, ['Other:Live (synchronous) ?']],
    ['a name with a qualifier', { 'Fn::Sub': '${Other}:live' }, ['Other:Live (synchronous) ?']],
    ['an ARN', 'arn:aws:sqs:eu-west-1:111122223333:others', ['others ?']],
    ['a database', { 'Fn::GetAtt': ['Cluster', 'Endpoint.Address'] }, ['Cluster ?']],
    ['a secret, by what attaches it to its database', { Ref: 'Attachment' }, ['Secret ?']],
    ['several', { 'Fn::Sub': '{"q": "${Queue}", "t": "${Table}"}' }, ['Queue ?', 'Table ?']],
    ['a name alone', 'jobs', []],
    ['what it can not call', { Ref: 'Role' }, []],
  ])('%s', (_, value, called) => {
    const Attachment = {
      Type: 'AWS::SecretsManager::SecretTargetAttachment',
      Properties: { SecretId: { Ref: 'Secret' }, TargetId: { Ref: 'Cluster' } },
    };
    expect(edgeLines(fn([], { A: value }, { Attachment }))).toEqual(
      called.map((name) => `Fn -propagates-> ${name}`),
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

  test('what Globals of SAM put there', () => {
    const sections = { Globals: { Function: { Environment: { Variables: { A: { Ref: 'Table' } } } } } };
    expect(edgeLines(stack('t', sam({}), { sections }))).toEqual(['Fn -propagates-> Table ?']);
  });

  test.each<[string, object[], unknown, string[]]>([
    ['by its name', [SEND], { Ref: 'Queue' }, ['Queue']],
    ['along with all there is', [{ Action: 'sqs:*', Resource: '*' }], { Ref: 'Queue' }, ['Queue']],
    [
      'along with all of its kind',
      [{ Action: 'sqs:*', Resource: 'arn:aws:sqs:*:*:*' }],
      { Ref: 'Queue' },
      ['Queue'],
    ],
    [
      'along with those of names like its own',
      [{ Action: 'sqs:*', Resource: { 'Fn::Sub': 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:j*' } }],
      { Ref: 'Queue' },
      ['Queue'],
    ],
    [
      'along with what is in all buckets',
      [{ Action: 's3:PutObject', Resource: 'arn:aws:s3:::*/*' }],
      { Ref: 'Bucket' },
      ['Bucket'],
    ],
    [
      'through an alias, though its role may call the function itself',
      [{ Action: 'lambda:InvokeFunction', Resource: arn('Other') }],
      { Ref: 'Live' },
      ['Other:Live (synchronous)'],
    ],
    [
      'as far as can be told, where the role may call others',
      [{ Action: 'sqs:*', Resource: 'arn:aws:sqs:*:*:x*' }],
      { Ref: 'Queue' },
      ['Queue ?'],
    ],
    [
      'as far as can be told, where the role may call something in another',
      [{ Action: 'lambda:InvokeFunction', Resource: { 'Fn::Sub': '${Role.Arn}:*' } }],
      { Ref: 'Other' },
      ['Other (synchronous) ?'],
    ],
    [
      'as far as can be told, where the role may call one by a parameter',
      [{ Action: 'sqs:*', Resource: { 'Fn::Sub': 'arn:aws:sqs:*:*:${QueueName}' } }],
      { Ref: 'Queue' },
      ['Queue ?'],
    ],
    [
      'as far as can be told, where the role may do something else',
      [{ Action: 'sqs:Get*', Resource: '*' }],
      { Ref: 'Queue' },
      ['Queue ?'],
    ],
    [
      'unless that is denied',
      [{ Effect: 'Deny', Action: 'sqs:SendMessage*', Resource: arn('Queue') }],
      { Ref: 'Queue' },
      [],
    ],
  ])('and does, %s', (_, statements, value, called) => {
    expect(edgeLines(fn(statements, { A: value }))).toEqual(called.map((name) => `Fn -propagates-> ${name}`));
  });
});
