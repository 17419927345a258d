import type { LoadError } from './loaded';

/** An error in a baseline, the files of which may be called just as those that are judged. */
export function inBaseline(error: LoadError): LoadError {
  return { ...error, message: `${error.message} It belongs to the baseline.` };
}
