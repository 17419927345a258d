import { nameOf, type Resource } from '../model/template';
import type { FunctionAlias, FunctionVersion, KeptMode, TracingModel } from '../model/tracing-model';
import type { Finding, Rule } from './rule';

export const VERSION_LOCK: Rule = {
  id: 'LambdaXRay-VersionLock',
  title: 'A change of the mode reaches the versions of the function',
  severity: 'error',
  rationale:
    'A version keeps the tracing mode that it was published with. Where the mode of the function changes and ' +
    'nothing makes CloudFormation publish anew, the version stays, and its aliases with it: the deployment ' +
    'succeeds, and the traces do not change. This is seen by comparison with the templates of before, the baseline.',
  fix:
    'Have the version replaced along with the change: with CDK publish by currentVersion, or set tieVersions; ' +
    'elsewhere give the version a Description that states the mode, and a SAM function ' +
    'AutoPublishAliasAllProperties: true.',
  source: {
    title: 'Manage Lambda function versions',
    url: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html',
  },
  examples: {
    baseline: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: PassThrough }
  Version:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Fn }`,
    incorrect: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: Active }
  Version:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Fn }`,
    correct: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: Active }
  Version:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Fn, Description: 'X-Ray tracing: Active' }`,
  },
  comparesWithBaseline: true,
  check: (model) =>
    model.functions.flatMap(({ versions, aliases }) => [
      ...versions.flatMap((version) => version.keptModes.map((kept) => stuckVersion(version, kept, model))),
      ...aliases.flatMap((alias) => alias.keptModes.map((kept) => pinnedAlias(alias, kept, model))),
      ...aliases.flatMap(splitTraffic),
    ]),
};

function stuckVersion(version: FunctionVersion, kept: KeptMode, model: TracingModel): Finding {
  const { resource, function: fn } = version;
  const isSam = resource === fn.resource;
  const users = model.usersOf(resource);
  const aliases = fn.aliases
    .filter((alias) => alias.resource !== resource && alias.versions.some((on) => on.version === version))
    .map((alias) => alias.resource);
  const affected = [...new Set([...aliases, ...users, ...aliases.flatMap((alias) => model.usersOf(alias))])];
  const what = isSam
    ? `the version that SAM publishes of it, and the alias that it moves, keep`
    : `its version '${nameOf(resource)}' keeps its logical ID and its properties: it keeps`;
  const unless = kept.unlessCodeChanges ? ', unless its code changes in the same deployment' : '';
  return {
    resource,
    logicalId: resource.logicalId,
    property: isSam ? 'AutoPublishAlias' : 'Description',
    severity: kept.unlessCodeChanges ? 'warning' : undefined,
    message: `The tracing mode of '${nameOf(fn.resource)}' changes from ${kept.mode} to ${kept.instead}, but ${what} ${kept.mode}${unless}${listed(affected)}.`,
    fix: isSam
      ? samFix(version)
      : `Publish '${nameOf(fn.resource)}' by currentVersion, or give '${nameOf(resource)}' a Description that states the mode: CDK's tieVersions does so.`,
    related: [...(isSam ? [] : [fn.resource]), ...affected],
  };
}

/** `AutoPublishCodeSha256` decides by itself, whatever else is set. */
function samFix({ resource }: FunctionVersion): string {
  const name = nameOf(resource);
  return resource.properties.AutoPublishCodeSha256 === undefined
    ? `Set AutoPublishAliasAllProperties of '${name}' to true.`
    : `Give '${name}' a VersionDescription that states the mode: by AutoPublishCodeSha256, SAM goes by the code alone.`;
}

function pinnedAlias(
  { resource, function: fn, versions }: FunctionAlias,
  kept: KeptMode,
  model: TracingModel,
): Finding {
  const { number } = versions.find((on) => on.number !== undefined && !on.isAdditional)!;
  const users = model.usersOf(resource);
  return {
    resource,
    logicalId: resource.logicalId,
    property: 'FunctionVersion',
    message: `The tracing mode of '${nameOf(fn.resource)}' changes from ${kept.mode} to ${kept.instead}, but its alias '${nameOf(resource)}' stays on version ${number}, which keeps ${kept.mode}${listed(users)}.`,
    fix: `Publish a version with the new mode, and move '${nameOf(resource)}' to it.`,
    related: [fn.resource, ...users],
  };
}

function splitTraffic({ resource, versions }: FunctionAlias): Finding[] {
  const modes = versions.map(({ version }) => version?.lockedModes ?? []);
  const [main] = modes.filter((_, i) => !versions[i].isAdditional);
  const other = versions.find(
    ({ isAdditional, version }, i) =>
      isAdditional && version && main?.length === 1 && modes[i].length === 1 && modes[i][0] !== main[0],
  );
  if (!other) return [];
  return [
    {
      resource,
      logicalId: resource.logicalId,
      property: 'RoutingConfig',
      severity: 'warning',
      message: `The alias '${nameOf(resource)}' splits its traffic between versions of different tracing modes, ${main[0]} and ${other.version!.lockedModes[0]}: one of them records no traces.`,
      fix: 'End the shift of traffic, or publish both versions with the same mode.',
      related: versions.flatMap(({ version }) => (version ? [version.resource] : [])),
    },
  ];
}

const MAX_LISTED = 5;

/** Those who get the old mode, by what they are. */
function listed(resources: readonly Resource[]): string {
  if (resources.length === 0) return '';
  const names = resources
    .slice(0, MAX_LISTED)
    .map((resource) => `the ${kindOf(resource)} '${nameOf(resource)}'`);
  const more = resources.length - names.length;
  return `, and so does what goes through it: ${[...names, ...(more > 0 ? [`${more} more`] : [])].join(', ')}`;
}

const KINDS: Readonly<Record<string, string>> = {
  'AWS::Lambda::Alias': 'alias',
  'AWS::Lambda::EventSourceMapping': 'event source mapping',
  'AWS::Lambda::Permission': 'permission',
  'AWS::Lambda::Url': 'function URL',
  'AWS::ApiGateway::Method': 'API method',
  'AWS::ApiGatewayV2::Integration': 'API integration',
  'AWS::StepFunctions::StateMachine': 'state machine',
  'AWS::SNS::Subscription': 'subscription',
  'AWS::Events::Rule': 'EventBridge rule',
};

function kindOf({ type }: Resource): string {
  return KINDS[type] ?? `${type.replace('AWS::', '').replace('::', ' ')}`;
}
