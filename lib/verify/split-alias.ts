import { isObject, objectAt } from '../model/json';
import { effectiveProperties } from '../model/sam-globals';
import { nameOf, type Resource } from '../model/template';
import { aliasInTemplate } from './alias-in-template';
import type { Deviation } from './deviation';
import type { ObservedAlias, ObservedVersion } from './observed';
import { type Subject, versionOf } from './subject';

type Mending = Pick<Deviation, 'fix' | 'commands'>;

/** Aliases that split their traffic between versions of different modes. */
export function splitAliases(subject: Subject): Deviation[] {
  return (subject.observed.aliases ?? [])
    .filter((alias) => isSplit(alias, subject))
    .map((alias) => splitAlias(alias, subject));
}

/** Whether the versions that an alias is on differ in their modes, as far as these are known. */
export function isSplit({ versions }: ObservedAlias, subject: Subject): boolean {
  return new Set(versions.flatMap((number) => versionOf(subject, number)?.mode ?? [])).size > 1;
}

function splitAlias({ name, versions }: ObservedAlias, subject: Subject): Deviation {
  const { function: fn, expected } = subject;
  const known = versions.flatMap((number) => versionOf(subject, number) ?? []);
  const inWords = known.map(({ number, mode }) => `version ${number}, which is ${mode}`);
  const right = known.filter(({ mode }) => mode === expected);
  return {
    kind: 'split',
    message: `The alias '${name}' of '${nameOf(fn.resource)}' splits its traffic between ${inWords.join(', and ')}: one of them records no traces.`,
    ...(splitByStack(name, subject) ?? endingByHand(name, right, subject)),
    about: name,
  };
}

/** Where the stack splits the traffic, or has it shifted, what is changed by hand gets in its way, or comes back. */
function splitByStack(name: string, subject: Subject): Mending | undefined {
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

function endingByHand(name: string, right: readonly ObservedVersion[], subject: Subject): Mending {
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
