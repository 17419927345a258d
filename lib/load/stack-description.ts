import type * as Sdk from '@aws-sdk/client-cloudformation';

/** What CloudFormation tells of a stack that is deployed. */
export interface StackDescription {
  /** The account that it is in. */
  readonly account?: string;
  /** The values of its parameters, as far as they are told. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Of these, nothing was ever there, or nothing is left ("Stack status codes", AWS CloudFormation User Guide). */
const EMPTY: readonly (Sdk.StackStatus | undefined)[] = [
  'REVIEW_IN_PROGRESS',
  'ROLLBACK_COMPLETE',
  'DELETE_COMPLETE',
];

/** What is told of a stack; nothing where it isn't deployed. */
export function stackDescription({
  StackId: id,
  StackStatus: status,
  Parameters: parameters = [],
}: Sdk.Stack): StackDescription | undefined {
  if (EMPTY.includes(status)) return undefined;
  return {
    account: id?.split(':')[4],
    parameters: Object.fromEntries(
      parameters.flatMap(({ ParameterKey: name, ParameterValue: value, ResolvedValue: resolved }) => {
        // What a parameter of Systems Manager names counts, not its name.
        const known = resolved ?? value;
        return name === undefined || known === undefined || isMasked(known) ? [] : [[name, known]];
      }),
    ),
  };
}

/** The value of a parameter with `NoEcho` isn't told: asterisks are in its place. */
function isMasked(value: string): boolean {
  return /^\*+$/.test(value);
}
