export * from './testing/tracing-assertions';
export * from './constructs/lambda-tracing';
export * from './constructs/lambda-tracing-options';
export * from './constructs/lambda-tracing-scope';
export * from './constructs/traced-function';
export * from './constructs/tracing-props';
export * from './nag/lambda-xray-checks';
export * from './nag/lambda-xray-rules';
