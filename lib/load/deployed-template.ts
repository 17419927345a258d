import type { LoadedTemplate, LoadError } from './loaded';
import { isTemplate, parseTemplate } from './template-text';

/** What a stack was deployed with; nothing if that is no template. */
interface Deployed {
  readonly deployed?: LoadedTemplate;
  readonly errors: readonly LoadError[];
}

/**
 * Reads what a stack was deployed with.
 *
 * @param stack what readers call it
 * @param body the text of the template
 * @param current the template that is to be deployed to it, which it has the ID of
 */
export function deployedTemplate(stack: string, body: string, current: LoadedTemplate): Deployed {
  const file = `deployed:${stack}`;
  const { template, errors: faults, locate } = parseTemplate(file, body);
  const errors = faults.map((fault) => ({ file, ...fault }));
  if (!isTemplate(template)) return { errors };
  const { id, stackName, account, region, group, nestedIn } = current;
  const place = { id, stackName, account, region, group, nestedIn, file };
  return { deployed: { ...place, template, locate, isInAscii: true }, errors };
}
