import { effectiveProperties } from '../../cloudformation/sam-globals';
import { nameOf } from '../../cloudformation/template';
import type { FunctionVersion } from '../../lambda/lambda-function';
import {
  type Fix,
  type FunctionUnderVerification,
  publishedVersion,
  stackToDeploy,
  versionOf,
} from '../drift';

/**
 * Returns the fix for a version of the templates, or an alias on it, with a different mode than expected.
 *
 * @param version undefined if the templates do not determine it
 * @param alias the name of an alias that should point to the version
 */
export function republish(
  version: FunctionVersion | undefined,
  target: FunctionUnderVerification,
  alias?: string,
): Fix {
  const { function: fn, observed, expectedVersionMode, lambdaCommand } = target;
  const published = version && publishedVersion(version, target);
  const isCorrect = published && versionOf(target, published.qualifier)?.mode === expectedVersionMode;
  if (alias !== undefined && isCorrect) {
    return {
      fix: `Move the alias back to version ${published.qualifier}. The stack published this version, and it has the expected mode.`,
      commands: [
        lambdaCommand('lambda update-alias', {
          'function-name': observed.name,
          name: alias,
          'function-version': published.qualifier,
        }),
      ],
    };
  }
  return {
    fix: version ? republishByDeployment(version, target) : templateChange(undefined, nameOf(fn.resource)),
    commands: [],
  };
}

function republishByDeployment(version: FunctionVersion, target: FunctionUnderVerification): string {
  const stack = stackToDeploy(version.resource.template, target);
  const isRepublished = isRepublishedByDeployment(version, target);
  if (isRepublished) return `Deploy the stack '${stack}'. The deployment publishes a new version.`;
  const change = templateChange(version, nameOf(target.function.resource));
  return isRepublished === undefined
    ? `If the template has changed since the last deployment, deploy the stack '${stack}'. Otherwise: ${change}`
    : change;
}

/** True if deploying the template publishes a new version. Undefined if the deployed template is not known. */
function isRepublishedByDeployment(
  version: FunctionVersion,
  target: FunctionUnderVerification,
): boolean | undefined {
  const { stacks, templatesWithBaseline } = target;
  const { resource, function: fn } = version;
  if ([resource, fn.resource].every(({ template }) => templatesWithBaseline.has(template.id))) {
    return !version.isUnchanged;
  }
  const isStackRead = stacks.some(({ template }) => template === resource.template.id);
  const isFromSam = resource === fn.resource;
  return isStackRead && !isFromSam && !publishedVersion(version, target) ? true : undefined;
}

/** Returns the change of the template that makes a deployment publish a new version. */
function templateChange(version: FunctionVersion | undefined, name: string): string {
  if (!version) {
    return `Add a version of '${name}' to the template that is republished when the mode changes, and deploy.`;
  }
  const { resource, function: fn, publishesOnModeChange } = version;
  const isFromSam = resource === fn.resource;
  if (publishesOnModeChange === 'by the template' || publishesOnModeChange === 'at deployment') {
    return isFromSam
      ? `SAM published the version while '${name}' was in that mode. To publish a new version, change VersionDescription and deploy.`
      : `The version was published while '${name}' was in that mode. To publish a new version, change its Description (in CDK, call invalidateVersionBasedOn on '${name}') and deploy.`;
  }
  if (isFromSam) {
    return effectiveProperties(resource).AutoPublishCodeSha256 === undefined
      ? `Set AutoPublishAliasAllProperties of '${name}' to true and deploy. SAM then publishes a new version.`
      : `State the tracing mode in VersionDescription of '${name}' and deploy.`;
  }
  return `State the tracing mode in the Description of '${nameOf(resource)}' (in CDK, use currentVersion of '${name}' or set tieVersions) and deploy.`;
}
