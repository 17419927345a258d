import { VERSION_LOCK } from '../../lib/rules/version-lock';
import { IF, inMode, version } from './published-functions';
import { lambda, type Resources, stack, findingsOnChange } from './templates';

describe('accepts unchanged modes:', () => {
  const environment = { Env: { Type: 'String' } };
  const modes = {
    Mappings: { M: { dev: { Mode: 'PassThrough' }, prod: { Mode: 'Active' } } },
    Parameters: environment,
  };
  const mode = { 'Fn::FindInMap': ['M', { Ref: 'Env' }, 'Mode'] };
  const isProd = { Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Env' }, 'prod'] } } };

  test.each<[string, Resources, object, Resources?]>([
    ['a mode from a mapping', inMode(mode, { V: version() }), modes],
    [
      'a mode from a mapping with a default',
      inMode(
        { 'Fn::FindInMap': ['M', { Ref: 'Env' }, 'Mode', { DefaultValue: 'Active' }] },
        { V: version() },
      ),
      modes,
    ],
    [
      'a condition that a mapping decides',
      inMode({ 'Fn::If': ['Traced', 'Active', 'PassThrough'] }, { V: version() }),
      { ...modes, Conditions: { Traced: { 'Fn::Equals': [mode, 'Active'] } } },
    ],
    [
      'a mapping that replaces a condition',
      inMode(IF('Active', 'PassThrough'), { V: version() }),
      {
        ...modes,
        ...isProd,
        Parameters: { Env: { Type: 'String', AllowedValues: ['dev', 'prod'] } },
      },
      inMode(mode, { V: version() }),
    ],
    [
      'a version of one function or another',
      {
        A: lambda('Active'),
        B: lambda('PassThrough'),
        V: version({ FunctionName: IF({ Ref: 'A' }, { Ref: 'B' }) }),
      },
      isProd,
    ],
    [
      'a version that exists only under a condition that changes nothing',
      inMode(IF('Active', 'PassThrough'), { V: { ...version(), Condition: 'Prod' } }),
      isProd,
      inMode('Active', { V: { ...version(), Condition: 'Prod' } }),
    ],
    [
      'a version whose description has the mode already',
      inMode('Active', { V: version({ Description: 'X-Ray tracing: PassThrough' }) }),
      {},
      inMode('PassThrough', { V: version({ Description: 'X-Ray tracing: PassThrough' }) }),
    ],
  ])('%s', (_, before, sections, after = before) => {
    const template = (resources: Resources) => stack('t', resources, { sections });
    expect(findingsOnChange(VERSION_LOCK, [template(before)], [template(after)])).toEqual([]);
  });
});
