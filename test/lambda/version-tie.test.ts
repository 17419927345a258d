import type { FunctionVersion } from '../../lib/lambda/lambda-function';
import { lambda, type Resources, stack } from '../rules/templates';
import { functionIn, PROD, sam, version, when } from './published';

const CDK_HASH = '12AB34CD0123456789abcdef0123456789abcdef';
const PARAMETERS = { Parameters: { Build: { Type: 'String' }, First: {}, Second: {} } };

function versions(resources: Resources): readonly FunctionVersion[] {
  return functionIn(stack('t', resources, { sections: { ...PROD, ...PARAMETERS } })).versions;
}

/** A version with a description, of a function in a mode. */
function described(Description: unknown, mode: unknown = 'Active'): Resources {
  return { Fn: lambda(mode), V: version({ Description }) };
}

describe('a change of the mode publishes a new version', () => {
  test.each<[FunctionVersion['publishesOnModeChange'], string, Resources]>([
    ['no', 'by nothing', { Fn: lambda('Active'), V: version() }],
    ['at deployment', 'by its description', described('X-Ray tracing: Active')],
    [
      'at deployment',
      'by a part of its description',
      described({ 'Fn::Sub': '${AWS::Region} (X-Ray tracing: Active)' }),
    ],
    ['no', 'not by a word of its description', described('Syncs Active Directory users')],
    ['no', 'not by the mode alone', described('Active')],
    ['no', 'not by a longer word', described('X-Ray tracing: Actively')],
    ['at deployment', 'by a description with the mode in it', described({ Ref: 'First' }, { Ref: 'First' })],
    [
      'at deployment',
      'by a description with all of the mode in it',
      described({ 'Fn::Sub': '${First} ${Second}' }, { 'Fn::Sub': '${First}${Second}' }),
    ],
    [
      'unknown',
      'by a description with a part of the mode in it',
      described({ Ref: 'First' }, { 'Fn::Sub': '${First}${Second}' }),
    ],
    ['no', 'not by a description of another mode', described('X-Ray tracing: PassThrough')],
    ['no', 'not by a description that has no words', described('---')],
    [
      'no',
      'not by a description that is right in one case only',
      described('X-Ray tracing: Active', when('Prod', 'Active', 'PassThrough')),
    ],
    [
      'no',
      'not by a description that is the same for both modes',
      described('of the stage', when('Prod', 'Active', undefined)),
    ],
    [
      'no',
      'not by a description that depends on another condition',
      described(when('Test', 'first', 'second'), when('Prod', 'Active', 'PassThrough')),
    ],
    [
      'at deployment',
      'by a description that is right in each case',
      described(when('Prod', 'Active', 'PassThrough'), when('Prod', 'Active', 'PassThrough')),
    ],
    [
      'by the template',
      "by CDK's logical ID",
      { Fn: lambda('Active'), [`FnCurrentVersion${CDK_HASH}`]: version() },
    ],
    [
      'no',
      "not by a logical ID with CDK's in it",
      { Fn: lambda('Active'), [`FnCurrentVersion${CDK_HASH}Copy`]: version() },
    ],
    ['unknown', 'by a hash of we do not know what', { Fn: lambda('Active'), V0123456789: version() }],
    ['unknown', 'by a build in the description', described({ 'Fn::Sub': 'build ${Build}' })],
    ['unknown', 'by a build in a list', described({ 'Fn::Join': [' ', ['build', { Ref: 'Build' }]] })],
    [
      'unknown',
      'by a build in one case',
      described(when('Prod', { 'Fn::Join': [' ', ['build', { Ref: 'Build' }]] }, 'first')),
    ],
    ['no', 'not by a parameter that a condition goes by', described(when('Prod', 'first', 'second'))],
    ['no', 'not by a resource', described({ 'Fn::Sub': 'of ${Fn}' })],
    [
      'unknown',
      'by a hash of the code that each build gives',
      { Fn: lambda('Active'), V: version({ CodeSha256: { Ref: 'Build' } }) },
    ],
    ['no', 'not by what SAM hashes', { Fn: sam({ Tracing: 'Active' }) }],
    [
      'by the template',
      "by all of SAM's properties",
      { Fn: sam({ Tracing: 'Active', AutoPublishAliasAllProperties: true }) },
    ],
    [
      'unknown',
      'by whatever a condition of SAM says',
      { Fn: sam({ Tracing: 'Active', AutoPublishAliasAllProperties: when('Prod', true, false) }) },
    ],
    [
      'no',
      'not by a hash of the code in SAM',
      { Fn: sam({ Tracing: 'Active', AutoPublishCodeSha256: 'ab12' }) },
    ],
    [
      'unknown',
      'by a hash of the code in SAM that each build gives',
      { Fn: sam({ Tracing: 'Active', AutoPublishCodeSha256: { Ref: 'Build' } }) },
    ],
    [
      'unknown',
      'by a description in SAM that each build gives',
      { Fn: sam({ Tracing: 'Active', VersionDescription: { 'Fn::Sub': 'build ${Build}' } }) },
    ],
    [
      'at deployment',
      "by a description in SAM, whose Disabled is Lambda's PassThrough",
      { Fn: sam({ Tracing: 'Disabled', VersionDescription: 'X-Ray tracing: PassThrough' }) },
    ],
  ])('%s: %s', (isTied, _, resources) => {
    expect(versions(resources).map((one) => one.publishesOnModeChange)).toEqual([isTied]);
  });

  test('there is none where its function does not exist', () => {
    const resources = {
      Fn: { ...lambda('Active'), Condition: 'Prod' },
      V: { ...version(), Condition: 'Test' },
    };
    const Conditions = { ...(PROD.Conditions as object), Test: { 'Fn::Not': [{ Condition: 'Prod' }] } };
    const sections = { ...PROD, Conditions };
    expect(functionIn(stack('t', resources, { sections })).versions).toEqual([]);
  });

  test('only SAM functions publish with AutoPublishAlias', () => {
    const { versions: published, aliases } = functionIn({
      Fn: lambda('Active', { AutoPublishAlias: 'live' }),
    });
    expect([published, aliases]).toEqual([[], []]);
  });
});

describe('a version has', () => {
  const said = (TracingMode: unknown, properties: object = { Description: { Ref: 'Build' } }) =>
    version(properties, { Metadata: { 'cdk-lambda-xray': { TracingMode } } });

  test.each<[string, Resources, string[]]>([
    ['the mode of its function', { Fn: lambda('Active'), V: version() }, ['Active']],
    ['the default mode of a function without a mode', { Fn: lambda(), V: version() }, ['PassThrough']],
    [
      'each mode that its function can have',
      { Fn: lambda(when('Prod', 'Active', 'PassThrough')), V: version() },
      ['Active', 'PassThrough'],
    ],
    ['an unknown mode', { Fn: lambda({ Ref: 'Mode' }), V: version() }, []],
    ['the mode that it states', described('X-Ray tracing: PassThrough'), ['PassThrough']],
    ['the mode of its function, if it names both modes', described('Active or PassThrough'), ['Active']],
    ['the mode in its metadata', { Fn: lambda('PassThrough'), V: said('Active') }, ['Active']],
    ['the other mode in its metadata', { Fn: lambda('Active'), V: said('PassThrough') }, ['PassThrough']],
    ['no mode from the metadata of other tools', { Fn: lambda('Active'), V: said('Off') }, ['Active']],
    [
      'the mode of its function, if a change of its metadata does not republish it',
      { Fn: lambda('PassThrough'), V: said('Active', {}) },
      ['PassThrough'],
    ],
    [
      'the mode of each case of a version of one function or the other',
      {
        Fn: lambda('Active'),
        Other: lambda('PassThrough'),
        V: version({ FunctionName: when('Prod', { Ref: 'Fn' }, { Ref: 'Other' }) }),
      },
      ['Active'],
    ],
  ])('%s', (_, resources, modes) => {
    expect(versions(resources).map(({ modes }) => modes)).toEqual([modes]);
  });
});
