import { isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { longFormOf } from './short-forms';
import { startOf } from './yaml-values';

/** Where a value stands, and what is in it. */
interface Place {
  readonly offset: number;
  /** The function that its tag is the short form of, which paths have as a step and the text has not. */
  readonly longForm?: string;
  readonly members: ReadonlyMap<string, Place | number>;
}

/** Knows where values stand in a YAML document. Keeps little of it: the library's nodes take 30 times the text. */
export class YamlOffsets {
  private readonly root: Place | number;

  constructor(contents: Node | null) {
    this.root = placeOf(contents, startOf(contents));
  }

  public offsetOf(path: readonly string[]): number {
    let place = this.root;
    for (const step of path) {
      if (typeof place === 'number') break;
      if (step === place.longForm) continue;
      const member = place.members.get(step);
      if (member === undefined) break;
      place = member;
    }
    return typeof place === 'number' ? place : place.offset;
  }
}

function placeOf(node: Node | null, offset: number): Place | number {
  const members = membersOf(node);
  if (!members) return offset;
  const { tag } = node as { tag?: string };
  return { offset, longForm: tag?.startsWith('!') ? longFormOf(tag) : undefined, members };
}

function membersOf(node: Node | null): Map<string, Place | number> | undefined {
  if (isMap(node)) {
    const pairs = node.items as Pair<Node | null, Node | null>[];
    return new Map(pairs.map(({ key, value }) => [nameOf(key), placeOf(value, startOf(key))]));
  }
  if (isSeq(node)) {
    const items = node.items as (Node | null)[];
    return new Map(items.map((item, index) => [String(index), placeOf(item, startOf(item))]));
  }
  return undefined;
}

function nameOf(key: Node | null): string {
  return isScalar(key) ? (key.source ?? String(key.value)) : '';
}
