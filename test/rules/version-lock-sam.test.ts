import { VERSION_LOCK } from '../../lib/rules/version-lock';
import { describeWithPython, runPython } from '../python/run-python';
import { findingsOnChange } from './templates';

const FUNCTION = {
  AutoPublishAlias: 'live',
  CodeUri: 's3://code/1.zip',
  Handler: 'index.handler',
  Runtime: 'java21',
};

/** A template with a SAM function, in two modes, and what else changes with the mode. */
function change(properties: object, changed: object = {}, globals: object = {}) {
  const template = (mode: string, more: object) => ({
    Transform: 'AWS::Serverless-2016-10-31',
    Globals: { Function: globals },
    Resources: {
      Fn: {
        Type: 'AWS::Serverless::Function',
        Properties: { ...FUNCTION, ...properties, Tracing: mode, ...more },
      },
    },
  });
  return { before: template('PassThrough', {}), after: template('Active', changed) };
}

const HASH = { AutoPublishCodeSha256: 'ab12'.repeat(16) };
const ALL = { AutoPublishAliasAllProperties: true };

const CHANGES: [name: string, isStuck: boolean, change: ReturnType<typeof change>][] = [
  ['the mode alone', true, change({})],
  ['the mode and the timeout', true, change({}, { Timeout: 20 })],
  ['the mode and the layers', true, change({}, { Layers: ['arn:aws:lambda:eu-west-1:1:layer:a:1'] })],
  ['the mode and the code', false, change({}, { CodeUri: 's3://code/2.zip' })],
  ['the mode and the code, in two parts', false, change({}, { CodeUri: { Bucket: 'code', Key: '2.zip' } })],
  ['the mode and the memory', false, change({}, { MemorySize: 512 })],
  ['the mode and a variable', false, change({}, { Environment: { Variables: { A: '1' } } })],
  ['the mode and SnapStart', false, change({}, { SnapStart: { ApplyOn: 'PublishedVersions' } })],
  ['the mode, with all properties', false, change(ALL)],
  ['the mode, with all properties by Globals', false, change({}, {}, ALL)],
  ['the mode, with all properties from now on', false, change({}, ALL)],
  ['the mode, with a hash of the code', true, change(HASH)],
  ['the mode and the memory, with a hash of the code', true, change(HASH, { MemorySize: 512 })],
  ['the mode, with a hash of the code and all properties', true, change({ ...HASH, ...ALL })],
  ['the mode and the hash of the code', false, change(HASH, { AutoPublishCodeSha256: 'cd34'.repeat(16) })],
  ['the mode and the description of the version', false, change({}, { VersionDescription: 'Active' })],
  ['the mode and the name', false, change({ FunctionName: 'a' }, { FunctionName: 'b' })],
];

describeWithPython('the rule predicts when SAM publishes a version:', () => {
  const templates = CHANGES.flatMap(([, , { before, after }]) => [before, after]);
  const transformed = runPython('transform.py', templates) as Parameters<
    typeof findingsOnChange
  >[1][number][];

  test.each(CHANGES.map(([name, isStuck, { before, after }], i) => ({ name, isStuck, before, after, i })))(
    '$name',
    ({ isStuck, before, after, i }) => {
      const [deployedBefore, deployed] = transformed.slice(2 * i);
      const source = (template: object) => ({ id: 't', template });
      const count = (old: object, now: object) =>
        findingsOnChange(VERSION_LOCK, [source(old)], [source(now)]).length;

      expect(count(before, after)).toBe(isStuck ? 1 : 0);
      expect(count(deployedBefore, deployed)).toBe(isStuck ? 1 : 0);
    },
  );
});
