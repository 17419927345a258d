import { CfnResource, ConstructSelector, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { LambdaTracingOptions } from './lambda-tracing-options';

const JSII_TYPE = Symbol.for('jsii.rtti');

/** The constructs that a user wants left alone, with all that is in them. */
export class Exclusions {
  private readonly constructs: readonly IConstruct[];
  private readonly paths: readonly string[];
  private readonly types: readonly string[];

  /**
   * @param options what to leave alone
   * @param where names the caller in the error
   * @throws if an exclusion is empty, and so would exclude nothing
   */
  constructor({ exclude, excludePaths, excludeTypes }: LambdaTracingOptions, where: string) {
    this.constructs = exclude ?? [];
    this.paths = excludePaths ?? [];
    this.types = excludeTypes ?? [];
    for (const [option, given] of Object.entries({ exclude, excludePaths, excludeTypes })) {
      if (given === undefined) continue;
      if (!Array.isArray(given)) throw new Error(`${where}: ${option} must be a list.`);
      if (given.some((item) => Token.isUnresolved(item))) {
        throw new Error(`${where}: ${option} must be known at synthesis, but holds a token.`);
      }
      if (given.some((item) => !item)) {
        throw new Error(`${where}: ${option} holds an empty entry, which excludes nothing. Remove it.`);
      }
    }
  }

  /** Whether a construct, or one that it is in, is to be left alone. */
  public cover(construct: IConstruct): boolean {
    if (this.constructs.length + this.paths.length + this.types.length === 0) return false;
    return construct.node.scopes.some(
      (scope) =>
        this.constructs.includes(scope) ||
        this.paths.some((pattern) => matchesPath(scope, pattern)) ||
        this.types.some((type) => isOfType(scope, type)),
    );
  }
}

/** CDK's own matching of paths, asked of one construct without its children. */
function matchesPath({ node: { path } }: IConstruct, pattern: string): boolean {
  const alone = { node: { path, children: [] } } as unknown as IConstruct;
  return ConstructSelector.byPath(pattern).select(alone).length > 0;
}

function isOfType(construct: IConstruct, type: string): boolean {
  if (CfnResource.isCfnResource(construct) && construct.cfnResourceType === type) return true;
  return classNames(construct).includes(type);
}

/** The names of a construct's class and of those that it extends; CDK's own classes have a name among packages. */
function classNames(construct: IConstruct): string[] {
  const names: string[] = [];
  for (
    let type = construct.constructor as { name: string; [JSII_TYPE]?: { fqn: string } };
    type?.name;
    type = Object.getPrototypeOf(type) as typeof type
  ) {
    const { fqn } = (Object.hasOwn(type, JSII_TYPE) && type[JSII_TYPE]) || { fqn: type.name };
    names.push(type.name, fqn, fqn.slice(fqn.lastIndexOf('.') + 1));
  }
  return names;
}
