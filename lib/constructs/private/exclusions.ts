import { CfnResource, Token } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { compileGlob, globProblem, isPlain } from '../../text/globs';
import { didYouMean } from '../../text/printable';
import type { LambdaTracingOptions } from '../tracing-props';

const JSII_TYPE = Symbol.for('jsii.rtti');

interface Entries {
  readonly isEntry: (item: unknown) => boolean;
  /** A description of the entries, for an error. */
  readonly entries: string;
}

const isText = (item: unknown) => typeof item === 'string';

/** The entries of each list of exclusions. */
const ENTRIES: Readonly<Record<string, Entries>> = {
  exclude: {
    isEntry: (item) => Construct.isConstruct(item),
    entries: 'constructs. Use excludePaths for paths, and excludeTypes for types',
  },
  excludePaths: { isEntry: isText, entries: "text, such as 'Orders/Reports'. Use exclude for constructs" },
  excludeTypes: {
    isEntry: isText,
    entries: "text, such as 'SingletonFunction' or 'AWS::Serverless::Function'. Use exclude for constructs",
  },
};

/** The constructs that a user excludes, including everything in them. */
export class Exclusions {
  private readonly constructs: readonly IConstruct[];
  private readonly paths: readonly string[];
  private readonly types: readonly string[];

  /**
   * @param options the exclusions given by the user
   * @param source the name of the call in errors
   * @throws if an exclusion has the wrong type, is empty, and so excludes nothing, or is known only at deployment
   */
  constructor({ exclude, excludePaths, excludeTypes }: LambdaTracingOptions, source: string) {
    this.constructs = exclude ?? [];
    this.paths = excludePaths ?? [];
    this.types = excludeTypes ?? [];
    for (const [option, given] of Object.entries({ exclude, excludePaths, excludeTypes })) {
      if (given === undefined) continue;
      if (!Array.isArray(given)) throw new Error(`${source}: ${option} must be a list.`);
      // `Token.isUnresolved` takes a stack for a token, because it has a method `resolve`.
      if (given.some((item) => !Construct.isConstruct(item) && Token.isUnresolved(item))) {
        throw new Error(`${source}: ${option} must be known at synthesis, but contains a token.`);
      }
      if (given.some((item) => !item)) {
        throw new Error(`${source}: ${option} contains an empty entry, which excludes nothing. Remove it.`);
      }
      const { isEntry, entries } = ENTRIES[option];
      if (!given.every(isEntry)) throw new Error(`${source}: ${option} must contain only ${entries}.`);
    }
    for (const path of this.paths) {
      const problem = globProblem(path);
      if (problem) throw new Error(`${source}: excludePaths contains '${path}', but ${problem}`);
    }
  }

  /** Returns a description of each exclusion that matches none of some constructs. */
  public unmatched(constructs: readonly IConstruct[]): string[] {
    const paths = () => constructs.map(({ node: { path } }) => path);
    const types = () =>
      constructs.flatMap((construct) => [...classNames(construct), ...resourceTypes(construct)]);
    return [
      ...this.constructs
        .filter((excluded) => !constructs.includes(excluded))
        .map(({ node: { path } }) => `exclude contains '${path}', which is not in the scope.`),
      ...this.paths
        .filter((pattern) => !constructs.some((construct) => matchesPath(construct, pattern)))
        .map(
          (pattern) =>
            `excludePaths contains '${pattern}', which matches no construct.${suggestion(pattern, paths)}`,
        ),
      ...this.types
        .filter((type) => !constructs.some((construct) => isOfType(construct, type)))
        .map(
          (type) => `excludeTypes contains '${type}', which matches no construct.${suggestion(type, types)}`,
        ),
    ];
  }

  /** Returns true if a construct or one of its parents is excluded. */
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

function matchesPath({ node: { path } }: IConstruct, pattern: string): boolean {
  return compileGlob(pattern)(path);
}

function isOfType(construct: IConstruct, type: string): boolean {
  return resourceTypes(construct).includes(type) || classNames(construct).includes(type);
}

function resourceTypes(construct: IConstruct): string[] {
  return CfnResource.isCfnResource(construct) ? [construct.cfnResourceType] : [];
}

/** Suggests a similar name for one without special characters. */
function suggestion(name: string, names: () => readonly string[]): string {
  return isPlain(name) ? didYouMean(name, [...new Set(names())]) : '';
}

/**
 * Returns the names of a construct's class and its base classes. Classes of jsii packages also have a qualified name. Their
 * name in JavaScript can be an internal one, such as `Function2`, which a wrapper that CDK adds has too.
 */
function classNames(construct: IConstruct): string[] {
  const names: string[] = [];
  const internal = new Set<string>();
  for (
    let type = construct.constructor as { name: string; [JSII_TYPE]?: { fqn: string } };
    type?.name;
    type = Object.getPrototypeOf(type) as typeof type
  ) {
    const { fqn } = (Object.hasOwn(type, JSII_TYPE) && type[JSII_TYPE]) || { fqn: type.name };
    const name = fqn.slice(fqn.lastIndexOf('.') + 1);
    names.push(fqn, name);
    if (name !== type.name) internal.add(type.name);
  }
  return names.filter((name) => !internal.has(name));
}
