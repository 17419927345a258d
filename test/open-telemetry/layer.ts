import { existsSync } from 'node:fs';
import { join } from 'node:path';

const MODULES = join(__dirname, '../../.open-telemetry/node_modules');
const REGISTER = join(
  MODULES,
  '@aws/aws-distro-opentelemetry-node-autoinstrumentation/build/src/register.js',
);

/** The program that runs handlers in AWS's images and in the managed runtimes. */
export const RUNTIME_CLIENT = join(MODULES, 'aws-lambda-ric/bin/index.mjs');

/** True if `npm run open-telemetry` has installed the package of the layer and the runtime interface client. */
export const isLayerInstalled = existsSync(REGISTER) && existsSync(RUNTIME_CLIENT);

/**
 * The environment that the layer's wrapper makes for CommonJS handlers ("otel-instrument",
 * aws-observability/aws-otel-js-instrumentation), with the package in place of the layer.
 */
export const LAYER_ENVIRONMENT: Readonly<Record<string, string>> = {
  NODE_OPTIONS: `--require ${REGISTER}`,
  OTEL_AWS_APPLICATION_SIGNALS_ENABLED: 'false',
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
  OTEL_LOGS_EXPORTER: 'none',
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'aws-sdk,aws-lambda,http',
  OTEL_PROPAGATORS: 'baggage,tracecontext,xray',
  OTEL_SERVICE_NAME: 'function',
};
