import { casesForbiddenByRules, type ConditionOutcome, Conditions, type StringsOf } from './conditions';
import { isIntrinsic, isObject, type JsonObject, objectAt, scalarText } from './json';
import { declaredStrings, Mappings, pseudoParameter, stringsOfList } from './parameters-and-mappings';
import {
  asValue,
  concatWithinLimit,
  type Expand,
  keyOf,
  literal,
  OPAQUE,
  type PartialString,
  partsOfSubPattern,
  resolvedText,
  unknownString,
  withDynamicReferences,
} from './partial-string';
import {
  ALWAYS,
  type Assumptions,
  certainly,
  flatMap,
  IN_ALL_CASES,
  inCases,
  CaseIndex,
  isPossible,
  MAX_POSSIBILITIES,
  type Possible,
  product,
  withCondition,
} from './possible';
import { Exports, isAlwaysCreated, type Lookup, ssmParameterOf, Stacks } from './stacks';
import { attributeOf, type Resource, resourceNamed, Template, type TemplateSource } from './template';

/** The maximum depth of references between templates and parameters. */
const MAX_DEPTH = 100;

/**
 * Resolves the intrinsic functions of templates that are deployed together: across stacks through exports and
 * outputs, across nested stacks through parameters and outputs. Values known only at deployment stay unknown.
 * A value that depends on a condition or on a parameter's allowed values resolves to every value it can have.
 */
export class Resolver {
  /** The nested stacks and the names of stacks. */
  public readonly stacks: Stacks;
  private readonly exports: Exports;
  private readonly conditions = new Conditions((value, template) => this.strings(value, template));
  private readonly mappings = new Mappings((value, template) => this.strings(value, template));
  private readonly known = new Map<string, Possible<PartialString | undefined>[]>();
  private readonly inProgress = new Set<string>();
  private forbidden?: CaseIndex;

  private constructor(
    public readonly templates: readonly Template[],
    private readonly expand: Expand,
    exports?: Exports,
  ) {
    this.stacks = new Stacks(templates);
    this.exports = exports ?? new Exports(templates, (exported) => this.resolverWith(exported));
  }

  /**
   * Creates the resolver of a deployment.
   *
   * @param sources the templates
   * @param expand expands strings before `Fn::Split` splits them
   */
  public static of(sources: readonly TemplateSource[], expand: Expand = (text) => text): Resolver {
    return new Resolver(
      sources.map((source) => new Template(source)),
      expand,
    );
  }

  /**
   * Returns a resolver of strings for these exports. It has its own cache, as other exports give other
   * results.
   */
  private resolverWith(exports: Exports): StringsOf {
    const resolver = new Resolver(this.templates, this.expand, exports);
    return (value, template) => resolver.strings(value, template);
  }

  /** Returns the possibilities in the cases in which the resource is created. */
  public whereCreated<T>(resource: Resource, values: readonly Possible<T>[]): Possible<T>[] {
    const found = inCases(this.casesOf([resource]), values);
    const isAllowed = ({ when }: Possible<T>) => this.isPossible(when);
    return found.every(isAllowed) ? found : found.filter(isAllowed);
  }

  /**
   * Returns the cases in which all of some resources are created, without those that no deployment can have.
   *
   * @param assumed additional assumptions
   */
  public casesOf(resources: readonly Resource[], assumed: Assumptions = ALWAYS): Assumptions[] {
    if (assumed === ALWAYS && resources.every(isAlwaysCreated)) return IN_ALL_CASES;
    const all = new Set(resources.flatMap((resource) => [resource, ...this.stacks.around(resource)]));
    return this.conditions.casesOf([...all], assumed).filter((when) => this.isPossible(when));
  }

  /**
   * Returns the values at a path in an object of a template, such as a resource's properties. Follows
   * `Fn::If` along the path. A missing value is `undefined`.
   */
  public at(root: unknown, path: readonly string[], template: Template): Possible<unknown>[] {
    return path.reduce<Possible<unknown>[]>(
      (found, key) =>
        flatMap(found, (value) => {
          if (value === undefined) return certainly(undefined);
          if (!isObject(value) || isIntrinsic(value)) return certainly(OPAQUE);
          // A macro, or a function among the keys, can add any key.
          if (value[key] === undefined && Object.keys(value).some((name) => name.startsWith('Fn::'))) {
            return certainly(OPAQUE);
          }
          return this.branches(value[key], template);
        }),
      this.branches(root, template),
    );
  }

  /**
   * Returns the items of a list, and any other value as the only item. Follows `Fn::If` around and inside the
   * list. Items that can't be resolved are kept as opaque values.
   */
  public items(value: unknown, template: Template): Possible<unknown>[] {
    return flatMap(this.branches(value, template), (found) => {
      if (!Array.isArray(found)) return found === undefined ? [] : this.splitItems(found, template);
      const items: Possible<unknown>[] = [];
      for (const item of found as unknown[]) {
        for (const branch of this.branches(item, template))
          if (branch.value !== undefined) items.push(branch);
      }
      return items;
    });
  }

  /** Returns the items of the list at a key of an object. */
  public itemsAt(root: unknown, key: string, template: Template): Possible<unknown>[] {
    return flatMap(this.at(root, [key], template), (value) => this.items(value, template));
  }

  /** Returns the items of a list parameter or a split string, and any other value as the only item. */
  private splitItems(value: unknown, template: Template): Possible<unknown>[] {
    return flatMap(this.list(value, template), (pieces) => {
      if (!pieces) return certainly(value);
      const isEmpty = pieces.length === 1 && pieces[0].length === 0;
      return isEmpty ? [] : pieces.flatMap((piece) => certainly(asValue(piece)));
    });
  }

  /** Returns the strings at a path in an object. */
  public stringsAt(
    root: unknown,
    path: readonly string[],
    template: Template,
  ): Possible<PartialString | undefined>[] {
    return flatMap(this.at(root, path, template), (value) => this.strings(value, template));
  }

  /** Returns the strings that a value of a template can resolve to; `undefined` if it is left out. */
  public strings(value: unknown, template: Template): Possible<PartialString | undefined>[] {
    const found = this.evaluate(value, template);
    return found.length > MAX_POSSIBILITIES ? certainly(this.opaqueString(value, template)) : found;
  }

  private branches(value: unknown, template: Template): Possible<unknown>[] {
    if (!isObject(value)) return certainly(value ?? undefined);
    if (value.Ref === 'AWS::NoValue') return certainly(undefined);
    const branched = value['Fn::If'];
    if (Array.isArray(branched) && Object.keys(value).length === 1) {
      return this.branchesOfIf(branched, template, (branch) => this.branches(branch, template));
    }
    return certainly(value);
  }

  private branchesOfIf<T>(
    [name, then, otherwise]: readonly unknown[],
    template: Template,
    resolve: (branch: unknown) => Possible<T>[],
  ): Possible<T>[] {
    const { holds, fails }: ConditionOutcome = this.conditions.outcome(scalarText(name) ?? '', template);
    return [
      ...(holds.length > 0 ? inCases(holds, resolve(then)) : []),
      ...(fails.length > 0 ? inCases(fails, resolve(otherwise)) : []),
    ];
  }

  private evaluate(value: unknown, template: Template): Possible<PartialString | undefined>[] {
    if (value === undefined || value === null) return certainly(undefined);
    const scalar = scalarText(value);
    if (scalar !== undefined) return certainly(withDynamicReferences([scalar]));
    const text = resolvedText(value);
    if (text) return certainly(text);
    const keys = isObject(value) ? Object.keys(value) : [];
    const intrinsic = keys.length === 1 ? keys[0] : '';
    const argument = (value as JsonObject)[intrinsic];
    switch (intrinsic) {
      case 'Ref':
        return this.ref(scalarText(argument) ?? '', template);
      case 'Fn::GetAtt':
        return this.attribute(argument, template);
      case 'Fn::If':
        return Array.isArray(argument)
          ? this.branchesOfIf(argument, template, (branch) => this.strings(branch, template))
          : certainly(this.opaqueString(value, template));
      case 'Fn::Join':
        return this.join(argument, template);
      case 'Fn::Sub':
        return this.substitute(argument, template);
      case 'Fn::Select':
        return this.select(argument, template);
      case 'Fn::FindInMap':
        return this.mappings.texts(argument, template, this.opaqueString({ argument }, template));
      case 'Fn::ImportValue':
        return this.importValue(argument, template);
      case 'Fn::GetStackOutput':
        return this.stackOutput(argument, template);
      default:
        return certainly(this.opaqueString(value, template));
    }
  }

  private ref(name: string, template: Template): Possible<PartialString | undefined>[] {
    if (name === 'AWS::NoValue') return certainly(undefined);
    if (name.startsWith('AWS::')) return certainly(pseudoParameter(name, template));
    if (Object.hasOwn(template.parameters, name)) return this.parameter(name, template);
    const resource = resourceNamed(name, template);
    return certainly(resource ? [{ kind: 'reference', resource }] : unknownString(`${template.id}#${name}`));
  }

  private parameter(name: string, template: Template): Possible<PartialString | undefined>[] {
    const unknown = unknownString(`${template.id}#${name}`);
    const { parameterValues = {} } = template.source;
    if (Object.hasOwn(parameterValues, name)) return certainly([parameterValues[name]]);
    return this.cached(`${template.id}#parameter#${name}`, unknown, () => {
      const declaration = objectAt(template.parameters, name);
      const { Type: type } = declaration;
      if (typeof type === 'string' && type.startsWith('AWS::SSM::')) return certainly(unknown);
      const stack = this.stacks.creatorOf(template);
      if (!stack) return declaredStrings(declaration, unknown);
      const passed = this.stringsAt(stack.properties, ['Parameters', name], stack.template);
      return flatMap(passed, (text) => (text ? certainly(text) : declaredStrings(declaration, unknown)));
    });
  }

  private attribute(argument: unknown, template: Template): Possible<PartialString | undefined>[] {
    const [name, attribute] = attributeOf(argument);
    const resource = name === undefined ? undefined : resourceNamed(name, template);
    if (!resource || attribute === undefined) return certainly(this.opaqueString({ argument }, template));
    const nested = this.stacks.createdBy(resource);
    if (nested && attribute.startsWith('Outputs.')) {
      return this.output(attribute.slice('Outputs.'.length), nested);
    }
    const reference = certainly<PartialString | undefined>([{ kind: 'reference', resource, attribute }]);
    const parameter = ssmParameterOf(resource, attribute);
    return parameter
      ? this.published(parameter.name, { template, ...parameter }, () => reference)
      : reference;
  }

  private output(name: string, template: Template): Possible<PartialString | undefined>[] {
    const unknown = unknownString(`${template.id}#Outputs.${name}`);
    return this.cached(`${template.id}#output#${name}`, unknown, () =>
      Object.hasOwn(template.outputs, name)
        ? this.whereOutput(objectAt(template.outputs, name), template)
        : certainly(unknown),
    );
  }

  /** Returns the values of an output in the cases in which it exists. */
  private whereOutput(
    { Value: value, Condition: condition }: JsonObject,
    template: Template,
  ): Possible<PartialString | undefined>[] {
    const values = this.strings(value, template);
    return typeof condition === 'string'
      ? inCases(this.conditions.outcome(condition, template).holds, values)
      : values;
  }

  private importValue(argument: unknown, template: Template): Possible<PartialString | undefined>[] {
    return this.published(argument, { template }, (name) =>
      certainly(unknownString(`import ${name && keyOf(name)}`)),
    );
  }

  /** Returns the value that a template publishes under a name. */
  private published(
    name: unknown,
    from: Omit<Lookup, 'name'>,
    otherwise: (name: PartialString | undefined) => Possible<PartialString | undefined>[],
  ): Possible<PartialString | undefined>[] {
    return flatMap(this.strings(name, from.template), (resolvedName) => {
      const found = resolvedName && this.exports.named({ ...from, name: resolvedName });
      if (!found) return otherwise(resolvedName);
      const unknown = unknownString(`import ${keyOf(resolvedName)}`);
      return this.cached(`import#${found.template.id}#${found.key}`, unknown, () =>
        this.whereOutput({ Value: found.value, Condition: found.condition }, found.template),
      );
    });
  }

  private stackOutput(argument: unknown, template: Template): Possible<PartialString | undefined>[] {
    const target = isObject(argument) ? argument : {};
    const region = target.Region === undefined ? template.source.region : scalarText(target.Region);
    return flatMap(this.strings(target.StackName, template), (stackName) =>
      flatMap(this.strings(target.OutputName, template), (outputName) => {
        const name = outputName && literal(outputName);
        const stack = this.stacks.stackNamed(stackName && literal(stackName), region);
        return stack && name !== undefined
          ? this.output(name, stack)
          : certainly(this.opaqueString(argument, template));
      }),
    );
  }

  private join(argument: unknown, template: Template): Possible<PartialString | undefined>[] {
    const [delimiter, items] = Array.isArray(argument) ? (argument as unknown[]) : [];
    if (typeof delimiter !== 'string') return certainly(this.opaqueString({ argument }, template));
    return flatMap(this.list(items, template), (pieces) => {
      const parts = pieces?.flatMap((piece, i) => (i === 0 ? [piece] : [[delimiter], piece]));
      return certainly(
        parts ? concatWithinLimit(parts, template) : this.opaqueString({ argument }, template),
      );
    });
  }

  private substitute(argument: unknown, template: Template): Possible<PartialString | undefined>[] {
    const [pattern, variables] = (Array.isArray(argument) ? argument : [argument]) as unknown[];
    if (typeof pattern !== 'string') return certainly(this.opaqueString({ argument }, template));
    const variableValues = isObject(variables) ? variables : {};
    const pieces = partsOfSubPattern(pattern).map((piece, i): Possible<PartialString>[] => {
      if (i % 2 === 0) return certainly([piece]);
      const found = Object.hasOwn(variableValues, piece)
        ? this.strings(variableValues[piece], template)
        : piece.includes('.') && !resourceNamed(piece, template)
          ? this.attribute(piece, template)
          : this.ref(piece, template);
      return found.map(({ value, when }) => ({ value: value ?? [], when }));
    });
    const combinations = product(pieces);
    return combinations
      ? combinations.map(({ value, when }) => ({ value: concatWithinLimit(value, template), when }))
      : certainly(this.opaqueString({ argument }, template));
  }

  private select(argument: unknown, template: Template): Possible<PartialString | undefined>[] {
    const [index, items] = Array.isArray(argument) ? (argument as unknown[]) : [];
    const opaque = () => this.opaqueString({ argument }, template);
    return flatMap(this.strings(index, template), (position) =>
      flatMap(this.list(items, template), (pieces) =>
        certainly(pieces?.[Number(position && literal(position))] ?? opaque()),
      ),
    );
  }

  private list(value: unknown, template: Template): Possible<PartialString[] | undefined>[] {
    const lists = flatMap(this.branches(value, template), (one) => this.mappings.lists(one, template));
    const stringsOf = (item: unknown) => this.strings(item, template);
    return flatMap(lists, (list) => stringsOfList(list, template, stringsOf, this.expand));
  }

  /** True if a deployment under these assumptions is possible, according to mappings and `Rules`. */
  public isPossible(assumed: Assumptions): boolean {
    if (assumed === ALWAYS) return true;
    this.forbidden ??= new CaseIndex(
      this.templates.flatMap((template) =>
        casesForbiddenByRules(template, this.conditions, (value) => this.items(value, template)),
      ),
    );
    return this.mappings.isPossible(assumed) && isPossible(assumed, this.forbidden.relatedTo(assumed));
  }

  /** Returns the values that remain under additional assumptions, without those that no deployment can have. */
  public possibleWhen<T>(assumed: Assumptions, values: readonly Possible<T>[]): T[] {
    return withCondition(assumed, values)
      .filter(({ when }) => this.isPossible(when))
      .map(({ value }) => value);
  }

  /** Caches a resolved value. Circular references and too long chains of references resolve to `unknown`. */
  private cached(
    key: string,
    unknown: PartialString,
    resolve: () => Possible<PartialString | undefined>[],
  ): Possible<PartialString | undefined>[] {
    const known = this.known.get(key);
    if (known) return known;
    if (this.inProgress.has(key) || this.inProgress.size > MAX_DEPTH) return certainly(unknown);
    this.inProgress.add(key);
    const resolved = resolve();
    this.inProgress.delete(key);
    this.known.set(key, resolved);
    return resolved;
  }

  private opaqueString(value: unknown, template: Template): PartialString {
    return unknownString(`${template.id}#${JSON.stringify(value)}`);
  }
}
