import { type FunctionSummary, MODES } from '../function-summary';
import type { FunctionChange } from './function-change';

/** `Active`, or such as `Unset (PassThrough) → Active`. */
export function modeInWords({ before, after }: FunctionChange): string {
  const words = [before, after].flatMap((summary) => (summary ? [possibleModesOf(summary)] : []));
  return [...new Set(words)].join(' → ');
}

/** Whether the modes differ, and still come to the same: PassThrough is the default. */
export function isRewordedOnly({ before, after }: FunctionChange): boolean {
  const modes = [before?.mode, after?.mode];
  return modes.includes('Unset') && modes.includes('PassThrough');
}

function possibleModesOf({ mode, possibleModes }: FunctionSummary): string {
  // The only mode that a function can have is the one reported, or none of Lambda's, whatever it is called.
  const isKnown = (possible: string) =>
    possible === mode || (possibleModes.length > 1 && (MODES as readonly string[]).includes(possible));
  const words = possibleModes.map((possible) => {
    if (!isKnown(possible)) return JSON.stringify(possible);
    return possible === 'Unset' ? 'Unset (PassThrough)' : possible;
  });
  return words.length > 0 ? words.join(' or ') : mode;
}
