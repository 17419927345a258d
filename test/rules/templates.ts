import type { TemplateSource } from '../../lib/model/template';
import { buildTracingModel } from '../../lib/model/tracing-model';
import type { Rule } from '../../lib/rules/rule';

export type Resources = Record<string, unknown>;

/** What the rule says of templates that belong together, a line a finding. */
export function verdict(rule: Rule, ...sources: readonly (TemplateSource | Resources)[]): string[] {
  const model = buildTracingModel(
    sources.map((source, i) => (isSource(source) ? source : stack(`template${i}`, source))),
  );
  return rule
    .check(model)
    .map(({ resource, logicalId, property }) => `${resource.template.id} ${logicalId} ${property}`);
}

/** A template source; sections other than `Resources` come in `more`. */
export function stack(
  id: string,
  resources: Resources,
  { sections, ...source }: Partial<Omit<TemplateSource, 'id'>> & { sections?: object } = {},
): TemplateSource {
  return { id, template: { Resources: resources, ...sections }, ...source };
}

function isSource(source: TemplateSource | Resources): source is TemplateSource {
  return typeof source.id === 'string';
}

export function lambda(mode?: unknown, more: object = {}) {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: { ...(mode === undefined ? {} : { TracingConfig: { Mode: mode } }), ...more },
  };
}

export function mapping(properties: object, functionName: unknown = { Ref: 'Fn' }, more: object = {}) {
  return {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: { FunctionName: functionName, ...properties },
    ...more,
  };
}
