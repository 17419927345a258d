import type { App } from 'aws-cdk-lib';
import { readCloudAssembly } from '../../lib/input/cloud-assembly';

export interface TemplateJson {
  readonly Parameters?: Record<string, unknown>;
  readonly Resources?: Record<string, ResourceJson>;
}

interface ResourceJson {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
}

/** Returns the references to resources that don't exist, and the cycles of references, in all templates of an app. */
export function invalidReferences(app: App): string[] {
  return templatesOf(app).flatMap(invalidReferencesIn);
}

/** Returns the templates of an app, with those of nested stacks. */
export function templatesOf(app: App): TemplateJson[] {
  return readCloudAssembly(app.synth().directory).templates.map(({ template }) => template as TemplateJson);
}

function invalidReferencesIn({ Parameters = {}, Resources = {} }: TemplateJson): string[] {
  const needs = new Map(
    Object.entries(Resources).map(([id, resource]) => [
      id,
      [...referencedIn(resource), ...[resource.DependsOn ?? []].flat()].filter(
        (name) => !name.startsWith('AWS::') && !(name in Parameters),
      ),
    ]),
  );
  const missing = [...needs].flatMap(([id, names]) =>
    names.filter((name) => !needs.has(name)).map((name) => `${id} references ${name}, which does not exist`),
  );
  // Resources that need nothing else are removed until only cycles and what needs them remain.
  const left = new Map(needs);
  for (let size = -1; size !== left.size;) {
    size = left.size;
    for (const [id, names] of left) if (!names.some((name) => left.has(name))) left.delete(id);
  }
  return [...missing, ...[...left.keys()].map((id) => `${id} needs itself`)];
}

function referencedIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]: [string, unknown]) => {
    if (key === 'Ref') return [String(child)];
    if (key === 'Fn::GetAtt') return [String(Array.isArray(child) ? child[0] : child).split('.')[0]];
    if (key === 'Fn::Sub') {
      const [text, values = {}] = [child].flat() as [string, object?];
      const names = [...text.matchAll(/\$\{([^!}.]+)[^}]*\}/g)].map(([, name]) => name);
      return [...names.filter((name) => !(name in values)), ...referencedIn(values)];
    }
    return referencedIn(child);
  });
}
