import { scalarText } from '../cloudformation/json';
import { literal, type PartialString } from '../cloudformation/partial-string';

/** The two tracing modes of Lambda. A function without a mode has `PassThrough`. */
export type EffectiveMode = 'Active' | 'PassThrough';

/**
 * The tracing mode that a template sets for a function: one of Lambda's modes, `unset` if it is left to the default,
 * `unknown` if it is known only at deployment, or a value that Lambda does not accept.
 */
export type ConfiguredMode = EffectiveMode | 'unset' | 'unknown' | InvalidMode;

/** A value that Lambda does not accept as a mode. */
export interface InvalidMode {
  readonly invalid: string;
  /** The property that has a value of the wrong type, and the type that it must have. */
  readonly wrongType?: { readonly property: string; readonly expected: string };
}

/** Returns the statement of a mode that a version's description can contain. No other text states a mode. */
export function modeStatement(mode: string): string {
  return `X-Ray tracing: ${mode}`;
}

export function isEffectiveMode(value: unknown): value is EffectiveMode {
  return value === 'Active' || value === 'PassThrough';
}

/**
 * Returns the configured mode that a value of a template stands for.
 *
 * @param text the value; undefined if the property is left out
 * @param canBeDisabled true if SAM leaves the mode out for `Disabled`
 */
export function configuredMode(text: PartialString | undefined, canBeDisabled: boolean): ConfiguredMode {
  if (text === undefined) return 'unset';
  const mode = literal(text);
  if (mode === undefined) return 'unknown';
  if (isEffectiveMode(mode)) return mode;
  return canBeDisabled && mode === 'Disabled' ? 'unset' : { invalid: mode };
}

/** Returns the invalid mode that a value of the wrong type stands for. */
export function modeOfWrongType(value: unknown, property: string, expected: string): InvalidMode {
  return { invalid: scalarText(value) ?? JSON.stringify(value), wrongType: { property, expected } };
}

/** Returns the mode that takes effect on deployment; undefined if it is known only then, or is invalid. */
export function effectiveMode(mode: ConfiguredMode): EffectiveMode | undefined {
  if (mode === 'unset') return 'PassThrough';
  return isEffectiveMode(mode) ? mode : undefined;
}

/** Returns the one effective mode of all these configured modes; undefined if they differ or one has none. */
export function soleEffectiveMode(modes: readonly ConfiguredMode[]): EffectiveMode | undefined {
  const [first, ...others] = modes.map(effectiveMode);
  return others.every((other) => other === first) ? first : undefined;
}
