import { DEPLOY_TIME_MODE } from '../../lib/rules/deploy-time-mode';
import {
  type Case,
  CONDITIONS,
  IF_TRACED,
  lambda,
  ruleTester,
  serverless,
  stack,
  version,
} from './templates';

const MODES = {
  Mappings: {
    Modes: { 'eu-west-1': { mode: 'Active' }, 'us-east-1': { mode: 'PassThrough' } },
    Accounts: { '111122223333': { mode: 'Active' }, '444455556666': { mode: 'PassThrough' } },
  },
};
const inMap = (...keys: unknown[]) => ({ 'Fn::FindInMap': keys });
const REGION = { Ref: 'AWS::Region' };

const ALIAS = { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live' } };

ruleTester(DEPLOY_TIME_MODE, {
  valid: [
    ['a literal mode', { Fn: lambda('Active'), V: version() }],
    ['a function that is not published', stack('t', { Fn: lambda(IF_TRACED) }, CONDITIONS)],
    ['no mode', { Fn: lambda(), V: version() }],
    [
      'a condition that makes no difference',
      stack('t', { Fn: lambda({ 'Fn::If': ['Traced', 'Active', 'Active'] }), V: version() }, CONDITIONS),
    ],
    [
      'a version that is replaced when the parameter changes',
      {
        Fn: lambda({ Ref: 'Mode' }),
        V: version({ Ref: 'Fn' }, { Description: { 'Fn::Sub': 'X-Ray tracing: ${Mode}' } }),
      },
    ],
    [
      'a version that is replaced when the condition changes',
      stack(
        't',
        { Fn: lambda(IF_TRACED), V: version({ Ref: 'Fn' }, { Description: IF_TRACED }) },
        CONDITIONS,
      ),
    ],
    [
      'a mode of the region, which a stack never leaves',
      stack('t', { Fn: lambda(inMap('Modes', REGION, 'mode')), V: version() }, { sections: MODES }),
    ],
    [
      'a mode of the region, with a default for others',
      stack(
        't',
        { Fn: lambda(inMap('Modes', REGION, 'mode', { DefaultValue: 'Active' })), V: version() },
        { sections: MODES },
      ),
    ],
    [
      'a mode of the account',
      stack(
        't',
        { Fn: lambda(inMap('Accounts', { Ref: 'AWS::AccountId' }, 'mode')), V: version() },
        { sections: MODES },
      ),
    ],
    ...['AWS::Region', 'AWS::StackName', 'AWS::Partition'].map((name): Case => [
      `a condition on ${name}`,
      stack(
        't',
        { Fn: lambda(IF_TRACED), V: version() },
        { sections: { Conditions: { Traced: { 'Fn::Equals': ['x', { Ref: name }] } } } },
      ),
    ]),
    [
      'a condition on the account and the region',
      stack(
        't',
        { Fn: lambda(IF_TRACED), V: version() },
        {
          sections: {
            Conditions: {
              Traced: { 'Fn::Equals': [{ 'Fn::Sub': '${AWS::AccountId}/${AWS::Region}' }, '1111/eu-west-1'] },
            },
          },
        },
      ),
    ],
    [
      'the region that the parent stack passes on',
      stack('p', {
        N: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: { Region: REGION } } },
      }),
      stack(
        'n',
        { Fn: lambda(inMap('Modes', { Ref: 'Region' }, 'mode')), V: version() },
        {
          nestedIn: { id: 'p', logicalId: 'N' },
          sections: { ...MODES, Parameters: { Region: { Type: 'String' } } },
        },
      ),
    ],
    [
      'a literal mode from the parent stack',
      stack('p', {
        N: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: { Mode: 'Active' } } },
      }),
      stack(
        'n',
        { Fn: lambda({ Ref: 'Mode' }), V: version() },
        { nestedIn: { id: 'p', logicalId: 'N' }, sections: { Parameters: { Mode: { Type: 'String' } } } },
      ),
    ],
  ],
  invalid: [
    ['Fn TracingConfig.Mode', 'a parameter', { Fn: lambda({ Ref: 'Mode' }), V: version() }],
    ['Fn TracingConfig.Mode', 'a condition', stack('t', { Fn: lambda(IF_TRACED), A: ALIAS }, CONDITIONS)],
    [
      'Fn TracingConfig.Mode',
      'a mode of the region and a parameter',
      stack(
        't',
        { Fn: lambda(inMap('Modes', REGION, { Ref: 'Key' })), V: version() },
        {
          sections: {
            Mappings: {
              Modes: { 'eu-west-1': { a: 'Active', b: 'PassThrough' }, 'us-east-1': { a: 'Active' } },
            },
          },
        },
      ),
    ],
    [
      'Fn TracingConfig.Mode',
      'a condition on the region and a parameter',
      stack(
        't',
        { Fn: lambda(IF_TRACED), V: version() },
        { sections: { Conditions: { Traced: { 'Fn::Equals': [REGION, { Ref: 'Home' }] } } } },
      ),
    ],
    [
      'Fn TracingConfig.Mode',
      'a mode that only one region leaves to a parameter',
      stack(
        't',
        { Fn: lambda({ 'Fn::If': ['Traced', 'Active', { Ref: 'Mode' }] }), V: version() },
        { sections: { Conditions: { Traced: { 'Fn::Equals': [REGION, 'eu-west-1'] } } } },
      ),
    ],
    [
      'Fn TracingConfig.Mode',
      'a version whose description states something else',
      {
        Fn: lambda({ Ref: 'Mode' }),
        V: version({ Ref: 'Fn' }, { Description: { 'Fn::Sub': 'of ${Stage}' } }),
      },
    ],
    [
      'Fn Tracing',
      'SAM with all properties, which compares only the name of the parameter',
      serverless({
        Tracing: { Ref: 'Mode' },
        AutoPublishAlias: 'live',
        AutoPublishAliasAllProperties: true,
      }),
    ],
    [
      'Fn Tracing',
      'SAM that publishes by itself',
      serverless({ Tracing: { Ref: 'Mode' }, AutoPublishAlias: 'live' }),
    ],
  ],
});
