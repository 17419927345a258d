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

  test('names whoever gets the old mode', () => {
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
      "The tracing mode of 'Fn' changes from PassThrough to Active, but its version 'V' keeps its logical ID and its " +
        "properties: it keeps PassThrough, and so does what goes through it: the alias 'A', the event source mapping 'Orders', the permission " +
        "'Allowed', the API method 'Get', the API integration 'Api', " +
        '1 more.',
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

  test('says what SAM publishes, and who refers to it', () => {
    const rule = {
      Permission: { Type: 'AWS::Lambda::Permission', Properties: { FunctionName: { Ref: 'Fn.Alias' } } },
    };
    const { message, fix } = finding({ ...sam('PassThrough'), ...rule }, { ...sam('Active'), ...rule });
    expect(message).toBe(
      "The tracing mode of 'Fn' changes from PassThrough to Active, but the version that SAM publishes of it, and the " +
        "alias that it moves, keep PassThrough, and so does what goes through it: the permission 'Permission'.",
    );
    expect(fix).toBe("Set AutoPublishAliasAllProperties of 'Fn' to true.");
  });

  test('is a warning where only packaging tells whether the code changes', () => {
    const local = { CodeUri: 'src/' };
    const { message, severity } = finding(sam('PassThrough', local), sam('Active', local));
    expect(severity).toBe('warning');
    expect(message).toContain('keep PassThrough, unless its code changes in the same deployment.');
  });
});
