import { nameOf } from '../cloudformation/template';
import {
  agentLayersIn,
  languageOf,
  layerArn,
  layerNameFor,
  OPEN_TELEMETRY_WRAPPER,
  parseLayerArn,
  WRAPPER_VARIABLE,
} from '../lambda/instrumentation';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { TracingLibrary } from '../lambda/tracing-libraries';
import { INSTRUMENTED } from './broken-instrumentation';
import { openTelemetryFix, sentence } from './fixes';
import { type Finding, findingOn, type Rule, type TemplateFix } from './rule';
import { propertyFixes } from './template-fixes';

/** The end of the support of the X-Ray SDKs and daemon: "Document history" (AWS X-Ray Developer Guide). */
const SDK_SUPPORT_ENDS = '2027-02-25';

export const LEGACY_INSTRUMENTATION: Rule = {
  id: 'LambdaXRay-LegacyInstrumentation',
  title:
    'Functions should use OpenTelemetry without a collector instead of the X-Ray SDKs and the legacy layers',
  problem: 'Legacy tracing library or layer',
  severity: 'warning',
  rationale:
    'AWS supports the X-Ray SDKs until 25 February 2027, with security fixes only. Tracer of Powertools for AWS Lambda ' +
    'is based on them. The legacy layers of the AWS Distro for OpenTelemetry run a collector in each execution ' +
    'environment; AWS no longer recommends them. Findings about the SDKs have the severity info until their support ' +
    'ends, and warning after that.',
  fix: "Add AWS's OpenTelemetry layer for the runtime, and remove the library or the legacy layer.",
  source: {
    title: 'Migrating from X-Ray instrumentation to OpenTelemetry instrumentation',
    url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-sdk-migration.html',
  },
  examples: {
    incorrect: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      TracingConfig: { Mode: Active }
      Layers: [!Sub 'arn:aws:lambda:\${AWS::Region}:901920570463:layer:aws-otel-nodejs-amd64-ver-1-30-2:1']
      Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER: /opt/otel-handler } }`,
    ...INSTRUMENTED,
  },
  readsCode: true,
  repairs: ['suggested'],
  check: (model) =>
    model.functions
      .filter(({ isEdgeFunction }) => !isEdgeFunction)
      .flatMap((fn) => [
        ...layerFindings(fn),
        ...fn.code.libraries.map((library) => libraryFinding(fn, library)),
      ]),
};

function layerFindings(fn: LambdaFunction): Finding[] {
  const { resource, configuration } = fn;
  const legacy = agentLayersIn(configuration.layers).find(({ value: { agent } }) => agent.isLegacy)?.value
    .arn;
  if (!legacy) return [];
  const name = nameOf(resource);
  return [
    findingOn(resource, {
      property: 'Layers',
      message: `Function '${name}' has the layer ${legacy.name}, a legacy layer with a collector, which AWS no longer recommends.`,
      fix: sentence(`remove the layer of '${name}', and ${openTelemetryFix(fn)}`),
      fixes: layerFixes(fn),
    }),
  ];
}

/**
 * Returns the fixes that replace the legacy layer of a function by the one for its runtime and region. None if these are not
 * certain, if the template computes the layers, or for a layer that has only a collector, which the code sends spans to.
 */
function layerFixes({
  resource,
  configuration: { runtimes, isImage, layers },
}: LambdaFunction): TemplateFix[] {
  const { Layers: own } = resource.properties;
  const [runtime, ...otherRuntimes] = runtimes;
  const layer = layerNameFor(runtime?.value ?? '');
  const instrumenting = agentLayersIn(layers);
  const [legacy] = instrumenting;
  if (!Array.isArray(own) || !legacy || instrumenting.length > 1) return [];
  if (!layer || otherRuntimes.length > 0 || isImage) return [];
  const index = own.findIndex(
    (arn) => typeof arn === 'string' && parseLayerArn(arn)?.name === legacy.value.arn.name,
  );
  const { region = '' } = parseLayerArn(String(own[index])) ?? {};
  const arn = layerArn(layer, region);
  if (arn === undefined || languageOf(legacy.value.arn) !== languageOf({ name: layer })) return [];
  const wrapper = ['Environment', 'Variables', WRAPPER_VARIABLE];
  return [
    ...propertyFixes(resource, ['Layers', String(index)], { set: arn }, 'suggested'),
    ...propertyFixes(resource, wrapper, { set: OPEN_TELEMETRY_WRAPPER }, 'suggested'),
  ];
}

function libraryFinding(fn: LambdaFunction, { name: library, file }: TracingLibrary): Finding {
  const { resource } = fn;
  const name = nameOf(resource);
  const basis = library === 'the X-Ray SDK' ? '' : ', which is based on the X-Ray SDK';
  const isEnded = new Date().toISOString().slice(0, 10) > SDK_SUPPORT_ENDS;
  return findingOn(resource, {
    property: resource.type === 'AWS::Serverless::Function' ? 'CodeUri' : 'Code',
    severity: isEnded ? 'warning' : 'info',
    message: `Function '${name}' has ${library} in its code (${file})${basis}. AWS ${isEnded ? 'supported' : 'supports'} the X-Ray SDKs until ${SDK_SUPPORT_ENDS}.`,
    fix: sentence(`remove ${library} from the code of '${name}', and ${openTelemetryFix(fn)}`),
  });
}
