import { isObject, type JsonObject, objectAt } from './json';

/** Where a copy of a `Fn::ForEach` fragment has come to stand, and where the fragment stands. */
export interface Origin {
  readonly copy: readonly string[];
  readonly fragment: readonly string[];
}

/** A template with its loops written out. */
export interface Expansion {
  readonly template: unknown;
  readonly origins: readonly Origin[];
  /** The loop that is too much to write out, where one is: then all are left as they are. */
  readonly exceedsLimit?: readonly string[];
}

/** CloudFormation takes 500 resources. What is far more is a mistake, or an attack. */
export const MAX_COPIES = 10_000;

/** In characters and values. */
const MAX_SIZE = 100_000_000;

const TRANSFORM = 'AWS::LanguageExtensions';
const FOR_EACH = 'Fn::ForEach::';

/** The sections that may have loops in them. */
const SECTIONS = ['Conditions', 'Resources', 'Outputs'];

/** The identifiers of the loops around, with the item that each stands for. */
type Identifiers = ReadonlyMap<string, string>;

/**
 * Writes out the `Fn::ForEach` of a template with the transform `AWS::LanguageExtensions`, where its collection is
 * known. `${Identifier}` and `&{Identifier}` are replaced wherever they stand, keys included, and the latter without
 * what isn't a letter or a digit; `Ref` to the identifier becomes the item.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
 */
export function expandLanguageExtensions(template: unknown): Expansion {
  if (!isObject(template) || !isDeclared(template.Transform)) return { template, origins: [] };
  const loops = new Loops(new Collections(template));
  try {
    const expanded = Object.entries(template).map(([name, section]) => [
      name,
      SECTIONS.includes(name) ? loops.expand(section, new Map(), [name], [name]) : section,
    ]);
    return { template: Object.fromEntries(expanded), origins: loops.origins };
  } catch (error) {
    if (error instanceof TooMuchError) return { template, origins: [], exceedsLimit: error.loop };
    throw error;
  }
}

function isDeclared(transform: unknown): boolean {
  const transforms: unknown[] = Array.isArray(transform) ? transform : [transform];
  return transforms.some((one) => one === TRANSFORM || (isObject(one) && one.Name === TRANSFORM));
}

class TooMuchError extends Error {
  constructor(public readonly loop: readonly string[]) {
    super();
  }
}

class Loops {
  public readonly origins: Origin[] = [];
  private copies = 0;
  private size = 0;
  /** The outermost loop that is being written out. */
  private outermost: readonly string[] = [];

  constructor(private readonly collections: Collections) {}

  /**
   * @param to where the value comes to stand
   * @param from where it stands in the template as it was written
   */
  public expand(
    value: unknown,
    identifiers: Identifiers,
    to: readonly string[],
    from: readonly string[],
  ): unknown {
    this.grow(1);
    if (typeof value === 'string') return this.replaced(value, identifiers);
    if (Array.isArray(value)) {
      return value.map((item, i) => this.expand(item, identifiers, [...to, `${i}`], [...from, `${i}`]));
    }
    if (!isObject(value)) return value;
    const expanded = Object.fromEntries(this.members(value, identifiers, to, from));
    return identifiers.size === 0 ? expanded : this.resolved(expanded, identifiers);
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
        const key = this.replaced(name, identifiers);
        return [[key, this.expand(value, identifiers, [...to, key], [...from, name])] as const];
      }
      return loop.items.flatMap((item) => {
        const inside = new Map([...identifiers, [loop.identifier, item]]);
        const fragment = [...from, name, '2'];
        const copies = this.members(loop.fragment, inside, to, fragment);
        Object.keys(loop.fragment).forEach((key) => {
          this.origins.push({ copy: [...to, this.replaced(key, inside)], fragment: [...fragment, key] });
        });
        return copies;
      });
    });
  }

  /** What is to be written out, if it is known and not too much. */
  private loop(value: unknown, identifiers: Identifiers, from: readonly string[]) {
    if (!Array.isArray(value) || value.length !== 3) return undefined;
    const [identifier, collection, fragment] = value as [unknown, unknown, unknown];
    if (typeof identifier !== 'string' || !isObject(fragment)) return undefined;
    if (identifiers.size === 0) this.outermost = from;
    const items = this.collections.items(this.expand(collection, identifiers, [], []));
    if (!items) return undefined;
    this.copies += items.length;
    if (this.copies > MAX_COPIES) throw new TooMuchError(this.outermost);
    return { identifier, items, fragment };
  }

  private replaced(text: string, identifiers: Identifiers): string {
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
    if (this.size > MAX_SIZE) throw new TooMuchError(this.outermost);
  }

  /** What an object has become with the identifiers replaced, if it is a function that is thereby known. */
  private resolved(object: JsonObject, identifiers: Identifiers): unknown {
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

/** The items of a collection. Nothing if they aren't known. */
export type Items = readonly string[] | undefined;

/** Knows the collections that the loops of a template go through. */
class Collections {
  private readonly parameters: JsonObject;
  private readonly mappings: JsonObject;

  constructor(template: JsonObject) {
    this.parameters = objectAt(template, 'Parameters');
    this.mappings = objectAt(template, 'Mappings');
  }

  /** The items, with those of the lists among them, if all are known. */
  public items(collection: unknown): Items {
    if (Array.isArray(collection)) {
      const items = collection.map((item) => this.items(item));
      return items.every((item) => item !== undefined) ? items.flat() : undefined;
    }
    if (isObject(collection)) {
      return this.items('Ref' in collection ? this.byDefault(collection.Ref) : this.found(collection));
    }
    return isScalar(collection) ? [String(collection)] : undefined;
  }

  /** What `Fn::FindInMap` finds by keys that are written out, or falls back to. */
  public inMap(keys: unknown): unknown {
    if (!Array.isArray(keys)) return undefined;
    const [map, first, second, options] = keys as unknown[];
    if (![map, first, second].every(isScalar)) return undefined;
    const found = objectAt(objectAt(this.mappings, String(map)), String(first))[String(second)];
    return found ?? (isObject(options) ? options.DefaultValue : undefined);
  }

  private found(collection: JsonObject): unknown {
    return 'Fn::FindInMap' in collection ? this.inMap(collection['Fn::FindInMap']) : undefined;
  }

  /**
   * A stack may be created with another value than the default, but which functions a template is meant to have is
   * better told by the default than not at all.
   */
  private byDefault(name: unknown): unknown {
    const { Type: type, Default: value } = objectAt(this.parameters, String(name));
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
