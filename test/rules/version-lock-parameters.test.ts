import { checkModel } from '../../lib/checker/check';
import { buildTracingModel } from '../../lib/model/build-model';
import { VERSION_LOCK } from '../../lib/rules/version-lock';
import { alias, inMode, sam, version } from './published-functions';
import { type Resources, stack } from './templates';

describe('a version that depends on a parameter is a warning:', () => {
  const finding = (before: Resources, after: Resources) => {
    const parameters = { Parameters: { P: { Type: 'String', Default: '1' } } };
    const [of, ...more] = [before, after].map((resources) => stack('t', resources, { sections: parameters }));
    return checkModel(buildTracingModel(more, [of])).filter(({ rule }) => rule === VERSION_LOCK);
  };
  const change = (properties: object) => [
    inMode('PassThrough', { V: version(properties) }),
    inMode('Active', { V: version(properties) }),
  ];
  const PARAMETER_CHANGES = /unless a parameter that it depends on changes in the same deployment\.$/;

  test.each<[string, Resources[], RegExp]>([
    ['a build in the description', change({ Description: { 'Fn::Sub': 'build ${P}' } }), PARAMETER_CHANGES],
    ['a hash of the code', change({ CodeSha256: { Ref: 'P' } }), PARAMETER_CHANGES],
    ['a secret', change({ Description: '{{resolve:ssm:/build}}' }), PARAMETER_CHANGES],
    [
      "SAM's hash of the code",
      ['PassThrough', 'Active'].map((mode) => sam(mode, { AutoPublishCodeSha256: { Ref: 'P' } })),
      PARAMETER_CHANGES,
    ],
    [
      'the location of the code',
      ['PassThrough', 'Active'].map((mode) => sam(mode, { CodeUri: { Bucket: 'b', Key: { Ref: 'P' } } })),
      /unless the code of the function changes in the same deployment\.$/,
    ],
    [
      'an image that is yet to be pushed',
      ['PassThrough', 'Active'].map((mode) =>
        sam(mode, { CodeUri: undefined, PackageType: 'Image', ImageUri: 'fn:latest' }),
      ),
      /unless the code of the function changes in the same deployment\.$/,
    ],
  ])('%s', (_, [before, after], message) => {
    const found = finding(before, after);
    expect(found.map(({ severity }) => severity)).toEqual(['warning']);
    expect(found[0].message).toMatch(message);
  });

  test('a mode that is a parameter', () => {
    const mode = { Ref: 'Mode' };
    const sections = {
      Parameters: { Mode: { Type: 'String', AllowedValues: ['Active', 'PassThrough'] } },
    };
    const template = (value: unknown) => stack('t', inMode(value, { V: version() }), { sections });
    const [found] = checkModel(buildTracingModel([template(mode)], [template('PassThrough')])).filter(
      ({ rule }) => rule === VERSION_LOCK,
    );
    expect(found.severity).toBe('warning');
    expect(found.message).toContain("The tracing mode of 'Fn' can change from PassThrough to Active");
  });

  test('a parameter that SAM hashes by name makes no difference', () => {
    const [before, after] = ['PassThrough', 'Active'].map((mode) => sam(mode, { MemorySize: { Ref: 'P' } }));
    expect(finding(before, after).map(({ severity }) => severity)).toEqual(['error']);
  });

  test('an alias whose version is a parameter is not pinned', () => {
    const [before, after] = ['PassThrough', 'Active'].map((mode) => inMode(mode, { A: alias({ Ref: 'P' }) }));
    expect(finding(before, after)).toEqual([]);
  });
});
