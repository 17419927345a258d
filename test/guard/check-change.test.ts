import { NO_CONFIG } from '../../lib/config/config';
import { parseConfig } from '../../lib/config/parse-config';
import { type JsonObject, objectAt } from '../../lib/cloudformation/json';
import { isEqual } from '../../lib/cloudformation/template-edit';
import { answer } from '../../lib/guard/answer';
import { checkChange } from '../../lib/guard/check-change';
import type { GuardOptions } from '../../lib/guard/options';
import { readRequest, type ResourceChange, type StackChange } from '../../lib/guard/request';
import { parseTemplate } from '../../lib/input/parse-template';
import { RULES } from '../../lib/rules';
import { changeSetRequest, functions, stackRequest } from './requests';

const OPTIONS: GuardOptions = { config: NO_CONFIG, failOn: 'error', onError: 'ALLOW', exemptStacks: [] };

/** A mode that does not exist, which is an error. */
const WRONG = 'Enabled';

describe('a change set with the definitions of the changed resources', () => {
  const json = (definition?: object) => (definition === undefined ? null : JSON.stringify(definition));
  const change = (id: string, type: string, before?: object, after?: object) => ({
    ...{ logicalResourceId: id, resourceType: type, beforeContext: json(before), afterContext: json(after) },
    action: before === undefined ? 'CREATE' : after === undefined ? 'DELETE' : 'UPDATE',
  });
  /** Returns the status, the rule and the resource of each annotation. */
  const results = (template: string, ...changedResources: object[]) => {
    const body = JSON.stringify({ template, changedResources });
    const { annotations } = answer(readRequest(changeSetRequest()), body, OPTIONS);
    return annotations!
      .map(({ status, annotationName }) => `${status} ${annotationName}`)
      .map((one) => one.replace(/^(\w+) LambdaXRay-(\w+)\/(\w+).*$/, '$1 $2 $3'));
  };

  const FN = 'AWS::Lambda::Function';
  const fn = (Mode: string, Timeout = 3) => ({ Properties: { TracingConfig: { Mode }, Timeout } });

  test('fails only what it adds', () => {
    const template = functions({ Old: WRONG, Other: WRONG, New: WRONG });
    const created = change('New', FN, undefined, fn(WRONG));
    expect(results(template, created, change('Old', FN, fn(WRONG, 3), fn(WRONG, 4)))).toEqual([
      'FAILED InvalidMode New',
      'SKIPPED InvalidMode Old',
      'SKIPPED InvalidMode Other',
    ]);
    expect(results(template, created, change('Old', FN, fn('Active'), fn(WRONG)))).toEqual([
      'FAILED InvalidMode Old',
      'FAILED InvalidMode New',
      'SKIPPED InvalidMode Other',
    ]);
  });

  test('counts all findings on changed resources as new if a definition is unknown', () => {
    const template = functions({ Old: WRONG, Other: WRONG });
    const unknown = { ...change('Other', FN, fn('Active'), fn(WRONG)), beforeContext: '{' };
    expect(results(template, change('Old', FN, fn(WRONG, 3), fn(WRONG, 4)), unknown)).toEqual([
      'FAILED InvalidMode Old',
      'FAILED InvalidMode Other',
    ]);
  });

  const role = (...ManagedPolicyArns: string[]) => ({ Properties: { ManagedPolicyArns } });
  const POLICY = 'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess';
  const BASIC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  const NO_PERMISSIONS = functions({ Fn: 'Active' }, { Role: { Type: 'AWS::IAM::Role', Properties: {} } });

  test('fails what it adds to resources that do not change', () => {
    const type = 'AWS::IAM::Role';
    expect(results(NO_PERMISSIONS, change('Role', type, role(POLICY), role()))).toEqual([
      'FAILED WritePermissions Fn',
    ]);
    expect(results(NO_PERMISSIONS, change('Role', type, role(BASIC), role()))).toEqual([
      'SKIPPED WritePermissions Fn',
    ]);
    const inline = { Properties: { Roles: ['Orders-Role-1ABC'], PolicyDocument: { Statement: [] } } };
    expect(results(NO_PERMISSIONS, change('Other', 'AWS::IAM::Policy', inline))).toEqual([
      'SKIPPED WritePermissions Fn',
    ]);
  });

  test('compares properties that do not change by their references', () => {
    const definition = (Timeout: number) => ({
      Properties: {
        Role: 'arn:aws:iam::123456789012:role/Orders-Role-1ABC',
        ...{ TracingConfig: { Mode: 'Active' }, Timeout },
      },
    });
    expect(results(NO_PERMISSIONS, change('Fn', FN, definition(3), definition(4)))).toEqual([
      'SKIPPED WritePermissions Fn',
    ]);
  });

  test('counts all findings on changed resources as new if a macro makes them', () => {
    const template = JSON.stringify({
      Transform: 'AWS::Serverless-2016-10-31',
      Resources: {
        Old: { Type: 'AWS::Serverless::Function', Properties: { Tracing: WRONG } },
        Other: { Type: 'AWS::Serverless::Function', Properties: { Tracing: WRONG } },
      },
    });
    const old = change('Old', FN, fn(WRONG, 3), fn(WRONG, 4));
    const generated = change('OldRole', 'AWS::IAM::Role', role(POLICY), role());
    for (const changes of [[old], [old, generated], [generated, old]]) {
      expect(results(template, ...changes).filter((one) => one.includes('InvalidMode'))).toEqual([
        'FAILED InvalidMode Old',
        'SKIPPED InvalidMode Other',
      ]);
    }
  });
});

describe('a change set and the update of the stack', () => {
  const stack = { name: 'Orders' };
  const failing = (change: Omit<StackChange, 'stack'>) =>
    [...checkChange({ stack, ...change }, NO_CONFIG).added]
      .map(({ rule, logicalId, property }) => [rule.id, logicalId, property].join('/'))
      .sort();
  const resourcesOf = (template: string) =>
    objectAt(parseTemplate('template', template).template, 'Resources') as Record<string, { Type: string }>;

  /** Gives the parameter of an example its value, as CloudFormation does. */
  const withValues = (definition: object) =>
    JSON.parse(JSON.stringify(definition).replaceAll('{"Ref":"Mode"}', '"PassThrough"')) as JsonObject;

  const pairs = RULES.flatMap(({ id, examples: { incorrect, correct } }): [string, string, string][] => [
    [`makes the mistake of ${id}`, correct, incorrect],
    [`fixes the mistake of ${id}`, incorrect, correct],
  ]);

  test.each(pairs)('add the same findings if it %s', (_, previousTemplate, template) => {
    const [old, now] = [previousTemplate, template].map(resourcesOf);
    const ids = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
      (id) => !isEqual(old[id], now[id]),
    );
    const changes = new Map(
      ids.map((id): [string, ResourceChange] => {
        const [before, after] = [old[id], now[id]].map(
          (one) => one && withValues({ ...one, Type: undefined }),
        );
        return [id, { type: (now[id] ?? old[id]).Type, before, after }];
      }),
    );
    expect(failing({ template, changed: ids, changes })).toEqual(failing({ template, previousTemplate }));
  });

  test('can be equal, and are not always empty', () => {
    const results = pairs.map(([, previousTemplate, template]) => failing({ template, previousTemplate }));
    expect(results.filter((added) => added.length > 0).length).toBeGreaterThan(10);
  });
});

describe('a tracing mode that the request does not decide', () => {
  const parameters = { Parameters: { Mode: { Type: 'String', Default: 'Active' } } };
  const Conditions = { On: { 'Fn::Equals': [{ Ref: 'Mode' }, 'Active'] } };
  const notes = (mode: unknown, more: object = {}, options: Partial<GuardOptions> = {}) => {
    const Resources = {
      Fn: { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode: mode } } },
    };
    const body = JSON.stringify({ template: JSON.stringify({ ...more, Resources }) });
    const { annotations } = answer(readRequest(stackRequest('CREATE')), body, { ...OPTIONS, ...options });
    return annotations!.filter(({ annotationName }) => annotationName === 'LambdaXRay');
  };
  const note = {
    status: 'SKIPPED',
    statusMessage: expect.stringMatching(
      /^The tracing mode of Fn depends on values that the request does not/,
    ) as string,
  };

  test.each<[string, unknown, object]>([
    ['a parameter', { Ref: 'Mode' }, parameters],
    ['a condition', { 'Fn::If': ['On', 'Active', 'PassThrough'] }, { ...parameters, Conditions }],
    ['an import', { 'Fn::ImportValue': 'Mode' }, {}],
    ['a dynamic reference', '{{resolve:ssm:/mode}}', {}],
    [
      'a macro in the property',
      { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 's3://b/k' } } },
      {},
    ],
  ])('has a note: %s', (_, mode, more) => {
    expect(notes(mode, more)).toMatchObject([note]);
  });

  test.each<[string, unknown, object]>([
    [
      'one that is Active for all values',
      { 'Fn::If': ['On', 'Active', 'Active'] },
      { ...parameters, Conditions },
    ],
    [
      'one that is never Active',
      { 'Fn::If': ['On', 'PassThrough', { Ref: 'AWS::NoValue' }] },
      { ...parameters, Conditions },
    ],
    [
      'one of the region',
      { 'Fn::FindInMap': ['Modes', { Ref: 'AWS::Region' }, 'mode'] },
      { Mappings: { Modes: { 'us-west-2': { mode: 'Active' }, 'eu-west-1': { mode: 'PassThrough' } } } },
    ],
  ])('is not %s', (_, mode, more) => {
    expect(notes(mode, more)).not.toMatchObject([note]);
  });

  test('is decided by the parameters of the configuration', () => {
    const config = parseConfig('parameters: { Orders: { Mode: Active } }', 'guard.yaml');
    expect(notes({ Ref: 'Mode' }, parameters, { config })).not.toMatchObject([note]);
  });
});
