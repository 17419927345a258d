import { SAMPLING_RULE } from '../../lib/rules/sampling-rule';
import { type Resources, ruleTester } from './templates';

const ruleWith = (properties: object): Resources => ({
  R: { Type: 'AWS::XRay::SamplingRule', Properties: properties },
});
const samplingRule = (ServiceType: unknown) => ruleWith({ SamplingRule: { ServiceType } });
const LAMBDA = { ServiceType: 'AWS::Lambda::Function' };

ruleTester(SAMPLING_RULE, {
  valid: [
    ['API Gateway', samplingRule('AWS::ApiGateway::Stage')],
    ['all services', samplingRule('*')],
    ['a type that is not known', samplingRule({ Ref: 'Type' })],
    ['the older property of another service', ruleWith({ SamplingRuleUpdate: { ServiceType: '*' } })],
    ['a property that CloudFormation does not have', ruleWith({ SamplingRuleRecord: LAMBDA })],
    ['a rule without anything', { R: { Type: 'AWS::XRay::SamplingRule' } }],
  ],
  invalid: [
    ['R SamplingRule.ServiceType', 'the function', samplingRule('AWS::Lambda::Function')],
    ['R SamplingRule.ServiceType', 'the service', samplingRule('AWS::Lambda')],
    [
      'R SamplingRuleRecord.SamplingRule.ServiceType',
      'the older property for a new rule',
      ruleWith({ SamplingRuleRecord: { SamplingRule: LAMBDA } }),
    ],
    [
      'R SamplingRuleUpdate.ServiceType',
      'the older property for an existing rule',
      ruleWith({ RuleName: 'orders', SamplingRuleUpdate: LAMBDA }),
    ],
  ],
});
