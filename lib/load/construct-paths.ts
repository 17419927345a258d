import { isObject, type JsonObject } from '../model/json';

/** Where CDK puts the resource that is a nested stack: beside the construct that is its scope. */
const NESTED_STACK_RESOURCE = /^(.*)\.NestedStack\/[^/]*\.NestedStackResource$/;

/** The construct paths of a stack and of the stacks nested in it, from the assembly's metadata. They start with `/`. */
export class ConstructPaths {
  /** Construct paths by logical ID, by the path of the nested stack that has them; nothing for the stack itself. */
  private readonly byStack = new Map<string, Map<string, string>>();
  private readonly nested: ReadonlySet<string | undefined>;

  constructor(metadata: JsonObject) {
    const paths = logicalIds(metadata);
    this.nested = new Set(paths.map(([path]) => NESTED_STACK_RESOURCE.exec(path)?.[1]));
    for (const [path, logicalId] of paths) {
      const stack = this.stackOf(path);
      const own = this.byStack.get(stack) ?? new Map<string, string>();
      this.byStack.set(stack, own.set(logicalId, path));
    }
  }

  /** The paths in a stack, as CDK writes them elsewhere, by logical ID. */
  public in(stack: string): Record<string, string> {
    const own = this.byStack.get(stack) ?? [];
    return Object.fromEntries([...own].map(([logicalId, path]) => [logicalId, path.slice(1)]));
  }

  /** The path of the nested stack that a resource of a stack is. */
  public nestedStack(stack: string, logicalId: string): string {
    const resource = this.byStack.get(stack)?.get(logicalId) ?? '';
    return NESTED_STACK_RESOURCE.exec(resource)?.[1] ?? `${stack}/${logicalId}`;
  }

  /** The path of the nested stack that a construct is, or is in; nothing for the stack itself. */
  public stackOf(path: string): string {
    let stack = path;
    while (stack !== '' && !this.nested.has(stack)) stack = parentOf(stack);
    return stack;
  }
}

function logicalIds(metadata: JsonObject): [path: string, logicalId: string][] {
  return Object.entries(metadata).flatMap(([path, entries]) =>
    (Array.isArray(entries) ? entries : [])
      .filter((entry) => isObject(entry) && entry.type === 'aws:cdk:logicalId')
      .map((entry: JsonObject): [string, string] => [path, String(entry.data)]),
  );
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}
