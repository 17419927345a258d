import { alignBaseline } from '../../lib/baseline/align';
import type { TemplateSource } from '../../lib/cloudformation/template';

export type Source = TemplateSource & { readonly file?: string };

/** Properties of a template, and the logical IDs of its functions. */
export interface More extends Partial<Source> {
  readonly fn?: string | readonly string[];
}

/** Returns a template with functions that have these logical IDs. */
export function template(id: string, { fn = 'Fn', ...others }: More = {}): Source {
  const functions = [fn].flat().map((logicalId) => [logicalId, { Type: 'AWS::Lambda::Function' }]);
  return { id, template: { Resources: Object.fromEntries(functions) as object }, ...others };
}

export function stack(id: string, stackName: string, more: More = {}): Source {
  return template(id, { stackName, ...more });
}

/** Returns templates below a directory. */
export function below(group: string, ...paths: readonly string[]): Source[] {
  return paths.map((path) => template(`${group}/${path}`, { group }));
}

/** Returns a template that is nested in another one, with the logical ID there. */
export function nested(
  id: string,
  parent: string,
  logicalId: string,
  more: { readonly fn?: string } = {},
): Source {
  return template(id, { nestedIn: { id: parent, logicalId }, ...more });
}

/** Returns the new IDs of the templates of a baseline, by their IDs. */
export function successors(baseline: readonly Source[], current: readonly Source[]): Record<string, string> {
  const { templates } = alignBaseline(baseline, current);
  return Object.fromEntries(
    baseline.map((previous) => {
      const renamed = templates.filter(({ template: content }) => content === previous.template);
      return [previous.id, renamed.map(({ id }) => id).join(', ')];
    }),
  );
}
