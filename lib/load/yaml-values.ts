import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, Scalar, type YAMLMap } from 'yaml';
import { isObject } from '../model/json';
import { type Fault, MAX_DEPTH, TOO_DEEP } from './parsed-text';
import { inLongForm, isShortForm } from './short-forms';

/** Ends the reading of a text. */
export class FaultError extends Error {
  constructor(public readonly fault: Fault) {
    super(fault.message);
  }
}

/** What aliases may stand for altogether, in values and characters. No template comes near; a YAML bomb goes far. */
const MAX_ALIASED = 10_000_000;

/** YAML 1.1, which CloudFormation reads, has more names for these than YAML 1.2, which the library reads. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map(
  [true, false].flatMap((value) =>
    (value ? ['yes', 'on'] : ['no', 'off'])
      .flatMap((word) => [word, word[0].toUpperCase() + word.slice(1), word.toUpperCase()])
      .map((word): [string, boolean] => [word, value]),
  ),
);

/** What an anchor stands for, and how much it is. */
interface Anchored {
  value?: unknown;
  /** Nothing while it is being read. */
  extent?: { readonly size: number; readonly height: number };
}

/** Turns the nodes of a YAML document into plain JSON. */
export class YamlValues {
  public readonly faults: Fault[] = [];
  private readonly anchors = new Map<string, Anchored>();
  private size = 0;
  private aliased = 0;
  private deepest = 0;

  /** @throws FaultError if the document can't be read as JSON */
  public of(node: Node | null, depth = 1): unknown {
    this.deepest = Math.max(this.deepest, depth);
    if (this.deepest > MAX_DEPTH) throw new FaultError({ offset: startOf(node), message: TOO_DEEP });
    this.size++;
    if (!node) return null;
    if (isAlias(node)) return this.aliasedBy(node.source, startOf(node), depth);
    const { anchor } = node as { anchor?: string };
    return anchor === undefined ? this.tagged(node, depth) : this.anchored(anchor, node, depth);
  }

  private anchored(anchor: string, node: Node, depth: number): unknown {
    const anchored: Anchored = {};
    this.anchors.set(anchor, anchored);
    const { size, deepest } = this;
    this.deepest = depth;
    anchored.value = this.tagged(node, depth);
    anchored.extent = { size: this.size - size + 1, height: this.deepest - depth };
    this.deepest = Math.max(this.deepest, deepest);
    return anchored.value;
  }

  private aliasedBy(name: string, offset: number, depth: number): unknown {
    const anchored = this.anchors.get(name);
    if (!anchored) {
      throw new FaultError({ offset, message: `The alias *${name} has no anchor &${name} before it.` });
    }
    const { value, extent } = anchored;
    if (!extent) {
      throw new FaultError({ offset, message: `The alias *${name} stands in what it stands for itself.` });
    }
    this.size += extent.size;
    this.aliased += extent.size;
    this.deepest = Math.max(this.deepest, depth + extent.height);
    if (this.aliased > MAX_ALIASED) {
      const message =
        'The aliases up to here stand for more than any template holds: write out what is meant, without them.';
      throw new FaultError({ offset, message });
    }
    return value;
  }

  private tagged(node: Node, depth: number): unknown {
    const { tag } = node as { tag?: string };
    if (tag === undefined || tag === '!' || tag.startsWith('tag:yaml.org,2002:')) {
      return this.untagged(node, depth);
    }
    if (!isShortForm(tag)) {
      const message = `CloudFormation has no function ${tag}: what it stands for is taken as unknown.`;
      this.faults.push({ offset: startOf(node), message });
    }
    return inLongForm(tag, this.untagged(node, depth + 1));
  }

  private untagged(node: Node, depth: number): unknown {
    if (isMap(node)) return this.object(node, depth);
    if (isSeq(node)) return node.items.map((item) => this.of(item as Node | null, depth + 1));
    return this.scalar(node as Scalar);
  }

  private scalar(node: Scalar): unknown {
    const { value, source, type } = node;
    const text = source ?? '';
    this.size += text.length;
    if (type !== Scalar.PLAIN) return value;
    // CloudFormation hands on `0123` and `1.10` as they are written: account IDs, versions.
    if (typeof value === 'number') return String(value) === text ? value : text;
    return (node.tag === undefined ? BOOLEANS.get(text) : undefined) ?? value;
  }

  private object(map: YAMLMap, depth: number): unknown {
    const own = new Map<string, unknown>();
    const merged = new Map<string, unknown>();
    for (const pair of map.items as Pair<Node | null, Node | null>[]) {
      const value = this.of(pair.value, depth + 1);
      if (isMergeKey(pair.key) && mergeable(value)) {
        for (const source of Array.isArray(value) ? value : [value]) {
          for (const [key, part] of Object.entries(source as object)) {
            if (!merged.has(key)) merged.set(key, part);
          }
        }
        continue;
      }
      const key = this.key(pair.key, depth);
      if (own.has(key)) this.faults.push({ offset: startOf(pair.key), message: repetition(key) });
      own.set(key, value);
    }
    return Object.fromEntries(merged.size === 0 ? own : new Map([...merged, ...own]));
  }

  private key(node: Node | null, depth: number): string {
    const key = (this.of(node, depth + 1) ?? '') as string | number | boolean | object;
    // A key is text, even if it reads like a number or a date.
    if (isScalar(node) && node.type === Scalar.PLAIN) return node.source ?? '';
    if (typeof key !== 'object') return String(key);
    const message = 'A key is a name, and a list or an object stands here: give it a name.';
    this.faults.push({ offset: startOf(node), message });
    return JSON.stringify(key);
  }
}

function repetition(key: string): string {
  return `The key ${key} is given twice in one object: keep one of the two.`;
}

function isMergeKey(key: Node | null): boolean {
  return isScalar(key) && key.type === Scalar.PLAIN && key.source === '<<';
}

function mergeable(value: unknown): boolean {
  return Array.isArray(value) ? value.every(isObject) : isObject(value);
}

/** Where a node starts, without the tag and the anchor before it. */
export function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}
