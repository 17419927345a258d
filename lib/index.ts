export * from './constructs/lambda-tracing';
export * from './constructs/lambda-tracing-options';
export * from './constructs/lambda-tracing-scope';
export * from './constructs/traced-docker-image-function';
export * from './constructs/traced-function';
export * from './constructs/traced-nodejs-function';
export * from './constructs/tracing-permissions';
export * from './constructs/tracing-props';
