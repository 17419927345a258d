import { nameOf } from '../cloudformation/template';
import type { TracingModel } from '../model/tracing-model';
import { indexingPercentage } from '../model/transaction-search';
import type { ObservedAccount, ObservedTransactionSearch } from './observed';

/** Returns the differences between Transaction Search in the templates and in the account, a sentence or more each. */
export function transactionSearchNotes(
  model: TracingModel,
  { transactionSearch: observed = [], stacks }: ObservedAccount,
): string[] {
  return observed.flatMap((state) => {
    const { region, error } = state;
    const templates = new Set(
      stacks.filter((stack) => stack.region === region).map(({ template }) => template),
    );
    const configs = model.transactionSearch
      .map(({ resource }) => resource)
      .filter(({ template }) => templates.has(template.id));
    // Only the deployment decides whether a resource with a condition exists.
    const config = configs.find(({ condition }) => condition === undefined);
    if (error !== undefined) {
      return configs.length > 0
        ? [`Transaction Search in ${region} could not be compared with the templates. ${error}`]
        : [];
    }
    if (!config) return configs.length === 0 && state.isOn === true ? [notInTemplates(region)] : [];
    const expected = indexingPercentage(config, model);
    return differences(nameOf(config), expected, state);
  });
}

function notInTemplates(region: string): string {
  return (
    `Transaction Search is on in ${region}, and these templates do not turn it on. Lambda captures spans without sampling. ` +
    'Set transactionSearch: true in .cdk-lambda-xray.yaml, or pass --transaction-search to check, diff and estimate.'
  );
}

function differences(
  name: string,
  expected: number,
  { region, isOn, isPending, indexingPercentage: actual = expected }: ObservedTransactionSearch,
): string[] {
  if (isOn !== true) {
    return [
      `'${name}' turns on Transaction Search, but X-Ray does not send spans to CloudWatch Logs in ${region}. Deploy the stack, or turn Transaction Search on again.`,
    ];
  }
  return [
    ...(isPending === true ? [`X-Ray is still turning on Transaction Search in ${region}.`] : []),
    ...(actual === expected
      ? []
      : [
          `X-Ray indexes ${actual} percent of the spans in ${region}, and '${name}' sets ${expected} percent. Deploy the stack, or change IndexingPercentage.`,
        ]),
  ];
}
