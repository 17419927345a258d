import { isObject, objectAt, scalarText } from '../cloudformation/json';
import type { Resource } from '../cloudformation/template';
import type { LambdaFunction } from '../lambda/lambda-function';
import { type EffectiveMode, soleEffectiveMode } from '../lambda/tracing-mode';

/** Returns the mode that a template gives a function. Undefined if it is invalid or known only at deployment. */
export function expectedModeOf({ modes, resource }: LambdaFunction): EffectiveMode | undefined {
  if (macroOf(resource) !== undefined) return undefined;
  return soleEffectiveMode(modes.map(({ value }) => value));
}

/**
 * AWS transforms that either leave the properties of functions unchanged or are part of the model ("Transform
 * reference", AWS CloudFormation Template Reference). `AWS::Include` is not one of them: it adds content from outside
 * of the template.
 */
const KNOWN_TRANSFORMS =
  /^AWS::(Serverless-|LanguageExtensions$|SecretsManager-|CodeDeployBlueGreen$|ServiceCatalog$)/;

/**
 * Returns the name of a macro that can change a resource before CloudFormation deploys it. A macro applies to the whole
 * template, or to the siblings of an `Fn::Transform` ("CloudFormation macros overview", AWS CloudFormation User Guide).
 */
export function macroOf({ template, logicalId }: Resource): string | undefined {
  const { template: source } = template.source;
  const resources = objectAt(source, 'Resources');
  const declared = isObject(source) ? source.Transform : undefined;
  const inline = [resources, objectAt(resources, logicalId)].map((parent) => parent['Fn::Transform']);
  const macros = [declared, ...inline].flatMap((value) =>
    Array.isArray(value) ? (value as unknown[]) : [value],
  );
  return macros.map(macroName).find((name) => name !== undefined && !KNOWN_TRANSFORMS.test(name));
}

function macroName(macro: unknown): string | undefined {
  return scalarText(isObject(macro) ? macro.Name : macro);
}
