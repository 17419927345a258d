import { isObject, objectAt } from './json';
import type { TemplateSource } from './template';

/** Every CDK stack has one, by the same logical ID. */
const METADATA = 'AWS::CDK::Metadata';

/** Whether a logical ID is of the same type in both. One without resources may become anything. */
export function haveResourceInCommon(a: TemplateSource, b: TemplateSource): boolean {
  const [ofA, ofB] = [typesIn(a), typesIn(b)];
  return ofA.size === 0 || ofB.size === 0 || inCommon(ofA, ofB) > 0;
}

/** Whether that holds for most of what is in either. */
export function haveMostInCommon(a: TemplateSource, b: TemplateSource): boolean {
  const [ofA, ofB] = [typesIn(a), typesIn(b)];
  return ofA.size === 0 || ofB.size === 0 || inCommon(ofA, ofB) > Math.max(ofA.size, ofB.size) / 2;
}

function inCommon(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): number {
  return [...a].filter(([logicalId, type]) => b.get(logicalId) === type).length;
}

/** The types of resources, by logical ID. */
function typesIn({ template }: TemplateSource): Map<string, string> {
  const resources = Object.entries(objectAt(template, 'Resources'));
  return new Map(
    resources.flatMap(([logicalId, resource]): [string, string][] =>
      isObject(resource) && typeof resource.Type === 'string' && resource.Type !== METADATA
        ? [[logicalId, resource.Type]]
        : [],
    ),
  );
}
