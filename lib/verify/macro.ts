import { isObject, objectAt, scalarText } from '../model/json';
import type { Resource } from '../model/template';

/**
 * Those of CloudFormation's own that leave the properties of functions as they are written, or that the model knows
 * ("Transform reference", AWS CloudFormation Template Reference). `AWS::Include` brings in what no template shows.
 */
const KNOWN = /^AWS::(Serverless-|LanguageExtensions$|SecretsManager-|CodeDeployBlueGreen$|ServiceCatalog$)/;

/**
 * A macro that CloudFormation has rewrite a resource before it deploys it, so that the template doesn't tell what comes
 * of it: one of the template, or one beside the resource or its properties ("CloudFormation macros overview", AWS
 * CloudFormation User Guide).
 *
 * @returns its name
 */
export function macroOn({ template, logicalId }: Resource): string | undefined {
  const { template: source } = template.source;
  const resources = objectAt(source, 'Resources');
  const declared = isObject(source) ? source.Transform : undefined;
  const inline = [resources, objectAt(resources, logicalId)].map((around) => around['Fn::Transform']);
  const names = [declared, ...inline].flatMap((one) => (Array.isArray(one) ? (one as unknown[]) : [one]));
  return names.map(nameOfMacro).find((name) => name !== undefined && !KNOWN.test(name));
}

function nameOfMacro(macro: unknown): string | undefined {
  return scalarText(isObject(macro) ? macro.Name : macro);
}
