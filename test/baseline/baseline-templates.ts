import { alignBaseline } from '../../lib/baseline/align';
import type { TemplateSource } from '../../lib/cloudformation/template';

export type Source = TemplateSource & { readonly file?: string };

/** What is known of a template, and the logical IDs of the functions in it. */
export interface More extends Partial<Source> {
  readonly fn?: string | readonly string[];
}

/** A template with a function, by the function's logical ID, or with several. */
export function template(id: string, { fn = 'Fn', ...others }: More = {}): Source {
  const functions = [fn].flat().map((logicalId) => [logicalId, { Type: 'AWS::Lambda::Function' }]);
  return { id, template: { Resources: Object.fromEntries(functions) as object }, ...others };
}

export function stack(id: string, stackName: string, more: More = {}): Source {
  return template(id, { stackName, ...more });
}

/** Templates that were found below a directory. */
export function below(group: string, ...paths: readonly string[]): Source[] {
  return paths.map((path) => template(`${group}/${path}`, { group }));
}

/** A template nested in another one, by the logical ID there. */
export function nested(
  id: string,
  parent: string,
  logicalId: string,
  more: { readonly fn?: string } = {},
): Source {
  return template(id, { nestedIn: { id: parent, logicalId }, ...more });
}

/** What has become of what, for each of the baseline's templates. */
export function successors(baseline: readonly Source[], current: readonly Source[]): Record<string, string> {
  const { templates } = alignBaseline(baseline, current);
  return Object.fromEntries(
    baseline.map((one) => {
      const renamed = templates.filter((other) => other.template === one.template);
      return [one.id, renamed.map(({ id }) => id).join(', ')];
    }),
  );
}
