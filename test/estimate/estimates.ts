import { nameOf, type TemplateSource } from '../../lib/cloudformation/template';
import { type Estimate, estimateOf } from '../../lib/estimate/estimate';
import { buildTracingModel } from '../../lib/model/build-model';
import { type Resources, stacks } from '../rules/templates';

/** Requests per second by logical ID or construct path. `default` applies to functions called from outside. */
export type Rates = Readonly<Record<string, number>>;

/** Returns the estimate for templates of one deployment. */
export function estimated(rates: Rates, ...sources: readonly (TemplateSource | Resources)[]): Estimate {
  return estimateOf(buildTracingModel(stacks(sources)), {
    default: rates.default,
    of: ({ resource }) => rates[nameOf(resource)],
  });
}

/** Returns the requests per second of each sampling point by name, and the recorded ones among them. */
export function sampled(rates: Rates, ...sources: readonly (TemplateSource | Resources)[]) {
  const { samplingPoints } = estimated(rates, ...sources);
  return Object.fromEntries(
    samplingPoints.map(({ node, requestsPerSecond, recordedShare }) => [
      node.name,
      [rounded(requestsPerSecond), rounded(requestsPerSecond * recordedShare)],
    ]),
  );
}

/** Returns the requests per second of each function by name, and the recorded ones among them. */
export function recorded(rates: Rates, ...sources: readonly (TemplateSource | Resources)[]) {
  const { functions } = estimated(rates, ...sources);
  return Object.fromEntries(
    [...functions].map(([{ resource }, { requestsPerSecond, recordedPerSecond }]) => [
      nameOf(resource),
      [rounded(requestsPerSecond), rounded(recordedPerSecond)],
    ]),
  );
}

function rounded(number: number): number {
  return Number(number.toFixed(6));
}
