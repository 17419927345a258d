import { nameOf } from '../cloudformation/template';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { Finding, Rule } from './rule';
import { canBeActiveWhen, activePhrase } from './wording';

export const DAEMON_MEMORY: Rule = {
  id: 'LambdaXRay-DaemonMemory',
  title: 'The X-Ray daemon leaves the function enough memory',
  severity: 'info',
  rationale:
    'In an Active function the X-Ray daemon may take 3 percent of the memory, or 16 MB if ' +
    'that is more, and is ended first when memory runs out. With less than 160 MB it takes ' +
    'over a tenth.',
  fix: 'Give the function 160 MB or more, or make sure that what is left is enough.',
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
  },
  check: (model) => model.functions.flatMap(findingOf),
};

/** What the daemon may take at the least, in MB. */
const DAEMON_FLOOR = 16;

function findingOf(fn: LambdaFunction): Finding[] {
  const { resource, memory } = fn;
  const small = memory.find(
    ({ value, when }) => value !== undefined && DAEMON_FLOOR > value / 10 && canBeActiveWhen(fn, when),
  );
  if (small?.value === undefined) return [];
  return [
    {
      resource,
      logicalId: resource.logicalId,
      property: 'MemorySize',
      message: `The function '${nameOf(resource)}' ${activePhrase(fn)} with ${small.value} MB of memory, of which the X-Ray daemon may take ${DAEMON_FLOOR} MB: ${small.value - DAEMON_FLOOR} MB are left.`,
      fix: `Set MemorySize of '${nameOf(resource)}' to 160 or more, unless ${small.value - DAEMON_FLOOR} MB are enough.`,
      related: [],
    },
  ];
}
