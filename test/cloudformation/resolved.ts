import type { PartialString } from '../../lib/cloudformation/partial-string';
import type { Possible } from '../../lib/cloudformation/possible';
import { Resolver } from '../../lib/cloudformation/resolver';
import type { TemplateSource } from '../../lib/cloudformation/template';
import { type Resources, stack } from '../rules/templates';

/**
 * Returns the values that a template value resolves to, one per line: `prod if ${t#Stage}=prod`. Values known
 * only at deployment are in brackets, such as `<t#Stage>`; `?` stands for an unresolvable value, and
 * `nothing` for an omitted one.
 *
 * @param sections sections of the template, which also has a queue and a function
 * @param others templates that are deployed with it
 */
export function resolved(
  value: unknown,
  sections: Resources = {},
  source: Partial<TemplateSource> = {},
  others: readonly TemplateSource[] = [],
): string[] {
  const resources = { Queue: { Type: 'AWS::SQS::Queue' }, Fn: { Type: 'AWS::Serverless::Function' } };
  const resolver = Resolver.of([stack('t', resources, { sections, ...source }), ...others]);
  return lines(resolver.strings(value, resolver.templates[0]));
}

/** Formats strings, one per line. */
export function lines(texts: readonly Possible<PartialString | undefined>[]): string[] {
  return texts.map(({ value, when }) => [value ? written(value) : 'nothing', ...cases(when)].join(' if '));
}

/** Formats any values, one per line. */
export function valueLines(values: readonly Possible<unknown>[]): string[] {
  return values.map(({ value, when }) => [JSON.stringify(value) ?? 'nothing', ...cases(when)].join(' if '));
}

export function written(text: PartialString): string {
  const parts = text.map((part) => {
    if (typeof part === 'string') return part;
    if (part.kind === 'unknown') return /#[{["\d]/.test(part.id) ? '?' : `<${part.id}>`;
    return `<${[part.resource.logicalId, part.attribute].filter(Boolean).join('.')}>`;
  });
  return parts.join('');
}

function cases(when: Possible<unknown>['when']): string[] {
  const assumed = Object.entries(when).map(
    ([key, holds]) => `${holds ? '' : 'not '}${key.replace('\u0000=', '=')}`,
  );
  return assumed.length > 0 ? [assumed.join(', ')] : [];
}
