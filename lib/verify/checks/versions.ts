import { isObject, objectAt, scalarText } from '../../cloudformation/json';
import { effectiveProperties } from '../../cloudformation/sam-globals';
import { nameOf, type Resource } from '../../cloudformation/template';
import type { FunctionAlias, FunctionVersion } from '../../lambda/lambda-function';
import {
  aliasInTemplate,
  describeExpectedMode,
  type Drift,
  type Fix,
  type FunctionUnderVerification,
  publishedVersion,
  stackToDeploy,
  versionInTemplate,
  versionOf,
} from '../drift';
import { LATEST, type ObservedAlias, type ObservedVersion } from '../deployed-functions';

/** Reports versions in stacks that no alias points to and that stay on a different mode than expected. */
export function pinnedVersions(target: FunctionUnderVerification): Drift[] {
  const { function: fn, observed, expectedVersionMode, published } = target;
  // Without the aliases, it is not known whether one points to the version.
  if (observed.aliases === undefined || expectedVersionMode === undefined) return [];
  const aliased = new Set(observed.aliases.flatMap(({ versions }) => versions));
  return published.flatMap((resource) => {
    const { qualifier: number } = resource;
    const mode = versionOf(target, number)?.mode;
    const version = versionInTemplate(resource, target);
    if (!version || mode === undefined || mode === expectedVersionMode || aliased.has(number)) return [];
    return {
      kind: 'version',
      message: `Version '${nameOf(version.resource)}' of '${nameOf(fn.resource)}' (number ${number}) is ${mode}, but ${describeExpectedMode(target)}.`,
      ...republish(version, target),
      about: number,
    };
  });
}

/** Reports aliases that point to a version with a different mode than expected. */
export function pinnedAliases(target: FunctionUnderVerification): Drift[] {
  const { function: fn, observed, expectedVersionMode } = target;
  return (observed.aliases ?? []).flatMap((alias) => {
    const { name } = alias;
    const version = versionOf(target, alias.versions[0]);
    if (!version || version.number === LATEST || isSplit(alias, target)) return [];
    if (expectedVersionMode === undefined || version.mode === expectedVersionMode) return [];
    return {
      kind: 'alias',
      message: `Alias '${name}' of '${nameOf(fn.resource)}' points to version ${version.number}, which is ${version.mode}, but ${describeExpectedMode(target)}.`,
      ...fixAlias(name, target),
      about: name,
    };
  });
}

function fixAlias(name: string, target: FunctionUnderVerification): Fix {
  const alias = aliasInTemplate(name, target);
  if (alias === undefined) return moveManually(name, target);
  const number = mainNumber(alias);
  if (number === undefined) {
    return republish(alias.versions.find(({ isAdditional }) => !isAdditional)?.version, target, name);
  }
  if (versionOf(target, number)?.mode === target.expectedVersionMode) {
    return moveToTemplate(name, number, alias, target);
  }
  return {
    fix: `Publish a version in the mode ${target.expectedVersionMode}, and set FunctionVersion of '${nameOf(alias.resource)}' to it instead of ${number}.`,
    commands: [],
  };
}

/** Returns the number of the version that an alias of the templates is pinned to, or `$LATEST`. */
function mainNumber({ resource, versions }: FunctionAlias): string | undefined {
  if (resource.properties.FunctionVersion === LATEST) return LATEST;
  return versions.find(({ isAdditional }) => !isAdditional)?.number;
}

/** Returns the fix for an alias that is on another version than in the template, where the mode is correct. */
function moveToTemplate(
  name: string,
  number: string,
  { resource }: FunctionAlias,
  target: FunctionUnderVerification,
): Fix {
  const { function: fn, observed, lambdaCommand } = target;
  const { logicalId, template } = resource;
  const deployed = fn.previous?.aliases.find(
    (alias) => alias.resource.logicalId === logicalId && alias.resource.template.id === template.id,
  );
  const deploy = `Deploy the stack '${stackToDeploy(template, target)}'`;
  const version = `${number === LATEST ? number : `version ${number}`}, which has the expected mode`;
  if (deployed && mainNumber(deployed) !== number) {
    return { fix: `${deploy}. It moves the alias to ${version}.`, commands: [] };
  }
  return {
    fix: deployed
      ? `The alias was moved outside of the stack. Move it back to ${version}.`
      : `${deploy}. If it is already deployed, move the alias back to ${version}.`,
    commands: [
      lambdaCommand('lambda update-alias', {
        'function-name': observed.name,
        name,
        'function-version': number,
      }),
    ],
  };
}

/** Returns the fix for an alias that is not part of any stack. */
function moveManually(alias: string, { observed, lambdaCommand }: FunctionUnderVerification): Fix {
  const fn = { 'function-name': observed.name };
  const publish = lambdaCommand('lambda publish-version', { ...fn, query: 'Version', output: 'text' });
  const move = lambdaCommand('lambda update-alias', { ...fn, name: alias });
  return {
    fix: `None of the stacks that were read contains this alias. Correct the mode of the function first. Then publish a version and move the alias to it. The alias then also runs the code of ${LATEST}.`,
    commands: [`${move} --function-version "$(${publish})"`],
  };
}

/** Reports aliases that split their traffic between versions of different modes. */
export function splitAliases(target: FunctionUnderVerification): Drift[] {
  return (target.observed.aliases ?? [])
    .filter((alias) => isSplit(alias, target))
    .map((alias) => splitAlias(alias, target));
}

/** True if an alias points to versions with different known modes. */
function isSplit({ versions }: ObservedAlias, target: FunctionUnderVerification): boolean {
  return new Set(versions.flatMap((number) => versionOf(target, number)?.mode ?? [])).size > 1;
}

function splitAlias({ name, versions }: ObservedAlias, target: FunctionUnderVerification): Drift {
  const { function: fn, expectedMode } = target;
  const observed = versions.flatMap((number) => versionOf(target, number) ?? []);
  const descriptions = observed.map(({ number, mode }) => `version ${number} (${mode})`);
  const correct = observed.filter(({ mode }) => mode === expectedMode);
  return {
    kind: 'split',
    message: `Alias '${name}' of '${nameOf(fn.resource)}' splits its traffic between ${descriptions.join(' and ')}. Only one of them records traces.`,
    ...(fixInStack(name, target) ?? endShift(name, correct, target)),
    about: name,
  };
}

/** Returns the fix if the stack splits or shifts the traffic. A manual change would be reverted or would interfere. */
function fixInStack(name: string, target: FunctionUnderVerification): Fix | undefined {
  const alias = aliasInTemplate(name, target);
  if (!alias) return undefined;
  const { resource } = alias;
  if (isShiftedByCodeDeploy(resource)) {
    return {
      fix: `CodeDeploy shifts the traffic of '${name}'. If a deployment is running, wait for it to finish or stop it. Otherwise, publish both versions in the same mode.`,
      commands: [],
    };
  }
  const { RoutingConfig: routing } = resource.properties;
  if (routing === undefined || (isObject(routing) && routing.Ref === 'AWS::NoValue')) return undefined;
  return {
    fix: `Remove RoutingConfig from '${nameOf(resource)}', or publish both versions in the same mode, and deploy.`,
    commands: [],
  };
}

/** "UpdatePolicy attribute" (AWS CloudFormation User Guide). SAM sets it for a `DeploymentPreference`. */
function isShiftedByCodeDeploy(resource: Resource): boolean {
  const { logicalId, template } = resource;
  const source = objectAt(objectAt(template.source.template, 'Resources'), logicalId);
  const preference = effectiveProperties(resource).DeploymentPreference;
  return (
    'CodeDeployLambdaAliasUpdate' in objectAt(source, 'UpdatePolicy') ||
    // SAM also accepts text (`DeploymentPreference.from_dict` in its translator).
    (isObject(preference) && !['false', 'False'].includes(scalarText(preference.Enabled) ?? ''))
  );
}

function endShift(
  name: string,
  correct: readonly ObservedVersion[],
  { observed, lambdaCommand }: FunctionUnderVerification,
): Fix {
  const fix = 'End the traffic shift, or publish both versions in the same mode.';
  if (correct.length !== 1) return { fix, commands: [] };
  const [{ number }] = correct;
  return {
    fix: `${fix} The command sends all requests to version ${number}, and therefore to its code. If a deployment is shifting the traffic, wait for it to finish instead.`,
    commands: [
      lambdaCommand('lambda update-alias', {
        'function-name': observed.name,
        name,
        'function-version': number,
        'routing-config': 'AdditionalVersionWeights={}',
      }),
    ],
  };
}

/**
 * Returns the fix for a version of the templates, or an alias on it, with a different mode than expected.
 *
 * @param version undefined if the templates do not determine it
 * @param alias the name of an alias that should point to the version
 */
function republish(
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
