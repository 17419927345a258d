import type { Figure } from './figure';
import { growth } from './growing-assembly';
import { startUp } from './start-up';
import { thousandTemplates } from './thousand-templates';

/** The command as users run it: each time a process of its own. */
export function command(folder: string): Promise<Figure[]> {
  return Promise.resolve([...startUp(folder), ...thousandTemplates(folder), ...growth(folder)]);
}
