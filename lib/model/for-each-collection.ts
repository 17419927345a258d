import { isObject, type JsonObject, objectAt } from './json';

/** The items of a collection. Nothing if they aren't known. */
export type Items = readonly string[] | undefined;

/** Knows the collections that the loops of a template go through. */
export class Collections {
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
