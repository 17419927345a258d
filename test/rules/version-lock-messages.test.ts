import { checkModel } from '../../lib/checker/check';
import { buildTracingModel } from '../../lib/model/build-model';
import { VERSION_LOCK } from '../../lib/rules/version-lock';
import { alias, inMode, sam, version } from './published-functions';
import { type Resources, stack } from './templates';

describe('the message', () => {
  const finding = (before: Resources, after: Resources) =>
    checkModel(buildTracingModel([stack('t', after)], [stack('t', before)])).find(
      ({ rule }) => rule === VERSION_LOCK,
    )!;

  test('has all users of the old mode', () => {
    const live = { Ref: 'A' };
    const system = (mode: string) =>
      inMode(mode, {
        V: version(),
        A: alias({ 'Fn::GetAtt': ['V', 'Version'] }),
        Orders: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { FunctionName: live } },
        Allowed: { Type: 'AWS::Lambda::Permission', Properties: { FunctionName: live } },
        Get: {
          Type: 'AWS::ApiGateway::Method',
          Properties: {
            Integration: {
              Uri: {
                'Fn::Sub': 'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${A}/invocations',
              },
            },
          },
        },
        Api: {
          Type: 'AWS::ApiGatewayV2::Integration',
          Properties: { IntegrationUri: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Fn', 'Arn'] }, ':live']] } },
        },
        Put: {
          Type: 'AWS::ApiGateway::Method',
          Properties: {
            RestApiId: 'orders',
            Integration: {
              Uri: {
                'Fn::Sub':
                  'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Fn.Arn}:live/invocations',
              },
            },
          },
        },
        Unrelated: { Type: 'AWS::Lambda::Permission', Properties: { FunctionName: { Ref: 'Fn' } } },
      });
    const { message, severity, related } = finding(system('PassThrough'), system('Active'));
    expect(severity).toBe('error');
    expect(message).toBe(
      "The tracing mode of 'Fn' changes from PassThrough to Active. Version 'V' keeps its logical ID and properties, so " +
        "CloudFormation publishes no new version and 'V' stays on PassThrough. This also affects the alias 'A', the event source mapping " +
        "'Orders', the permission 'Allowed', the API method 'Get', the API integration 'Api', 1 more.",
    );
    expect(related.map(({ logicalId }) => logicalId)).toEqual([
      'Fn',
      'A',
      'Orders',
      'Allowed',
      'Get',
      'Api',
      'Put',
    ]);
  });

  test('has the users of the version that SAM publishes', () => {
    const rule = {
      Permission: { Type: 'AWS::Lambda::Permission', Properties: { FunctionName: { Ref: 'Fn.Alias' } } },
    };
    const { message, fix } = finding({ ...sam('PassThrough'), ...rule }, { ...sam('Active'), ...rule });
    expect(message).toBe(
      "The tracing mode of 'Fn' changes from PassThrough to Active. SAM publishes no new version of the function, so the " +
        "alias 'live' of 'Fn' stays on PassThrough. This also affects the permission 'Permission'.",
    );
    expect(fix).toBe("Set AutoPublishAliasAllProperties of 'Fn' to true.");
  });

  test('has an exception for code that packaging may change', () => {
    const local = { CodeUri: 'src/' };
    const { message, severity } = finding(sam('PassThrough', local), sam('Active', local));
    expect(severity).toBe('warning');
    expect(message).toContain(
      'stays on PassThrough, unless the code of the function changes in the same deployment.',
    );
  });
});
