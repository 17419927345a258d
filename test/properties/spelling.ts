import type { Choices } from './choices';

/** A part of a string: text, a reference to a resource or to an attribute of it, or a pseudo parameter. */
export type Part = string | Reference | { readonly pseudo: string };

export interface Reference {
  readonly of: string;
  readonly attribute?: string;
}

/** The intended value of a string. */
export type Value = readonly Part[];

export const PARTITION: Part = { pseudo: 'AWS::Partition' };

/** A template that is being written. */
export interface Draft {
  readonly index: number;
  /** The template whose `AWS::CloudFormation::Stack` creates it. */
  readonly parent?: Draft;
  readonly resources: Record<string, object>;
  readonly parameters: Record<string, object>;
  /** Parameters from its parent. */
  readonly given: Record<string, unknown>;
  readonly outputs: Record<string, object>;
  readonly mappings: Record<string, object>;
}

/** Kinds of spelling that are allowed in addition to those that are equal in every deployment. */
export interface Manner {
  /** Allows parameters. Not for versions and numbers, because a parameter can change with each deployment. */
  readonly byParameter: boolean;
  /** Allows conditions known only at deployment, with the same value in both branches. */
  readonly inCases: boolean;
}

const ANY_SPELLING: Manner = { byParameter: true, inCases: true };
export const CERTAIN: Manner = { byParameter: false, inCases: false };

/** Maximum nesting of intrinsic functions. */
const DEPTH = 3;

const NO_VALUE = { Ref: 'AWS::NoValue' };

/** Writes values with intrinsic functions that CloudFormation resolves to the same string. */
export class Spelling {
  private made = 0;

  /**
   * @param drafts the templates
   * @param homes the templates of resources, by logical ID
   * @param hasStackNames true if the model knows the names of stacks
   */
  constructor(
    private readonly drafts: readonly Draft[],
    private readonly homes: ReadonlyMap<string, Draft>,
    private readonly choices: Choices,
    private readonly hasStackNames: boolean,
  ) {}

  /** Writes a string. */
  public string(value: Value, at: Draft, manner = ANY_SPELLING, depth = DEPTH): unknown {
    const inner = () => this.string(value, at, manner, depth - 1);
    const plain = () => this.plain(value, at, manner, depth);
    if (depth <= 0) return plain();
    const ways = [
      plain,
      plain,
      plain,
      () => ({ 'Fn::If': ['Always', inner(), 'other'] }),
      () => ({ 'Fn::If': ['Never', 'other', inner()] }),
      () => ({ 'Fn::If': ['Always', inner(), NO_VALUE] }),
      () => ({ 'Fn::Join': ['', [inner()]] }),
      () => ({ 'Fn::Sub': ['${Value}', { Value: inner() }] }),
      () => ({ 'Fn::Select': ['1', ['other', inner()]] }),
      () => ({ 'Fn::Select': [1, { 'Fn::Split': ['|', { 'Fn::Join': ['|', ['other', inner()]] }] }] }),
      ...this.transports(value, at, manner, depth),
      ...(isWord(value) ? [() => this.mapped(value[0], at)] : []),
      ...(manner.inCases ? [() => ({ 'Fn::If': ['Perhaps', inner(), inner()] })] : []),
      ...(manner.inCases && isWord(value) ? [() => this.allowed(value[0], at)] : []),
    ];
    return this.choices.of(ways)();
  }

  /** Writes an object or a list, with or without a condition. */
  public whole(value: unknown): unknown {
    return this.choices.of([
      value,
      value,
      { 'Fn::If': ['Always', value, NO_VALUE] },
      { 'Fn::If': ['Never', { Other: 'other' }, value] },
    ]);
  }

  /** Writes a list, with or without AWS::NoValue among its items. */
  public list(items: readonly unknown[]): unknown[] {
    return this.choices.of([
      () => [...items],
      () => [...items, NO_VALUE],
      () => [{ 'Fn::If': ['Never', 'other', NO_VALUE] }, ...items],
    ])();
  }

  private plain(value: Value, at: Draft, manner: Manner, depth: number): unknown {
    const [first] = value;
    if (value.length === 1) return this.part(first, at, manner, depth);
    const parts = () => value.map((part) => this.part(part, at, manner, depth - 1));
    return this.choices.of([
      () => ({ 'Fn::Join': ['', parts()] }),
      () => this.substituted(value, at, manner, depth - 1),
    ])();
  }

  /** Writes `Fn::Sub`. References to other templates become variables. */
  private substituted(value: Value, at: Draft, manner: Manner, depth: number): unknown {
    const variables: Record<string, unknown> = {};
    const pieces = value.map((part, i) => {
      if (typeof part === 'string') return part;
      if ('pseudo' in part) return `\${${part.pseudo}}`;
      if (this.homes.get(part.of) === at) return `\${${dotted(part)}}`;
      variables[`Part${i}`] = this.part(part, at, manner, depth);
      return `\${Part${i}}`;
    });
    const text = pieces.join('');
    return { 'Fn::Sub': Object.keys(variables).length > 0 ? [text, variables] : text };
  }

  private part(part: Part, at: Draft, manner: Manner, depth: number): unknown {
    if (typeof part === 'string') return this.choices.of([part, part, { 'Fn::Sub': part }]);
    if ('pseudo' in part) return this.choices.of([{ Ref: part.pseudo }, { 'Fn::Sub': `\${${part.pseudo}}` }]);
    if (this.homes.get(part.of) !== at) return this.choices.of(this.transports([part], at, manner, depth))();
    const { of: id, attribute } = part;
    return this.choices.of<unknown>([
      attribute === undefined ? { Ref: id } : { 'Fn::GetAtt': [id, attribute] },
      attribute === undefined ? { Ref: id } : { 'Fn::GetAtt': dotted(part) },
      { 'Fn::Sub': `\${${dotted(part)}}` },
      { 'Fn::Sub': [`\${${dotted(part)}}`, {}] },
    ]);
  }

  /** Returns the ways to pass a value from one template to another. */
  private transports(value: Value, at: Draft, manner: Manner, depth: number): (() => unknown)[] {
    const homes = value.flatMap((part) => (isReference(part) ? [this.homes.get(part.of)!] : []));
    const isSettled = homes.length === 0;
    const from = this.drafts.filter((draft) =>
      isSettled ? draft !== at : value.length === 1 && draft === homes[0] && draft !== at,
    );
    const children = this.drafts.filter(
      (draft) => draft.parent === at && (isSettled || homes.every((home) => isWithin(home, draft))),
    );
    const { parent } = at;
    return [
      ...from.map((draft) => () => this.imported(value, draft, manner, depth - 1)),
      ...children.map((draft) => () => this.returned(value, draft, manner, depth - 1)),
      ...(parent && manner.byParameter && !homes.some((home) => isWithin(home, at))
        ? [() => this.passedByParent(value, at, parent, manner, depth - 1)]
        : []),
    ];
  }

  private imported(value: Value, from: Draft, manner: Manner, depth: number): unknown {
    const output = this.output(value, from, manner, depth);
    const name = `from${from.index}-${output}`;
    const stackName = `stack${from.index}`;
    const exported = (written: unknown) =>
      Object.assign(from.outputs[output], { Export: { Name: written } }) && undefined;
    const ways = [
      () => (exported(name), name),
      () => (exported(name), { 'Fn::Sub': name }),
      () => (exported({ 'Fn::Join': ['-', [`from${from.index}`, output]] }), name),
      () => (exported(name), { 'Fn::If': ['Always', name, 'other'] }),
      () => (exported({ 'Fn::If': ['Perhaps', name, name] }), name),
      ...(this.hasStackNames && !from.parent
        ? [
            () => (exported({ 'Fn::Sub': `\${AWS::StackName}-${output}` }), `${stackName}-${output}`),
            () => (exported(`${stackName}-${output}`), { 'Fn::Sub': `${stackName}-${output}` }),
          ]
        : []),
    ];
    const read = [
      () => ({ 'Fn::ImportValue': this.choices.of(ways)() }),
      ...(this.hasStackNames && !from.parent
        ? [() => ({ 'Fn::GetStackOutput': { StackName: stackName, OutputName: output } })]
        : []),
    ];
    return this.choices.of(read)();
  }

  private returned(value: Value, child: Draft, manner: Manner, depth: number): unknown {
    const name = `Outputs.${this.output(value, child, manner, depth)}`;
    const stack = nestedStackOf(child);
    return this.choices.of<unknown>([
      { 'Fn::GetAtt': [stack, name] },
      { 'Fn::GetAtt': `${stack}.${name}` },
      { 'Fn::Sub': `\${${stack}.${name}}` },
    ]);
  }

  private output(value: Value, draft: Draft, manner: Manner, depth: number): string {
    const name = `Output${this.made++}`;
    draft.outputs[name] = { Value: this.string(value, draft, manner, depth) };
    return name;
  }

  private passedByParent(value: Value, at: Draft, parent: Draft, manner: Manner, depth: number): unknown {
    const name = `Given${this.made++}`;
    at.parameters[name] = this.choices.of([{ Type: 'String' }, { Type: 'String', Default: 'other' }]);
    at.given[name] = this.string(value, parent, manner, depth);
    return this.choices.of<unknown>([{ Ref: name }, { 'Fn::Sub': `\${${name}}` }]);
  }

  private mapped(word: string, at: Draft): unknown {
    const name = `Mapping${this.made++}`;
    at.mappings[name] = { row: { column: word, other: 'other' } };
    return { 'Fn::FindInMap': [name, 'row', 'column'] };
  }

  /** Writes a parameter with one allowed value. */
  private allowed(word: string, at: Draft): unknown {
    const name = `Allowed${this.made++}`;
    at.parameters[name] = { Type: 'String', Default: word, AllowedValues: [word] };
    return { Ref: name };
  }
}

/** Returns the logical ID of the resource that creates a nested stack. */
export function nestedStackOf({ index }: Draft): string {
  return `Nested${index}`;
}

function isWithin(draft: Draft, around: Draft): boolean {
  return draft === around || (draft.parent !== undefined && isWithin(draft.parent, around));
}

function isReference(part: Part): part is Reference {
  return typeof part === 'object' && 'of' in part;
}

function isWord(value: Value): value is readonly [string] {
  return value.length === 1 && typeof value[0] === 'string';
}

function dotted({ of: id, attribute }: Reference): string {
  return attribute === undefined ? id : `${id}.${attribute}`;
}
