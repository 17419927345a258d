import {
  namesInSubPattern,
  parseEmbeddedJson,
  partsOfSubPattern,
  withDynamicReferences,
} from '../../lib/cloudformation/partial-string';
import { expandLanguageExtensions } from '../../lib/cloudformation/language-extensions';
import { parseTemplate } from '../../lib/input/parse-template';
import { buildTracingModel } from '../../lib/model/build-model';
import { checkModel } from '../../lib/checker/check';
import { escapeMarkdown } from '../../lib/report/formats/markdown';
import { nameLines } from '../../lib/report/map/draw/cards';
import { linesWithoutUnprintable, printable, wrap } from '../../lib/text/printable';
import { cpuTime } from '../cpu-time';

/** Texts that make a scan read on from many positions, and find nothing. */
const REPEATED = [
  '${',
  '${a',
  '${!',
  '${!a}',
  '${}',
  '${a}',
  '{{resolve:',
  '{{resolve:a}',
  '{{resolve:ssm:/a}}',
  '${stageVariables.',
  '&{',
  '0LambdaVersion0',
  '0123456789abcdef',
  'arn:aws:lambda:',
  'arn:',
  ':role/',
  '::',
  ':states:::',
  'Action=',
  '\\',
  '\\"',
  '"',
  '#',
  '##',
  '(',
  '[{',
  ' ',
  '\n',
  '@',
  'www.',
  '\u200d',
  '\ue0000',
  'word ',
  '/',
  '*',
  'from aws_lambda_powertools import (\n',
  'from aws_lambda_powertools import a, \\\n',
  'import a, ',
  'import a,  \n',
  '\naws-lambda-powertools[',
];

/** A scan of text, with the length of the text it needs for a measurable time. */
type Scan = readonly [name: string, scan: (text: string) => unknown, length?: number];

const SCANS: readonly Scan[] = [
  ['parts of an Fn::Sub pattern', partsOfSubPattern],
  ['names in an Fn::Sub pattern', namesInSubPattern],
  ['dynamic references', (text) => withDynamicReferences([text])],
  ['embedded JSON', (text) => parseEmbeddedJson([JSON.stringify({ text }), {}])?.partsOf(text)],
  ['invalid embedded JSON', (text) => parseEmbeddedJson([text, {}])],
  [
    'a loop',
    (text) =>
      expandLanguageExtensions({
        Transform: 'AWS::LanguageExtensions',
        Resources: { 'Fn::ForEach::L': ['X', ['a', 'b'], { 'A${X}': { Type: text } }] },
      }),
  ],
  ['a JSON template', (text) => parseTemplate('t.json', JSON.stringify({ Resources: { [text]: text } }))],
  ['invalid JSON', (text) => parseTemplate('t.json', `{"Resources": "${text}`)],
  ['a YAML template', (text) => parseTemplate('t.yaml', `Resources: ${JSON.stringify(text)}`), 20_000],
  ['a printable line', printable],
  ['printable lines', (text) => linesWithoutUnprintable(text, () => '?')],
  ['Markdown', escapeMarkdown],
  ['lines of a terminal', (text) => wrap(text, 80)],
  ['code in Python', (text) => codeWith('handler.py', text)],
  ['code in JavaScript', (text) => codeWith('index.js', text)],
  ['a list of Python packages', (text) => codeWith('requirements.txt', text)],
  ['initials', (name) => nameLines(name, 100)],
  [
    'the logical IDs of a template',
    (text) => checked({ [text]: FUNCTION, [`${text}V`]: versionOf(text) }),
    20_000,
  ],
  ['the values of a template', (text) => checked(resourcesWith(text)), 10_000],
  ['the patterns of a template', (text) => checked(resourcesWith({ 'Fn::Sub': text })), 10_000],
];

const FUNCTION = { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode: 'Active' } } };

const versionOf = (name: unknown) => ({
  Type: 'AWS::Lambda::Version',
  Properties: { FunctionName: name, Description: name },
});

const resourcesWith = (text: unknown) => ({
  Fn: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: text,
      Role: text,
      TracingConfig: { Mode: text },
      Environment: { Variables: { A: text } },
    },
  },
  Version: versionOf(text),
  Mapping: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: { FunctionName: text, EventSourceArn: text },
  },
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: text,
      ManagedPolicyArns: [text],
      Policies: [{ PolicyDocument: { Statement: { Effect: 'Allow', Action: text, Resource: text } } }],
    },
  },
  Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { DefinitionString: text } },
  Method: { Type: 'AWS::ApiGateway::Method', Properties: { Integration: { Type: 'AWS', Uri: text } } },
  Permission: {
    Type: 'AWS::Lambda::Permission',
    Properties: { FunctionName: text, Principal: text, SourceArn: text },
  },
  Target: { Type: 'AWS::Events::Rule', Properties: { Targets: [{ Arn: text }] } },
  Pipe: { Type: 'AWS::Pipes::Pipe', Properties: { Source: text, Target: text } },
  Schedule: { Type: 'AWS::Scheduler::Schedule', Properties: { Target: { Arn: text } } },
});

function codeWith(path: string, text: string): unknown {
  const withHandler = { ...FUNCTION, Properties: { ...FUNCTION.Properties, Handler: 'index.handler' } };
  const [fn] = buildTracingModel([
    { id: 't', template: { Resources: { Fn: withHandler } }, codeOf: () => [{ path, text }] },
  ]).functions;
  return fn.code.libraries;
}

function checked(resources: Record<string, unknown>): unknown {
  return checkModel(buildTracingModel([{ id: 't', template: { Resources: resources } }]));
}

/** The time of a text twice as long. Quadratic time is 4. */
const MAX_GROWTH = 3;

/** In milliseconds. Shorter times depend on the machine more than on the text. */
const MEASURABLE = 50;

function growthOf(scan: (text: string) => unknown, repeated: string, length: number): number {
  const text = (size: number) => repeated.repeat(size / repeated.length);
  const long = cpuTime(() => scan(text(2 * length)));
  return long < MEASURABLE ? 1 : long / cpuTime(() => scan(text(length)));
}

/** In characters. */
const LENGTH = 100_000;

const ALL = SCANS.map(([name, scan, length = LENGTH]) => [name, scan, length] as const);

test.each(ALL)('%s takes linear time', (_, scan, length) => {
  // Other programs slow down single runs.
  const isSlow = (repeated: string) => [1, 2, 3].every(() => growthOf(scan, repeated, length) > MAX_GROWTH);
  expect(REPEATED.filter(isSlow)).toEqual([]);
});
