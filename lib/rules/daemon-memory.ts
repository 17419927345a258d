import { nameOf } from '../cloudformation/template';
import { daemonMemory } from '../lambda/function-settings';
import type { LambdaFunction } from '../lambda/lambda-function';
import { type Finding, findingOn, type Rule } from './rule';
import { activePhrase, canBeActiveWhen } from './wording';

export const DAEMON_MEMORY: Rule = {
  id: 'LambdaXRay-DaemonMemory',
  title: 'Functions with active tracing should have at least 160 MB of memory',
  problem: 'Little memory beside the X-Ray daemon',
  severity: 'info',
  rationale:
    'In an Active function, the X-Ray daemon can use 3 percent of the memory or 16 MB, whichever is greater. ' +
    'Lambda stops the daemon first if the function runs out of memory. With less than 160 MB, the daemon can ' +
    'use more than 10 percent of the memory.',
  fix: 'Set the memory of the function to 160 MB or more, or verify that the rest is enough for its code.',
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
      TracingConfig: { Mode: Active }`,
    correct: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      MemorySize: 256
      TracingConfig: { Mode: Active }`,
    typescript: `new TracedFunction(this, 'Fn', { ...props, memorySize: 256 });`,
    sam: `Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      MemorySize: 256
      Tracing: Active`,
  },
  check: (model) => model.functions.filter(({ isEdgeFunction }) => !isEdgeFunction).flatMap(findingsFor),
};

function findingsFor(fn: LambdaFunction): Finding[] {
  const { resource, memory } = fn;
  const small = memory.find(
    ({ value, when }) => value !== undefined && daemonMemory(value) > value / 10 && canBeActiveWhen(fn, when),
  )?.value;
  if (small === undefined) return [];
  const name = nameOf(resource);
  const daemon = daemonMemory(small);
  const left = small - daemon;
  return [
    findingOn(resource, {
      property: 'MemorySize',
      message: `Function '${name}' ${activePhrase(fn)} with ${small} MB of memory. The X-Ray daemon can use ${daemon} MB of it, which leaves ${left} MB.`,
      fix: `Set MemorySize of '${name}' to 160 or more, unless ${left} MB is enough for its code.`,
    }),
  ];
}
