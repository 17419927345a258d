import type { Figure } from './figure';
import { growth } from './growing-assembly';
import { startUp } from './start-up';
import { thousandTemplates } from './thousand-templates';

/** Measures the command as users run it, in a process for each run. */
export function command(folder: string): Promise<Figure[]> {
  return Promise.resolve([...startUp(folder), ...thousandTemplates(folder), ...growth(folder)]);
}
