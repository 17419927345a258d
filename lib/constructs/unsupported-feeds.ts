import { Stack } from 'aws-cdk-lib';
import { type Function as LambdaFunction, Tracing } from 'aws-cdk-lib/aws-lambda';
import { EVENT_SOURCE_NAMES, isUnsupported } from '../model/event-source-kind';
import { isAcknowledged } from './acknowledgements';
import { FunctionLinks } from './function-links';
import { FunctionResource } from './function-resource';

const RULE_ID = 'LambdaXRay-UnsupportedEventSource';

const guarded = new WeakMap<Stack, LambdaFunction[]>();

/**
 * Fails the synthesis when a function that is Active is fed by an event source that X-Ray doesn't support.
 * Functions of one stack are looked at together, when all of the app is there.
 */
export function refuseUnsupportedFeeds(fn: LambdaFunction): void {
  const stack = Stack.of(fn);
  const functions = guarded.get(stack);
  if (functions) {
    functions.push(fn);
    return;
  }
  guarded.set(stack, [fn]);
  stack.node.addValidation({
    validate: () => {
      const links = new FunctionLinks(stack.node.root);
      return guarded.get(stack)!.flatMap((guardedFunction) => conflictsOf(guardedFunction, links));
    },
  });
}

function conflictsOf(fn: LambdaFunction, links: FunctionLinks): string[] {
  const resource = FunctionResource.of(fn.node.defaultChild!)!;
  if (resource.mode !== Tracing.ACTIVE) return [];
  return links
    .mappingsOf(resource)
    .filter(
      ({ source, resource: mapping }) => isUnsupported(source.kind) && !isAcknowledged(mapping, RULE_ID),
    )
    .map(
      ({ source: { kind }, resource: mapping }) =>
        `The function '${fn.node.path}' has active tracing, but the event source mapping '${mapping.node.path}' ` +
        `connects it to ${EVENT_SOURCE_NAMES[kind]}, which X-Ray does not support. Set 'tracing: Tracing.PASS_THROUGH' on the function, ` +
        `give ${EVENT_SOURCE_NAMES[kind]} a function of its own, or acknowledge ${RULE_ID} on the mapping.`,
    );
}
