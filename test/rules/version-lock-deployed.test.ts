import { buildTracingModel } from '../../lib/model/build-model';
import { VERSION_LOCK } from '../../lib/rules/version-lock';
import { lambda, stack, findingsOnChange } from './templates';

/** A function with a version. */
function published(mode: string, Description: string, FunctionName?: string) {
  const properties = FunctionName === undefined ? {} : { FunctionName };
  return {
    Fn: lambda(mode, properties),
    V: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' }, Description } },
  };
}

function sam(Tracing: string, VersionDescription: string) {
  const CodeUri = 's3://code/größe.zip';
  const properties = { AutoPublishAlias: 'live', CodeUri, Tracing, VersionDescription };
  return { Fn: { Type: 'AWS::Serverless::Function', Properties: properties } };
}

/** Returns a template as CloudFormation returns it: in ASCII. */
function handedOut(resources: object) {
  const text = JSON.stringify(resources).replace(/[\u{80}-\u{10ffff}]/gu, '?');
  return { ...stack('template0', JSON.parse(text) as Record<string, object>), isInAscii: true };
}

test.each<[string, string[], object, object]>([
  [
    'a version with umlauts that stay',
    ['template0 V Description'],
    published('PassThrough', 'Große Änderung'),
    published('Active', 'Große Änderung'),
  ],
  [
    'a version with a character beyond the basic plane',
    ['template0 V Description'],
    published('PassThrough', '🚀'),
    published('Active', '🚀'),
  ],
  [
    'SAM, with umlauts in the place of the code',
    ['template0 Fn AutoPublishAlias'],
    sam('PassThrough', 'Größe'),
    sam('Active', 'Größe'),
  ],
  [
    'a version with another description',
    [],
    published('PassThrough', 'Größe'),
    published('Active', 'Große Änderung'),
  ],
])('%s, compared with a template from CloudFormation', (_, reported, before, after) => {
  const current = after as Record<string, object>;
  expect(findingsOnChange(VERSION_LOCK, [handedOut(before)], [current])).toEqual(reported);
});

test.each<[what: string, code: string, severity: string | undefined]>([
  ['surely keeps its mode if the code stays', 's3://code/größe.zip', undefined],
  ['may keep its mode if the code is yet to be packaged', 'src/', 'warning'],
])('a version, compared with a template from CloudFormation, %s', (_, CodeUri, severity) => {
  const { Fn } = sam('Active', 'Größe');
  const after = { Fn: { ...Fn, Properties: { ...Fn.Properties, CodeUri } } };
  const model = buildTracingModel([stack('template0', after)], [handedOut(sam('PassThrough', 'Größe'))]);
  expect(VERSION_LOCK.check(model).map((found) => found.severity)).toEqual([severity]);
});
