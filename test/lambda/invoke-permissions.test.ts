import { keyOf } from '../../lib/cloudformation/partial-string';
import { Resolver } from '../../lib/cloudformation/resolver';
import { FunctionReferences } from '../../lib/lambda/function-references';
import { InvokePermissions, invokePermissions } from '../../lib/lambda/invoke-permissions';
import { buildTracingModel } from '../../lib/model/build-model';
import { stack } from '../rules/templates';

interface Words {
  readonly principals: string;
  readonly from: string;
  readonly isForUrl: boolean;
}

/** Returns the permissions of a resource. */
function permissionsOf(type: string, properties: object): Words[] {
  const resolver = Resolver.of([
    stack('t', { It: { Type: type, Properties: properties }, Fn: { Type: 'AWS::Lambda::Function' } }),
  ]);
  const [{ resources }] = resolver.templates;
  return invokePermissions(resources.get('It')!, resolver).map(({ value }) => ({
    principals: value.principals.map(keyOf).join(),
    from: value.sourceArns.map(keyOf).join(),
    isForUrl: value.isForUrl,
  }));
}

const policy = (...statements: object[]) =>
  permissionsOf('AWS::Lambda::ResourcePolicy', { PolicyDocument: { Statement: statements } });

const S3 = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Principal: { Service: 's3.amazonaws.com' } };
const FROM_S3 = { principals: 's3.amazonaws.com', from: '', isForUrl: false };
const BUCKET = 'arn:aws:s3:::files';

test.each<[what: string, statement: object, permissions: object[]]>([
  ['a service', S3, [FROM_S3]],
  ['a denial', { ...S3, Effect: 'Deny' }, []],
  ['another action', { ...S3, Action: 'lambda:GetFunction' }, []],
  ['all actions', { ...S3, Action: 'lambda:*' }, [FROM_S3]],
  ['all actions but invoking', { ...S3, Action: undefined, NotAction: 'lambda:Invoke*' }, []],
  [
    'several principals',
    { ...S3, Principal: { Service: ['s3.amazonaws.com', 'sns.amazonaws.com'] } },
    [{ ...FROM_S3, principals: 's3.amazonaws.com,sns.amazonaws.com' }],
  ],
  ['an ARN', { ...S3, Condition: { ArnLike: { 'aws:SourceArn': BUCKET } } }, [{ ...FROM_S3, from: BUCKET }]],
  [
    'ARNs by a key in other letters',
    { ...S3, Condition: { StringEquals: { 'AWS:sourceARN': [BUCKET, 'arn:aws:s3:::more'] } } },
    [{ ...FROM_S3, from: `${BUCKET},arn:aws:s3:::more` }],
  ],
  ['all ARNs but one', { ...S3, Condition: { ArnNotLike: { 'aws:SourceArn': BUCKET } } }, [FROM_S3]],
  ['an account', { ...S3, Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }, [FROM_S3]],
  ['a condition that is malformed', { ...S3, Condition: { ArnLike: BUCKET } }, [FROM_S3]],
  ['a condition known only at deployment', { ...S3, Condition: { Ref: 'Condition' } }, [FROM_S3]],
  [
    'an ARN left out in a case, which limits nothing',
    { ...S3, Condition: { ArnLike: { 'aws:SourceArn': { Ref: 'AWS::NoValue' } } } },
    [FROM_S3],
  ],
])('a statement for %s', (_, statement, permissions) => {
  expect(policy(statement)).toEqual(permissions);
});

const DENY = { ...S3, Effect: 'Deny' };
const BOTH = { ...S3, Principal: { Service: ['s3.amazonaws.com', 'sns.amazonaws.com'] } };
const VIA_URL = { Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } } };

describe('a denial', () => {
  test.each<[what: string, statements: object[], principals: string[]]>([
    ['cancels a permission', [S3, DENY], []],
    ['cancels it in any order', [DENY, S3], []],
    ['of all actions cancels it', [S3, { ...DENY, Action: '*' }], []],
    ['with an empty condition cancels it', [S3, { ...DENY, Condition: {} }], []],
    ['for all principals cancels all', [BOTH, { ...DENY, Principal: '*' }], []],
    ['for one principal leaves the others', [BOTH, DENY], ['sns.amazonaws.com']],
    [
      'of the same resource cancels it',
      [
        { ...S3, Resource: 'a' },
        { ...DENY, Resource: 'a' },
      ],
      [],
    ],
    [
      'of all resources cancels it',
      [
        { ...S3, Resource: 'a' },
        { ...DENY, Resource: '*' },
      ],
      [],
    ],
    [
      'of calls through URLs cancels their permission',
      [
        { ...S3, ...VIA_URL },
        { ...DENY, Action: 'lambda:InvokeFunctionUrl' },
      ],
      [],
    ],
    [
      'of calls through URLs leaves other calls',
      [S3, { ...DENY, Action: 'lambda:InvokeFunctionUrl' }],
      ['s3.amazonaws.com'],
    ],
    [
      'of another resource does not',
      [
        { ...S3, Resource: 'a' },
        { ...DENY, Resource: 'b' },
      ],
      ['s3.amazonaws.com'],
    ],
    ['of other actions does not', [S3, { ...DENY, Action: 'lambda:GetFunction' }], ['s3.amazonaws.com']],
    [
      'for another principal does not',
      [S3, { ...DENY, Principal: { AWS: '111122223333' } }],
      ['s3.amazonaws.com'],
    ],
    ['for an unknown principal does not', [S3, { ...DENY, Principal: { Ref: 'P' } }], ['s3.amazonaws.com']],
    ['under a condition does not', [S3, { ...DENY, ...VIA_URL }], ['s3.amazonaws.com']],
    ['leaves a permission without a known principal', [{ ...S3, Principal: undefined }, DENY], ['']],
  ])('%s', (_, statements, principals) => {
    expect(policy(...statements).map((permission) => permission.principals)).toEqual(principals);
  });

  test('cancels a permission in its case only', () => {
    const denial = { 'Fn::If': ['Strict', DENY, { Ref: 'AWS::NoValue' }] };
    const resolver = Resolver.of([
      stack('t', {
        It: {
          Type: 'AWS::Lambda::ResourcePolicy',
          Properties: { PolicyDocument: { Statement: [S3, denial] } },
        },
      }),
    ]);
    const [{ resources }] = resolver.templates;
    const cases = invokePermissions(resources.get('It')!, resolver).map(({ when }) => Object.values(when));
    expect(cases).toEqual([[false]]);
  });
});

describe('a denial in a resource policy', () => {
  const FN = { 'Fn::GetAtt': ['Fn', 'Arn'] };
  const denying = (ResourceArn: unknown, statement: object = {}, more: object = {}) => ({
    Type: 'AWS::Lambda::ResourcePolicy',
    Properties: {
      ResourceArn,
      PolicyDocument: { Statement: { ...DENY, Resource: ResourceArn, ...statement } },
    },
    ...more,
  });
  const permitting = (FunctionName: unknown, Principal = 's3.amazonaws.com') => ({
    Type: 'AWS::Lambda::Permission',
    Properties: { FunctionName, Action: 'lambda:InvokeFunction', Principal },
  });
  const OTHERS = {
    Fn: { Type: 'AWS::Lambda::Function' },
    Other: { Type: 'AWS::Lambda::Function' },
    Live: { Type: 'AWS::Lambda::Alias', Properties: { Name: 'live', FunctionName: { Ref: 'Fn' } } },
  };
  const allowed = (resources: object) => {
    const references = new FunctionReferences([stack('t', { ...OTHERS, ...resources })]);
    const [{ resources: all }] = references.resolver.templates;
    return new InvokePermissions(references)
      .of(all.get('Allow')!)
      .map(({ value, when }) => [...value.principals.map(keyOf), ...Object.values(when)].join());
  };
  const BY_ARN = permitting(FN);

  test.each<[what: string, resources: object, principals: string[]]>([
    ['cancels the permission of another resource', { Allow: BY_ARN, Deny: denying(FN) }, []],
    ['cancels one by the name', { Allow: permitting({ Ref: 'Fn' }), Deny: denying(FN) }, []],
    [
      'of an alias cancels one of the alias',
      { Allow: permitting({ Ref: 'Live' }), Deny: denying({ Ref: 'Live' }) },
      [],
    ],
    ['of all resources cancels it', { Allow: BY_ARN, Deny: denying(FN, { Resource: '*' }) }, []],
    [
      'cancels the one of another policy',
      { Allow: denying(FN, { Effect: 'Allow' }), Deny: denying(FN, { Principal: '*' }) },
      [],
    ],
    [
      'of another function does not',
      { Allow: BY_ARN, Deny: denying({ 'Fn::GetAtt': ['Other', 'Arn'] }) },
      ['s3.amazonaws.com'],
    ],
    ['of an alias does not', { Allow: BY_ARN, Deny: denying({ Ref: 'Live' }) }, ['s3.amazonaws.com']],
    [
      'of a version does not',
      { Allow: BY_ARN, Deny: denying({ 'Fn::Sub': '${Fn.Arn}:7' }) },
      ['s3.amazonaws.com'],
    ],
    [
      'of another resource than that of its policy does not',
      { Allow: BY_ARN, Deny: denying(FN, { Resource: 'arn:aws:lambda:eu-west-1:111122223333:function:b' }) },
      ['s3.amazonaws.com'],
    ],
    [
      'for another principal does not',
      { Allow: permitting(FN, 'sns.amazonaws.com'), Deny: denying(FN) },
      ['sns.amazonaws.com'],
    ],
    [
      'under a condition of the request does not',
      { Allow: BY_ARN, Deny: denying(FN, VIA_URL) },
      ['s3.amazonaws.com'],
    ],
    [
      'in one case leaves the permission in the other',
      { Allow: BY_ARN, Deny: denying(FN, {}, { Condition: 'Strict' }) },
      ['s3.amazonaws.com,false'],
    ],
    [
      'for one of several functions does not',
      { Allow: permitting({ 'Fn::If': ['A', { Ref: 'Fn' }, { Ref: 'Other' }] }), Deny: denying(FN) },
      ['s3.amazonaws.com'],
    ],
  ])('%s', (_, resources, principals) => {
    expect(allowed(resources)).toEqual(principals);
  });

  test('leaves no caller in the model and on the map', () => {
    const callers = (resources: object) => {
      const { functions, traceMap } = buildTracingModel([stack('t', { ...OTHERS, ...resources })]);
      const { incoming } = traceMap.nodes.find(({ name }) => name === 'Fn')!;
      return [functions[0].hasOtherCallers, incoming.map(({ from }) => from.name)];
    };
    expect(callers({ Allow: BY_ARN })).toEqual([true, ['s3.amazonaws.com']]);
    expect(callers({ Allow: BY_ARN, Deny: denying(FN) })).toEqual([false, []]);
  });
});

const CALLER = { FunctionName: 'Fn', Principal: '*' };

test.each<[what: string, properties: object, isForUrl: boolean]>([
  ['the action for URLs', { Action: 'lambda:InvokeFunctionUrl' }, true],
  ['the action for all', { Action: 'lambda:InvokeFunction' }, false],
  ['both actions', { Action: 'lambda:InvokeFunction*' }, false],
  ['calls through URLs', { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true }, true],
  ['calls through URLs, as text', { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: 'true' }, true],
  ['other calls', { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: false }, false],
  [
    'calls that are not known',
    { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: { Ref: 'P' } },
    false,
  ],
])('a permission for %s: for URLs only is %s', (_, properties, isForUrl) => {
  const permissions = permissionsOf('AWS::Lambda::Permission', { ...CALLER, ...properties });
  expect(permissions).toEqual([{ principals: '*', from: '', isForUrl }]);
});

test('a statement for calls through URLs, and others', () => {
  const Condition = { Bool: { 'lambda:InvokedViaFunctionUrl': ['true', 'false'] } };
  expect(policy({ ...S3, Condition })).toEqual([FROM_S3]);
});
