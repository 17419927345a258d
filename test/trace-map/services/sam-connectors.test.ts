import { lambda, type Resources } from '../../rules/templates';
import { edgeLines } from '../edge-lines';

const RESOURCES: Resources = {
  Other: lambda('Active'),
  Queue: { Type: 'AWS::SQS::Queue' },
  Topic: { Type: 'AWS::SNS::Topic' },
  Table: { Type: 'AWS::DynamoDB::Table' },
  Bucket: { Type: 'AWS::S3::Bucket' },
  Bus: { Type: 'AWS::Events::EventBus' },
};

const arn = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

function sam(properties: object): Resources {
  return { Fn: { Type: 'AWS::Serverless::Function', Properties: properties }, ...RESOURCES };
}

describe('a function calls the targets of its SAM connectors', () => {
  const connector = (to: object, ...Permissions: string[]): Resources => ({
    ...sam({}),
    Connector: {
      Type: 'AWS::Serverless::Connector',
      Properties: { Source: { Id: 'Fn' }, Destination: to, Permissions },
    },
  });
  const withConnectors = (Connectors: unknown): Resources => ({
    ...RESOURCES,
    Fn: { ...lambda('Active'), Connectors },
  });

  test.each<[string, Resources, string[]]>([
    ['a queue', connector({ Id: 'Queue' }, 'Write'), ['Queue']],
    ['a table that it reads', connector({ Id: 'Table' }, 'Read'), ['Table']],
    [
      'a table by its ARN',
      connector({ Type: 'AWS::DynamoDB::Table', Arn: arn('Table') }, 'Write'),
      ['Table'],
    ],
    ['several targets', connector([{ Id: 'Other' }, { Id: 'Bus' }], 'Write'), ['Other (synchronous)', 'Bus']],
    [
      'a target of an embedded connector',
      withConnectors({ C: { Properties: { Destination: { Id: 'Topic' }, Permissions: ['Write'] } } }),
      ['Topic'],
    ],
    ['a bucket to which it writes', connector({ Id: 'Bucket' }, 'Read', 'Write'), ['Bucket']],
    ['but not a queue that it only reads from', connector({ Id: 'Queue' }, 'Read'), []],
    ['nothing if the destination is unknown', connector({ Id: 'Nothing' }, 'Write'), []],
    ['nothing if the attribute has another form', withConnectors({ C: 'Queue' }), []],
  ])('%s', (_, resources, targets) => {
    expect(edgeLines(resources)).toEqual(targets.map((name) => `Fn -propagates-> ${name}`));
  });

  test('and the trace ends at a bucket that is only read', () => {
    expect(edgeLines(connector({ Id: 'Bucket' }, 'Read'))).toEqual(['Fn -breaks-> Bucket']);
  });

  test('but not the targets of connectors of other resources', () => {
    const { Connector } = connector({ Id: 'Queue' }, 'Write') as { Connector: { Properties: object } };
    const properties = { ...Connector.Properties, Source: { Id: 'Topic' } };
    expect(edgeLines({ ...sam({}), Connector: { ...Connector, Properties: properties } })).toEqual([]);
  });
});
