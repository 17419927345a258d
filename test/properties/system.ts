import fc from 'fast-check';

export type Mode = 'Active' | 'PassThrough' | 'unset';

/** Kinds of permission to write traces. The last three are insufficient. */
export type Grant =
  | 'managed policy'
  | 'older managed policy'
  | 'inline policy'
  | 'policy of its own'
  | 'own managed policy'
  | 'none'
  | 'half'
  | 'denied';

const SUPPORTED_KINDS = ['sqs', 'kinesis', 'dynamodb'] as const;
export const UNSUPPORTED_KINDS = ['msk', 'kafka', 'mq', 'documentdb'] as const;
export type SourceKind = (typeof SUPPORTED_KINDS | typeof UNSUPPORTED_KINDS)[number];

export interface SystemRole {
  readonly id: string;
  readonly grant: Grant;
  /** True if it has an explicit name, which references can contain. */
  readonly isNamed: boolean;
}

export interface SystemFunction {
  readonly id: string;
  readonly mode: Mode;
  readonly role: SystemRole | 'imported';
  readonly isNamed: boolean;
  /** True if it has a caller other than event source mappings. */
  readonly isInvokedOtherwise: boolean;
  readonly version?: { readonly id: string; readonly modeKey: 'none' | 'description' | 'hash' };
  readonly alias?: { readonly id: string; readonly on: 'version' | 'number' | '$LATEST' };
}

export interface SystemMapping {
  readonly id: string;
  readonly kind: SourceKind;
  readonly target: SystemFunction;
  readonly through: 'nothing' | 'version' | 'alias';
}

/** A deployed system, independent of its templates. */
export interface System {
  readonly functions: readonly SystemFunction[];
  readonly roles: readonly SystemRole[];
  readonly mappings: readonly SystemMapping[];
}

const roles = fc.array(
  fc.record({
    grant: fc.constantFrom<Grant>(
      'managed policy',
      'older managed policy',
      'inline policy',
      'policy of its own',
      'own managed policy',
      'none',
      'half',
      'denied',
    ),
    isNamed: fc.boolean(),
  }),
  { minLength: 1, maxLength: 3 },
);

const functions = fc.array(
  fc.record({
    mode: fc.constantFrom<Mode>('Active', 'PassThrough', 'unset'),
    role: fc.option(fc.nat(2), { freq: 4 }),
    isNamed: fc.boolean(),
    isInvokedOtherwise: fc.boolean(),
    modeKey: fc.option(fc.constantFrom('none' as const, 'description' as const, 'hash' as const)),
    alias: fc.option(fc.constantFrom('version' as const, 'number' as const, '$LATEST' as const)),
  }),
  { minLength: 1, maxLength: 4 },
);

const mappings = fc.array(
  fc.record({
    kind: fc.constantFrom<SourceKind>(...SUPPORTED_KINDS, ...UNSUPPORTED_KINDS),
    target: fc.nat(3),
    through: fc.constantFrom('nothing' as const, 'version' as const, 'alias' as const),
  }),
  { maxLength: 5 },
);

/** The end of a version's logical ID in CDK: a hash of the function's configuration. */
const HASH = 'CurrentVersion0123ABCD0123456789abcdef0123456789abcdef';

/** Systems of a few functions, with predictable findings. */
export const SYSTEM: fc.Arbitrary<System> = fc
  .record({ roles, functions, mappings })
  .map((drawn) => system(drawn.roles, drawn.functions, drawn.mappings));

type Drawn<A> = A extends fc.Arbitrary<infer T> ? T : never;

function system(
  drawnRoles: Drawn<typeof roles>,
  drawnFunctions: Drawn<typeof functions>,
  drawnMappings: Drawn<typeof mappings>,
): System {
  const all = drawnRoles.map((role, i) => ({ id: `Role${i}`, ...role }));
  const made = drawnFunctions.map(({ role, modeKey, alias, ...fn }, i): SystemFunction => ({
    id: `Function${i}`,
    ...fn,
    role: role === null ? 'imported' : all[role % all.length],
    version: modeKey === null ? undefined : { id: `Version${i}${modeKey === 'hash' ? HASH : ''}`, modeKey },
    alias:
      alias === null
        ? undefined
        : { id: `Alias${i}`, on: alias === 'version' && modeKey === null ? '$LATEST' : alias },
  }));
  return {
    roles: all,
    functions: made,
    mappings: drawnMappings.map(({ kind, target, through }, i) => {
      const fn = made[target % made.length];
      const exists = through !== 'nothing' && fn[through] !== undefined;
      return { id: `Mapping${i}`, kind, target: fn, through: exists ? through : 'nothing' };
    }),
  };
}

/** Returns the explicit name of a role or function, given its ID. */
export function nameOf(id: string): string {
  return `the-${id}`;
}
