import { SAMPLING_RULE } from '../../lib/rules/sampling-rule';
import { type Resources, ruleTester } from './templates';

const samplingRule = (ServiceType: unknown): Resources => ({
  R: { Type: 'AWS::XRay::SamplingRule', Properties: { SamplingRule: { ServiceType } } },
});

ruleTester(SAMPLING_RULE, {
  valid: [
    ['API Gateway', samplingRule('AWS::ApiGateway::Stage')],
    ['all services', samplingRule('*')],
    ['a type that is not known', samplingRule({ Ref: 'Type' })],
    ['a rule without anything', { R: { Type: 'AWS::XRay::SamplingRule' } }],
  ],
  invalid: [
    ['R SamplingRule.ServiceType', 'the function', samplingRule('AWS::Lambda::Function')],
    ['R SamplingRule.ServiceType', 'the service', samplingRule('AWS::Lambda')],
  ],
});
