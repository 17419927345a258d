import { and } from '../cloudformation/possible';
import { nameOf } from '../cloudformation/template';
import { daemonMemory } from '../lambda/function-settings';
import type { LambdaFunction } from '../lambda/lambda-function';
import { type Finding, findingOn, type Rule } from './rule';
import { activePhrase, canBeActiveWhen } from './wording';

export const DAEMON_MEMORY: Rule = {
  id: 'LambdaXRay-DaemonMemory',
  title: 'Functions with active tracing and layers should have at least 160 MB of memory',
  problem: 'Little memory beside the X-Ray daemon',
  severity: 'info',
  skipsCdkFunctions: true,
  rationale:
    'In an Active function, the X-Ray daemon can use 3 percent of the memory or 16 MB, whichever is greater. ' +
    'Lambda stops the daemon first if the function runs out of memory. With less than 160 MB, the daemon can ' +
    'use more than 10 percent of the memory. A layer can hold an extension or instrumentation, which share the ' +
    'memory with the code. A function without layers is not reported: 128 MB is the default of Lambda, and the rest ' +
    'is enough for many functions.',
  fix: 'Set the memory of the function to 160 MB or more, or verify that the rest is enough for its code and its layers.',
  source: {
    title: 'Visualize Lambda function invocations using AWS X-Ray',
    url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html',
  },
  examples: {
    incorrect: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      MemorySize: 128
      Layers: [arn:aws:lambda:eu-west-1:111122223333:layer:telemetry:1]
      TracingConfig: { Mode: Active }`,
    correct: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      MemorySize: 256
      Layers: [arn:aws:lambda:eu-west-1:111122223333:layer:telemetry:1]
      TracingConfig: { Mode: Active }`,
    typescript: `new TracedFunction(this, 'Fn', { ...props, memorySize: 256 });`,
    sam: `Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      MemorySize: 256
      Layers: [arn:aws:lambda:eu-west-1:111122223333:layer:telemetry:1]
      Tracing: Active`,
  },
  check: (model) => model.functions.filter(({ isEdgeFunction }) => !isEdgeFunction).flatMap(findingsFor),
};

function findingsFor(fn: LambdaFunction): Finding[] {
  const { resource, memory, hasLayer } = fn;
  const layered = hasLayer.filter(({ value }) => value);
  const small = memory.find(
    ({ value, when }) =>
      value !== undefined &&
      daemonMemory(value) > value / 10 &&
      layered.some((layer) => {
        const both = and(when, layer.when);
        return both && canBeActiveWhen(fn, both);
      }),
  )?.value;
  if (small === undefined) return [];
  const name = nameOf(resource);
  const daemon = daemonMemory(small);
  const left = small - daemon;
  return [
    findingOn(resource, {
      property: 'MemorySize',
      message: `Function '${name}' ${activePhrase(fn)} with ${small} MB of memory and has layers. The X-Ray daemon can use ${daemon} MB of it, which leaves ${left} MB for its code and its layers.`,
      fix: `Set MemorySize of '${name}' to 160 or more, unless ${left} MB is enough for both.`,
    }),
  ];
}
