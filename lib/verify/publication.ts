import type { FunctionName, ObservedStack } from './observed';

/** A version or an alias that a stack has. */
export interface Publication extends FunctionName {
  /** The ID of the stack's template. */
  readonly template: string;
  readonly logicalId: string;
  readonly type: string;
  /** The number of the version, or the name of the alias. */
  readonly qualifier: string;
}

const TYPES = ['AWS::Lambda::Version', 'AWS::Lambda::Alias'];

/** The versions and aliases that stacks have, whatever functions they are of. */
export function publicationsOf(stacks: readonly ObservedStack[]): Publication[] {
  return stacks.flatMap(({ template, region, resources }) =>
    resources.flatMap(({ logicalId, type, physicalId }) => {
      const [, name, qualifier] = /:function:([^:]+):([^:]+)$/.exec(physicalId) ?? [];
      if (name === undefined || !TYPES.includes(type)) return [];
      return [{ name, region, template, logicalId, type, qualifier }];
    }),
  );
}
