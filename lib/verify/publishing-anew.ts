import type { FunctionVersion } from '../model/lambda-function';
import { effectiveProperties } from '../model/sam-globals';
import { nameOf } from '../model/template';
import type { Deviation } from './deviation';
import { LATEST } from './observed';
import type { Publication } from './publication';
import { stackToDeploy } from './stack-to-deploy';
import { type Subject, versionOf } from './subject';

type Mending = Pick<Deviation, 'fix' | 'commands'>;

/** How an alias that no stack has comes to a version with the mode of the template. */
export function movingByHand(alias: string, { observed, lambda }: Subject): Mending {
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
export function publishingAnew(
  version: FunctionVersion | undefined,
  subject: Subject,
  alias?: string,
): Mending {
  const { function: fn, observed, due, lambda } = subject;
  const published = version && publicationOf(version, subject);
  const isRight = published && versionOf(subject, published.qualifier)?.mode === due;
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

function byDeployment(version: FunctionVersion, subject: Subject): string {
  const { template } = version.resource;
  const stack = stackToDeploy(template, subject);
  const isAnew = isPublishedAnew(version, subject);
  if (isAnew) return `Deploy the stack '${stack}': it publishes a version anew.`;
  const change = templateChange(version, nameOf(subject.function.resource));
  return isAnew === undefined
    ? `Deploy the stack '${stack}', if that has not been done since the template was changed. Otherwise: ${change}`
    : change;
}

/** Whether a deployment publishes a version; nothing where it isn't known what is deployed. */
function isPublishedAnew(version: FunctionVersion, subject: Subject): boolean | undefined {
  const { stacks, compared } = subject;
  const { resource, function: fn } = version;
  if ([resource, fn.resource].every(({ template }) => compared.has(template.id))) return !version.isKept;
  const isRead = stacks.some(({ template }) => template === resource.template.id);
  const isSam = resource === fn.resource;
  return isRead && !isSam && !publicationOf(version, subject) ? true : undefined;
}

/** The version as the stack has it; that of a SAM function has a logical ID that SAM makes up. */
function publicationOf(
  { resource, function: fn }: FunctionVersion,
  { publications }: Subject,
): Publication | undefined {
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
  const { resource, function: fn, isTied } = version;
  const isSam = resource === fn.resource;
  if (isTied === 'by the template' || isTied === 'at deployment') {
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
