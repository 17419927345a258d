import { isObject, type JsonObject, objectAt, scalarText } from './json';

/** The path of a copy of an `Fn::ForEach` fragment, and the path of the fragment itself. */
export interface Origin {
  readonly copy: readonly string[];
  readonly fragment: readonly string[];
}

/** A template with its `Fn::ForEach` loops expanded. */
export interface Expansion {
  readonly template: unknown;
  readonly origins: readonly Origin[];
  /** The path of the loop that exceeds the limits, if any. All loops are then left as they are. */
  readonly exceedsLimit?: readonly string[];
}

/** CloudFormation accepts 500 resources. A far higher number is a mistake or an attack. */
export const MAX_COPIES = 10_000;

/** The maximum size of the expanded template, in characters and values. */
const MAX_SIZE = 100_000_000;

const TRANSFORM = 'AWS::LanguageExtensions';
const FOR_EACH = 'Fn::ForEach::';

/** The sections that can contain loops. */
const SECTIONS = ['Conditions', 'Resources', 'Outputs'];

/** The identifiers of the enclosing loops, each with its current item. */
type Identifiers = ReadonlyMap<string, string>;

/**
 * Expands the `Fn::ForEach` loops of a template with the transform `AWS::LanguageExtensions`. Loops over
 * unknown collections stay as they are. `${Identifier}` and `&{Identifier}` are replaced everywhere, keys
 * included; `&{Identifier}` drops all characters but letters and digits. `Ref` to the identifier becomes the
 * item.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-fo
 *   reach.html
 */
export function expandLanguageExtensions(template: unknown): Expansion {
  if (!isObject(template) || !declaresTransform(template.Transform)) return { template, origins: [] };
  const loops = new Loops(new Collections(template));
  try {
    const expanded = Object.entries(template).map(([name, section]) => [
      name,
      SECTIONS.includes(name) ? loops.expand(section, new Map(), [name], [name]) : section,
    ]);
    return { template: Object.fromEntries(expanded), origins: loops.origins };
  } catch (error) {
    if (error instanceof ExpansionLimitError) return { template, origins: [], exceedsLimit: error.loop };
    throw error;
  }
}

function declaresTransform(transform: unknown): boolean {
  const transforms: unknown[] = Array.isArray(transform) ? transform : [transform];
  return transforms.some((one) => one === TRANSFORM || (isObject(one) && one.Name === TRANSFORM));
}

class ExpansionLimitError extends Error {
  constructor(public readonly loop: readonly string[]) {
    super();
  }
}

class Loops {
  public readonly origins: Origin[] = [];
  private copies = 0;
  private size = 0;
  /** The path of the outermost loop that is being expanded. */
  private outermost: readonly string[] = [];

  constructor(private readonly collections: Collections) {}

  /**
   * Returns a value with its loops expanded and its identifiers replaced.
   *
   * @param to the path of the value in the expanded template
   * @param from the path of the value in the original template
   */
  public expand(
    value: unknown,
    identifiers: Identifiers,
    to: readonly string[],
    from: readonly string[],
  ): unknown {
    this.grow(1);
    if (typeof value === 'string') return this.replaceIdentifiers(value, identifiers);
    if (Array.isArray(value)) {
      return value.map((item, i) => this.expand(item, identifiers, [...to, `${i}`], [...from, `${i}`]));
    }
    if (!isObject(value)) return value;
    const expanded = Object.fromEntries(this.members(value, identifiers, to, from));
    return identifiers.size === 0 ? expanded : this.resolveIntrinsic(expanded, identifiers);
  }

  private members(
    object: JsonObject,
    identifiers: Identifiers,
    to: readonly string[],
    from: readonly string[],
  ): (readonly [string, unknown])[] {
    return Object.entries(object).flatMap(([name, value]) => {
      const loop = name.startsWith(FOR_EACH) ? this.loop(value, identifiers, [...from, name]) : undefined;
      if (!loop) {
        const key = this.replaceIdentifiers(name, identifiers);
        return [[key, this.expand(value, identifiers, [...to, key], [...from, name])] as const];
      }
      return loop.items.flatMap((item) => {
        const inside = new Map([...identifiers, [loop.identifier, item]]);
        const fragment = [...from, name, '2'];
        const copies = this.members(loop.fragment, inside, to, fragment);
        Object.keys(loop.fragment).forEach((key) => {
          this.origins.push({
            copy: [...to, this.replaceIdentifiers(key, inside)],
            fragment: [...fragment, key],
          });
        });
        return copies;
      });
    });
  }

  /**
   * Returns the parts of a loop, or undefined if its collection is unknown.
   *
   * @throws ExpansionLimitError if the loops make too many copies
   */
  private loop(value: unknown, identifiers: Identifiers, from: readonly string[]) {
    if (!Array.isArray(value) || value.length !== 3) return undefined;
    const [identifier, collection, fragment] = value as [unknown, unknown, unknown];
    if (typeof identifier !== 'string' || !isObject(fragment)) return undefined;
    if (identifiers.size === 0) this.outermost = from;
    const items = this.collections.items(this.expand(collection, identifiers, [], []));
    if (!items) return undefined;
    this.copies += items.length;
    if (this.copies > MAX_COPIES) throw new ExpansionLimitError(this.outermost);
    return { identifier, items, fragment };
  }

  private replaceIdentifiers(text: string, identifiers: Identifiers): string {
    const replaced =
      identifiers.size === 0
        ? text
        : text.replace(/([$&])\{([^{}]*)\}/g, (all, sign: string, name: string) => {
            const item = identifiers.get(name);
            if (item === undefined) return all;
            this.grow(item.length);
            return sign === '$' ? item : item.replace(/[^0-9A-Za-z]/g, '');
          });
    this.grow(text.length);
    return replaced;
  }

  private grow(size: number): void {
    this.size += size;
    if (this.size > MAX_SIZE) throw new ExpansionLimitError(this.outermost);
  }

  /** Resolves an intrinsic function whose arguments are known once the identifiers are replaced. */
  private resolveIntrinsic(object: JsonObject, identifiers: Identifiers): unknown {
    const members = Object.entries(object);
    if (members.length !== 1) return object;
    const [[name, argument]] = members;
    switch (name) {
      case 'Ref':
        return typeof argument === 'string' ? (identifiers.get(argument) ?? object) : object;
      case 'Fn::Sub':
        return typeof argument === 'string' && !argument.includes('${') ? argument : object;
      case 'Fn::FindInMap':
        return this.collections.inMap(argument) ?? object;
      default:
        return object;
    }
  }
}

/** The items of a collection; undefined if they are unknown. */
export type Items = readonly string[] | undefined;

/** Resolves the collections that the loops of a template iterate over. */
class Collections {
  private readonly parameters: JsonObject;
  private readonly mappings: JsonObject;

  constructor(template: JsonObject) {
    this.parameters = objectAt(template, 'Parameters');
    this.mappings = objectAt(template, 'Mappings');
  }

  /** Returns the items of a collection, with nested lists flattened, or undefined if one is unknown. */
  public items(collection: unknown): Items {
    if (Array.isArray(collection)) {
      const items = collection.map((item) => this.items(item));
      return items.every((item) => item !== undefined) ? items.flat() : undefined;
    }
    if (isObject(collection)) {
      return this.items('Ref' in collection ? this.defaultOf(collection.Ref) : this.fromMapping(collection));
    }
    return isScalar(collection) ? [String(collection)] : undefined;
  }

  /** Returns the value that `Fn::FindInMap` finds for literal keys, or its default value. */
  public inMap(keys: unknown): unknown {
    if (!Array.isArray(keys)) return undefined;
    const [map, first, second, options] = keys as unknown[];
    if (![map, first, second].every(isScalar)) return undefined;
    const found = objectAt(objectAt(this.mappings, String(map)), String(first))[String(second)];
    return found ?? (isObject(options) ? options.DefaultValue : undefined);
  }

  private fromMapping(collection: JsonObject): unknown {
    return 'Fn::FindInMap' in collection ? this.inMap(collection['Fn::FindInMap']) : undefined;
  }

  /**
   * Returns the default of a parameter. A stack can be created with another value, but the default is the
   * best guess at the functions of the template.
   */
  private defaultOf(name: unknown): unknown {
    const { Type: type, Default: value } = objectAt(this.parameters, scalarText(name) ?? '');
    if (typeof type !== 'string' || !isScalar(value)) return undefined;
    const isList = type === 'CommaDelimitedList' || type.startsWith('List<');
    return isList
      ? String(value)
          .split(',')
          .map((item) => item.trim())
      : value;
  }
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
