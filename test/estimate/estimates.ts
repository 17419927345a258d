import { nameOf, type TemplateSource } from '../../lib/cloudformation/template';
import { type Estimate, estimateOf } from '../../lib/estimate/estimate';
import { buildTracingModel } from '../../lib/model/build-model';
import { type Resources, stacks } from '../rules/templates';

/** Requests per second by logical ID or construct path; `default` for the functions that are called from outside. */
export type Rates = Readonly<Record<string, number>>;

/** The estimate for templates that belong together. */
export function estimated(rates: Rates, ...sources: readonly (TemplateSource | Resources)[]): Estimate {
  return estimateOf(buildTracingModel(stacks(sources)), {
    default: rates.default,
    of: ({ resource }) => rates[nameOf(resource)],
  });
}

/** Where it is decided what is recorded, by name: the requests of a second, and how many of them are recorded. */
export function decided(rates: Rates, ...sources: readonly (TemplateSource | Resources)[]) {
  const { samplingPoints } = estimated(rates, ...sources);
  return Object.fromEntries(
    samplingPoints.map(({ node, requestsPerSecond, recordedShare }) => [
      node.name,
      [rounded(requestsPerSecond), rounded(requestsPerSecond * recordedShare)],
    ]),
  );
}

/** What functions record, by name: their requests of a second, and how many of them are recorded. */
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
