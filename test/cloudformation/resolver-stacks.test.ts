import { Resolver } from '../../lib/cloudformation/resolver';
import type { TemplateSource } from '../../lib/cloudformation/template';
import { stack } from '../rules/templates';
import { lines, resolved } from './resolved';

const TOPIC = { Topic: { Type: 'AWS::SNS::Topic' } };

function exporting(
  id: string,
  name: unknown,
  value: unknown = { Ref: 'Topic' },
  source: Partial<TemplateSource> = {},
): TemplateSource {
  return stack(id, TOPIC, {
    sections: { Outputs: { O: { Value: value, Export: { Name: name } } } },
    ...source,
  });
}

describe('Fn::ImportValue', () => {
  const imported = (name: unknown, others: TemplateSource[], source: Partial<TemplateSource> = {}) =>
    resolved(
      { 'Fn::ImportValue': name },
      { Parameters: { P: { AllowedValues: ['a', 'b'] } } },
      source,
      others,
    );

  test('resolves to the export of another template', () => {
    expect(imported('topic', [exporting('other', 'topic')])).toEqual(['<Topic>']);
    expect(
      imported('topic', [exporting('other', { 'Fn::Sub': '${X}pic' }), exporting('more', 'topic')]),
    ).toEqual(['<Topic>']);
  });

  test('is unknown without an export of the name', () => {
    expect(imported('missing', [exporting('other', 'topic')])).toEqual(['<import missing>']);
    expect(imported({ 'Fn::Sub': '${Stage}-x' }, [exporting('other', 'topic')])).toEqual([
      '<import ${t#Stage}-x>',
    ]);
  });

  test.each<[what: string, output: unknown]>([
    ['an output without an export', { Value: 'x' }],
    ['an export without a name', { Value: 'x', Export: {} }],
    ['an export of no name', { Value: 'x', Export: { Name: { Ref: 'AWS::NoValue' } } }],
    ['no output', 'x'],
  ])('is unknown with %s', (_, output) => {
    const other = stack('other', {}, { sections: { Outputs: { O: output } } });
    for (const name of ['topic', '', 'undefined', { Ref: 'AWS::NoValue' }]) {
      expect(imported(name, [other])).toEqual([expect.stringMatching(/^<import .*>$/)]);
    }
  });

  test('resolves each possible name', () => {
    const others = [exporting('one', 'topic-a', 'A'), exporting('two', 'topic-b', 'B')];
    expect(imported({ 'Fn::Sub': 'topic-${P}' }, others)).toEqual(['A if ${t#P}=a', 'B if not ${t#P}=a']);
  });

  test('finds an export by each of its names', () => {
    const C = { 'Fn::Equals': [{ Ref: 'X' }, 'x'] };
    const other = stack('other', TOPIC, {
      sections: {
        Conditions: { C },
        Outputs: { O: { Value: 'v', Export: { Name: { 'Fn::If': ['C', 'one', 'two'] } } } },
      },
    });
    expect([imported('one', [other]), imported('two', [other])]).toEqual([['v'], ['v']]);
  });

  test.each<[what: string, from: Partial<TemplateSource>, found: string]>([
    ['its region', { region: 'eu-west-1' }, 'west'],
    ['its other region', { region: 'eu-north-1' }, 'north'],
    ['no region', {}, '<import topic>'],
    ['a third region', { region: 'us-east-1' }, '<import topic>'],
  ])('prefers the export of %s', (_, from, found) => {
    const others = [
      exporting('west', 'topic', 'west', { region: 'eu-west-1' }),
      exporting('north', 'topic', 'north', { region: 'eu-north-1' }),
    ];
    expect(imported('topic', others, from)).toEqual([found]);
  });

  test('ignores exports of another account', () => {
    const others = [exporting('other', 'topic', 'x', { account: '111122223333' })];
    expect(imported('topic', others, { account: '444455556666' })).toEqual(['<import topic>']);
    expect(imported('topic', others, { account: '111122223333' })).toEqual(['x']);
  });

  test('ends at circular imports', () => {
    const a = exporting('a', 'a', { 'Fn::ImportValue': 'b' });
    const b = exporting('b', 'b', { 'Fn::ImportValue': 'a' });
    expect(imported('a', [a, b])).toEqual(['<import a>']);
  });

  test('resolves a name that contains an import', () => {
    const others = [
      exporting('names', 'name', 'topic'),
      exporting('topics', { 'Fn::ImportValue': 'name' }, 'found'),
    ];
    expect(imported('topic', others)).toEqual(['found']);
  });
});

describe('nested stacks', () => {
  const sections = (outputs: object) => ({ Outputs: outputs });
  const nested = (outputs: object) =>
    stack('child', TOPIC, { sections: sections(outputs), nestedIn: { id: 't', logicalId: 'Queue' } });
  const output = (attribute: unknown, outputs: object) =>
    resolved({ 'Fn::GetAtt': ['Queue', attribute] }, {}, {}, [nested(outputs)]);

  test('an output resolves to the value in the nested template', () => {
    expect(output('Outputs.O', { O: { Value: { Ref: 'Topic' } } })).toEqual(['<Topic>']);
    expect(output('Outputs.O', { O: { Value: 'x' }, Outputs: { Value: 'y' } })).toEqual(['x']);
  });

  test('missing outputs are unknown and differ from each other', () => {
    expect(output('Outputs.O', {})).toEqual(['<child#Outputs.O>']);
    expect(output('Outputs.O', { O: 'x' })).toEqual(['nothing']);
  });

  test('each output has its own value', () => {
    const both = { 'Fn::Sub': '${Queue.Outputs.A}-${Queue.Outputs.B}-${Queue.Outputs.A}' };
    const outputs = { A: { Value: 'a' }, B: { Value: 'b' } };
    expect(resolved(both, {}, {}, [nested(outputs)])).toEqual(['a-b-a']);
  });

  test('other names are attributes of the stack', () => {
    expect(output('Arn', { Arn: { Value: 'x' } })).toEqual(['<Queue.Arn>']);
    // No nested template.
    expect(resolved({ 'Fn::GetAtt': ['Fn', 'Outputs.O'] }, {}, {}, [nested({ O: { Value: 'x' } })])).toEqual([
      '<Fn.Outputs.O>',
    ]);
  });

  test('a circular parameter ends', () => {
    const sections = { Parameters: { P: { Type: 'String' } }, Outputs: { O: { Value: { Ref: 'P' } } } };
    const parent = stack('parent', {
      Nested: {
        Type: 'AWS::CloudFormation::Stack',
        Properties: { Parameters: { P: { 'Fn::GetAtt': ['Nested', 'Outputs.O'] } } },
      },
    });
    const source = { nestedIn: { id: 'parent', logicalId: 'Nested' } };
    expect(resolved({ Ref: 'P' }, sections, source, [parent])).toEqual(['<t#P>']);
  });

  test.each<[depth: number, text: unknown]>([
    [50, 'end'],
    [200, expect.stringMatching(/^<level\d+#P>$/)],
  ])('a value passes through %i nested stacks: %s', (depth, text) => {
    const ids = Array.from({ length: depth }, (_, i) => `level${i}`);
    const outer = ids.map((id, i) =>
      stack(
        id,
        {
          Nested: {
            Type: 'AWS::CloudFormation::Stack',
            Properties: { Parameters: { P: i === 0 ? 'end' : { Ref: 'P' } } },
          },
        },
        {
          sections: i === 0 ? {} : { Parameters: { P: { Type: 'String' } } },
          ...(i > 0 && { nestedIn: { id: ids[i - 1], logicalId: 'Nested' } }),
        },
      ),
    );
    const source = { nestedIn: { id: ids[depth - 1], logicalId: 'Nested' } };
    expect(resolved({ Ref: 'P' }, { Parameters: { P: { Type: 'String' } } }, source, outer)).toEqual([text]);
  });
});

describe('Fn::GetStackOutput', () => {
  const other = (source: Partial<TemplateSource>, value: unknown = { Ref: 'Topic' }) =>
    stack(`${source.stackName} ${source.region}`, TOPIC, {
      sections: { Outputs: { O: { Value: value } } },
      ...source,
    });
  const output = (argument: unknown, others: TemplateSource[], source: Partial<TemplateSource> = {}) =>
    resolved({ 'Fn::GetStackOutput': argument }, {}, source, others);

  const WEST = other({ stackName: 'orders', region: 'eu-west-1' }, 'west');
  const NORTH = other({ stackName: 'orders', region: 'eu-north-1' }, 'north');

  test.each<[what: string, argument: unknown, from: Partial<TemplateSource>, text: string]>([
    ['its own region', { StackName: 'orders', OutputName: 'O' }, { region: 'eu-north-1' }, 'north'],
    [
      'the region that is named',
      { StackName: 'orders', OutputName: 'O', Region: 'eu-west-1' },
      { region: 'eu-north-1' },
      'west',
    ],
    ['one of two regions', { StackName: 'orders', OutputName: 'O' }, {}, '?'],
    ['a third region', { StackName: 'orders', OutputName: 'O', Region: 'us-east-1' }, {}, '?'],
    ['another stack', { StackName: 'users', OutputName: 'O' }, {}, '?'],
    ['no stack', { OutputName: 'O' }, { region: 'eu-west-1' }, '?'],
    ['no output', { StackName: 'orders' }, { region: 'eu-west-1' }, '?'],
    [
      'an output that is not known',
      { StackName: 'orders', OutputName: { Ref: 'X' } },
      { region: 'eu-west-1' },
      '?',
    ],
    [
      'an output that there is not',
      { StackName: 'orders', OutputName: 'Missing' },
      { region: 'eu-west-1' },
      '<orders eu-west-1#Outputs.Missing>',
    ],
    ['nothing', 'orders.O', {}, '?'],
  ])('of %s', (_, argument, from, text) => {
    expect(output(argument, [WEST, NORTH], from)).toEqual([text]);
  });

  test('resolves an output of a stack with a known name', () => {
    expect(
      output({ StackName: { 'Fn::Sub': 'users' }, OutputName: 'O' }, [other({ stackName: 'users' })]),
    ).toEqual(['<Topic>']);
  });

  test.each([undefined, ''])('not of a stack that has no name: %j', (stackName) => {
    const nameless = other({ stackName, region: 'eu-west-1' }, 'x');
    for (const name of [{ Ref: 'AWS::NoValue' }, '', 'undefined', { Ref: 'X' }]) {
      expect(output({ StackName: name, OutputName: 'O' }, [nameless])).toEqual(['?']);
    }
  });
});

describe('values of stacks in other regions, as CDK passes them', () => {
  const NAME = '/cdk/exports/t/writer-topic';
  const writer = (id: string, properties: object, source: Partial<TemplateSource> = {}) =>
    stack(
      id,
      { ...TOPIC, Writer: { Type: 'Custom::CrossRegionExportWriter', Properties: properties } },
      { region: 'us-east-1', ...source },
    );
  const parameter = (id: string, name: unknown, source: Partial<TemplateSource> = {}) =>
    stack(
      id,
      { ...TOPIC, P: { Type: 'AWS::SSM::Parameter', Properties: { Name: name, Value: { Ref: 'Topic' } } } },
      { region: 'us-east-1', ...source },
    );
  const topicTo = (region: unknown, value: unknown = { Ref: 'Topic' }) => ({
    WriterProps: { region, exports: { [NAME]: value } },
  });

  /** Returns what an attribute of a custom resource in eu-west-1 resolves to. */
  function read(
    type: string,
    attribute: string,
    properties: object,
    others: TemplateSource[],
    account?: string,
  ): string[] {
    const reader = stack(
      't',
      { Reader: { Type: `Custom::${type}`, Properties: properties } },
      { region: 'eu-west-1', account },
    );
    const resolver = Resolver.of([reader, ...others]);
    return lines(resolver.strings({ 'Fn::GetAtt': ['Reader', attribute] }, resolver.templates[0]));
  }

  test.each<[what: string, text: string, ...others: TemplateSource[]]>([
    ['the value that another stack writes to its region', '<Topic>', writer('w', topicTo('eu-west-1'))],
    ['a value written to an unknown region', '<Topic>', writer('w', topicTo({ Ref: 'Region' }))],
    [
      'the value that is written to its region',
      'west',
      writer('w', topicTo('eu-west-1', 'west')),
      writer('n', topicTo('eu-north-1', 'north')),
    ],
    ['no value of another region', `<Reader.${NAME}>`, writer('w', topicTo('eu-north-1'))],
    ['no value of another name', `<Reader.${NAME}>`, writer('w', { WriterProps: { exports: { x: 'y' } } })],
    ['no value of a writer without values', `<Reader.${NAME}>`, writer('w', {})],
    ['no export', `<Reader.${NAME}>`, exporting('e', NAME)],
    [
      'no value of another account',
      `<Reader.${NAME}>`,
      writer('w', topicTo('eu-west-1'), { account: '444455556666' }),
    ],
  ])('an export reader has %s', (_, text, ...others) => {
    const properties = {
      ReaderProps: { region: 'eu-west-1', imports: { [NAME]: `{{resolve:ssm:${NAME}}}` } },
    };
    expect(read('CrossRegionExportReader', NAME, properties, others, '111122223333')).toEqual([text]);
  });

  const EDGE = '/cdk/EdgeFunctionArn/eu-west-1/Site/Fn';

  test.each<[what: string, text: string, attribute: string, properties: object, ...others: TemplateSource[]]>(
    [
      [
        'the parameter in the region that it names',
        '<Topic>',
        'FunctionArn',
        { Region: 'us-east-1', ParameterName: EDGE },
        parameter('edge', EDGE),
      ],
      [
        'a parameter whose name is put together',
        '<Topic>',
        'FunctionArn',
        { Region: 'us-east-1', ParameterName: EDGE },
        parameter('edge', { 'Fn::Join': ['/', ['/cdk/EdgeFunctionArn', 'eu-west-1', 'Site', 'Fn']] }),
      ],
      [
        'no parameter of another region',
        '<Reader.FunctionArn>',
        'FunctionArn',
        { Region: 'us-east-1', ParameterName: EDGE },
        parameter('edge', EDGE, { region: 'eu-west-1' }),
      ],
      [
        'no other attribute',
        '<Reader.Name>',
        'Name',
        { Region: 'us-east-1', ParameterName: EDGE },
        parameter('edge', EDGE),
      ],
    ],
  )("the reader of CloudFront's EdgeFunction has %s", (_, text, attribute, properties, ...others) => {
    expect(read('CrossRegionStringParameterReader', attribute, properties, others)).toEqual([text]);
  });
});
