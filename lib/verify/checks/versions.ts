import { isObject, objectAt } from '../../cloudformation/json';
import { effectiveProperties } from '../../cloudformation/sam-globals';
import { nameOf, type Resource } from '../../cloudformation/template';
import type { FunctionAlias, FunctionVersion } from '../../lambda/lambda-function';
import type { PublishedResource } from '../deployed-functions';
import {
  type Drift,
  modeInWords,
  stackToDeploy,
  type FunctionUnderVerification,
  versionOf,
} from '../deviation';
import { LATEST, type ObservedAlias, type ObservedVersion } from '../observed';

/** Versions of the stack that no alias is on, and that have locked another mode than they are to have. */
export function pinnedVersions(subject: FunctionUnderVerification): Drift[] {
  const { function: fn, observed, newMode, publications } = subject;
  // Whether an alias is on it isn't known.
  if (observed.aliases === undefined || newMode === undefined) return [];
  const aliased = new Set(observed.aliases.flatMap(({ versions }) => versions));
  return publications.flatMap(({ template, logicalId, type, qualifier }) => {
    const locked = versionOf(subject, qualifier);
    const version = fn.versions.find(
      ({ resource }) => resource.logicalId === logicalId && resource.template.id === template,
    );
    if (type !== 'AWS::Lambda::Version' || !version || !locked) return [];
    if (aliased.has(qualifier) || locked.mode === newMode) return [];
    return [pinnedVersion(version, qualifier, subject)];
  });
}

function pinnedVersion(version: FunctionVersion, number: string, subject: FunctionUnderVerification): Drift {
  const name = nameOf(subject.function.resource);
  const mode = versionOf(subject, number)?.mode;
  return {
    kind: 'version',
    message: `The version '${nameOf(version.resource)}' of '${name}', which is number ${number}, keeps ${mode}, and ${modeInWords(subject)}.`,
    ...republish(version, subject),
    about: number,
  };
}

/** Aliases on a version that has locked another mode than it is to have. */
export function pinnedAliases(subject: FunctionUnderVerification): Drift[] {
  const { observed, newMode } = subject;
  return (observed.aliases ?? []).flatMap((alias) => {
    const version = versionOf(subject, alias.versions[0]);
    if (!version || version.number === LATEST || isSplit(alias, subject)) return [];
    return newMode === undefined || version.mode === newMode ? [] : [pinnedAlias(alias, version, subject)];
  });
}

function pinnedAlias(
  { name }: ObservedAlias,
  version: ObservedVersion,
  subject: FunctionUnderVerification,
): Drift {
  const { function: fn } = subject;
  return {
    kind: 'alias',
    message: `The alias '${name}' of '${nameOf(fn.resource)}' is on version ${version.number}, which keeps ${version.mode}, and ${modeInWords(subject)}.`,
    ...fixFor(name, subject),
    about: name,
  };
}

function fixFor(name: string, subject: FunctionUnderVerification): Pick<Drift, 'fix' | 'commands'> {
  const alias = aliasInTemplate(name, subject);
  if (alias === undefined) return moveByHand(name, subject);
  const [main] = alias.versions.filter(({ isAdditional }) => !isAdditional);
  if (main?.number !== undefined) {
    return {
      fix: `Publish a version with the mode ${subject.newMode}, and have '${nameOf(alias.resource)}' refer to it in place of version ${main.number}.`,
      commands: [],
    };
  }
  return republish(main?.version, subject, name);
}

type Fix = Pick<Drift, 'fix' | 'commands'>;

/** Aliases that split their traffic between versions of different modes. */
export function splitAliases(subject: FunctionUnderVerification): Drift[] {
  return (subject.observed.aliases ?? [])
    .filter((alias) => isSplit(alias, subject))
    .map((alias) => splitAlias(alias, subject));
}

/** Whether the versions that an alias is on differ in their modes, as far as these are known. */
function isSplit({ versions }: ObservedAlias, subject: FunctionUnderVerification): boolean {
  return new Set(versions.flatMap((number) => versionOf(subject, number)?.mode ?? [])).size > 1;
}

function splitAlias({ name, versions }: ObservedAlias, subject: FunctionUnderVerification): Drift {
  const { function: fn, expected } = subject;
  const known = versions.flatMap((number) => versionOf(subject, number) ?? []);
  const inWords = known.map(({ number, mode }) => `version ${number}, which is ${mode}`);
  const right = known.filter(({ mode }) => mode === expected);
  return {
    kind: 'split',
    message: `The alias '${name}' of '${nameOf(fn.resource)}' splits its traffic between ${inWords.join(', and ')}: one of them records no traces.`,
    ...(splitByStack(name, subject) ?? endShiftByHand(name, right, subject)),
    about: name,
  };
}

/** Where the stack splits the traffic, or has it shifted, what is changed by hand gets in its way, or comes back. */
function splitByStack(name: string, subject: FunctionUnderVerification): Fix | undefined {
  const alias = aliasInTemplate(name, subject);
  if (!alias) return undefined;
  const { resource } = alias;
  if (isShiftedByCodeDeploy(resource)) {
    return {
      fix: `CodeDeploy shifts the traffic of '${name}': let the deployment end, if one is under way, or stop it. Otherwise publish both versions with the same mode.`,
      commands: [],
    };
  }
  if (resource.properties.RoutingConfig === undefined) return undefined;
  return {
    fix: `Take the RoutingConfig out of '${nameOf(resource)}', or publish both versions with the same mode, and deploy.`,
    commands: [],
  };
}

/** "UpdatePolicy attribute" (AWS CloudFormation User Guide), which SAM sets where it is given a preference. */
function isShiftedByCodeDeploy(resource: Resource): boolean {
  const { logicalId, template } = resource;
  const written = objectAt(objectAt(template.source.template, 'Resources'), logicalId);
  const preference = effectiveProperties(resource).DeploymentPreference;
  return (
    'CodeDeployLambdaAliasUpdate' in objectAt(written, 'UpdatePolicy') ||
    (isObject(preference) && preference.Enabled !== false)
  );
}

function endShiftByHand(
  name: string,
  right: readonly ObservedVersion[],
  subject: FunctionUnderVerification,
): Fix {
  const { observed, lambda } = subject;
  const fix = 'End the shift of traffic, or publish both versions with the same mode.';
  if (right.length !== 1) return { fix, commands: [] };
  const [{ number }] = right;
  return {
    fix: `${fix} The command gives all requests to version ${number}, and so to its code: where a deployment is shifting them, let that end.`,
    commands: [
      lambda('lambda update-alias', {
        'function-name': observed.name,
        name,
        'function-version': number,
        'routing-config': 'AdditionalVersionWeights={}',
      }),
    ],
  };
}

/** How an alias that no stack has comes to a version with the mode of the template. */
function moveByHand(alias: string, { observed, lambda }: FunctionUnderVerification): Fix {
  const name = { 'function-name': observed.name };
  const publish = lambda('lambda publish-version', { ...name, query: 'Version', output: 'text' });
  const move = lambda('lambda update-alias', { ...name, name: alias });
  return {
    fix: `None of the stacks that were read has this alias: once the mode of the function is right, publish a version and move the alias to it, which then runs the code of ${LATEST} too.`,
    commands: [`${move} --function-version "$(${publish})"`],
  };
}

/**
 * How what is on a version of the templates comes to the mode that it is to have.
 *
 * @param version nothing where the templates don't tell
 * @param alias on the version
 */
function republish(
  version: FunctionVersion | undefined,
  subject: FunctionUnderVerification,
  alias?: string,
): Fix {
  const { function: fn, observed, newMode, lambda } = subject;
  const published = version && publicationOf(version, subject);
  const isRight = published && versionOf(subject, published.qualifier)?.mode === newMode;
  if (alias !== undefined && isRight) {
    return {
      fix: `Version ${published.qualifier}, which the stack has published, has the right mode: move the alias back to it.`,
      commands: [
        lambda('lambda update-alias', {
          'function-name': observed.name,
          name: alias,
          'function-version': published.qualifier,
        }),
      ],
    };
  }
  return {
    fix: version ? byDeployment(version, subject) : templateChange(undefined, nameOf(fn.resource)),
    commands: [],
  };
}

function byDeployment(version: FunctionVersion, subject: FunctionUnderVerification): string {
  const { template } = version.resource;
  const stack = stackToDeploy(template, subject);
  const isAnew = isRepublished(version, subject);
  if (isAnew) return `Deploy the stack '${stack}': it publishes a version anew.`;
  const change = templateChange(version, nameOf(subject.function.resource));
  return isAnew === undefined
    ? `Deploy the stack '${stack}', if that has not been done since the template was changed. Otherwise: ${change}`
    : change;
}

/** Whether a deployment publishes a version; nothing where it isn't known what is deployed. */
function isRepublished(version: FunctionVersion, subject: FunctionUnderVerification): boolean | undefined {
  const { stacks, compared } = subject;
  const { resource, function: fn } = version;
  if ([resource, fn.resource].every(({ template }) => compared.has(template.id))) return !version.isUnchanged;
  const isRead = stacks.some(({ template }) => template === resource.template.id);
  const isSam = resource === fn.resource;
  return isRead && !isSam && !publicationOf(version, subject) ? true : undefined;
}

/** The version as the stack has it; that of a SAM function has a logical ID that SAM makes up. */
function publicationOf(
  { resource, function: fn }: FunctionVersion,
  { publications }: FunctionUnderVerification,
): PublishedResource | undefined {
  const isSam = resource === fn.resource;
  return publications.find(
    ({ template, logicalId, type }) =>
      type === 'AWS::Lambda::Version' &&
      template === resource.template.id &&
      (isSam ? logicalId.startsWith(`${resource.logicalId}Version`) : logicalId === resource.logicalId),
  );
}

/** What the template lacks for a deployment to publish a version. */
function templateChange(version: FunctionVersion | undefined, name: string): string {
  if (!version)
    return `Have the template publish a version of '${name}' that is tied to the mode, and deploy.`;
  const { resource, function: fn, publishesOnModeChange } = version;
  const isSam = resource === fn.resource;
  if (publishesOnModeChange === 'by the template' || publishesOnModeChange === 'at deployment') {
    return isSam
      ? `SAM published the version while '${name}' had that mode. Have it publish anew: change the VersionDescription, and deploy.`
      : `The version was published while '${name}' had that mode. Have it published anew: with CDK call invalidateVersionBasedOn on '${name}', elsewhere change the Description, and deploy.`;
  }
  if (isSam) {
    return effectiveProperties(resource).AutoPublishCodeSha256 === undefined
      ? `Set AutoPublishAliasAllProperties of '${name}' to true, and deploy: SAM then publishes a version.`
      : `Give '${name}' a VersionDescription that states the mode, and deploy.`;
  }
  return `Publish '${name}' by currentVersion, or give '${nameOf(resource)}' a Description that states the mode (CDK's tieVersions does so), and deploy.`;
}

/** An alias as the templates have it: where it is of a stack, or may be of one that was not read. */
function aliasInTemplate(name: string, subject: FunctionUnderVerification): FunctionAlias | undefined {
  const { function: fn, publications } = subject;
  const place = publications.find(
    ({ type, qualifier }) => type === 'AWS::Lambda::Alias' && qualifier === name,
  );
  if (!place) return fn.aliases.find((alias) => mayBeCalled(alias, name, subject));
  const { template, logicalId } = place;
  const written = fn.aliases.find(
    ({ resource }) => resource.logicalId === logicalId && resource.template.id === template,
  );
  // The one that SAM makes has a logical ID that it makes up.
  return written ?? fn.aliases.find(({ resource }) => resource === fn.resource);
}

function mayBeCalled(
  { resource, function: fn }: FunctionAlias,
  name: string,
  { stacks }: FunctionUnderVerification,
): boolean {
  const { Name: own, AutoPublishAlias: sams } = effectiveProperties(resource);
  const written = resource === fn.resource ? sams : own;
  if (!isObject(written)) return written === name;
  return stacks.every(({ template }) => template !== resource.template.id);
}
