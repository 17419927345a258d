import { and } from '../cloudformation/possible';
import { nameOf, type Resource } from '../cloudformation/template';
import type { FunctionAlias, FunctionVersion, StaleMode, LambdaFunction } from '../lambda/lambda-function';
import { pinnedVersion } from '../lambda/versions';
import type { TracingModel } from '../model/tracing-model';
import { isSuperseded } from '../model/version-users';
import { listNames } from '../text/list-names';
import type { Finding, Rule } from './rule';
import { republishFix } from './wording';

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
      ...versions
        .filter((version) => version.staleModes.length > 0 && !isSuperseded(version, model))
        .flatMap((version) => version.staleModes.map((kept) => staleVersion(version, kept, model))),
      ...aliases.flatMap((alias) => alias.staleModes.map((kept) => pinnedAlias(alias, kept, model))),
      ...aliases.flatMap(splitTraffic),
    ]),
};

function staleVersion(version: FunctionVersion, kept: StaleMode, model: TracingModel): Finding {
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
  return {
    resource,
    logicalId: resource.logicalId,
    property: isSam ? 'AutoPublishAlias' : 'Description',
    severity: kept.unless ? 'warning' : undefined,
    message: `${change(fn, kept)}, but ${what} ${kept.mode}${UNLESS[kept.unless ?? 'mode']}${usersInWords(affected)}.`,
    fix: republishFix(version),
    related: [...(isSam ? [] : [fn.resource]), ...affected],
  };
}

/** What the deployment does to the mode of a function. */
function change({ resource }: LambdaFunction, { mode, functionMode, unless }: StaleMode): string {
  const verb = unless === 'mode' ? 'can change' : 'changes';
  return `The tracing mode of '${nameOf(resource)}' ${verb} from ${mode} to ${functionMode}`;
}

const UNLESS = {
  code: ', unless its code changes in the same deployment',
  parameter: ', unless a parameter that it goes by changes in the same deployment',
  mode: '',
} as const;

function pinnedAlias(
  { resource, function: fn, versions }: FunctionAlias,
  kept: StaleMode,
  model: TracingModel,
): Finding {
  const number = pinnedVersion({ versions })!;
  const users = model.usersOf(resource);
  return {
    resource,
    logicalId: resource.logicalId,
    property: 'FunctionVersion',
    severity: kept.unless ? 'warning' : undefined,
    message: `${change(fn, kept)}, but its alias '${nameOf(resource)}' stays on version ${number}, which keeps the mode that it was published with${usersInWords(users)}.`,
    fix: `Publish a version with the new mode, and move '${nameOf(resource)}' to it.`,
    related: [fn.resource, ...users],
  };
}

function splitTraffic({ resource, versions }: FunctionAlias): Finding[] {
  const split = versions
    .filter(({ isAdditional }) => !isAdditional)
    .flatMap((main) =>
      versions
        .filter(({ isAdditional, when }) => isAdditional && and(main.when, when))
        .map((other) => [main, other].map(({ version }) => version?.modes ?? [])),
    )
    .find(([main, other]) => main.length === 1 && other.length === 1 && main[0] !== other[0]);
  if (!split) return [];
  return [
    {
      resource,
      logicalId: resource.logicalId,
      property: 'RoutingConfig',
      severity: 'warning',
      message: `The alias '${nameOf(resource)}' splits its traffic between versions of different tracing modes, ${split.join(' and ')}: one of them records no traces.`,
      fix: 'End the shift of traffic, or publish both versions with the same mode.',
      related: versions.flatMap(({ version }) => (version ? [version.resource] : [])),
    },
  ];
}

/** Those who get the old mode, by what they are. */
function usersInWords(users: readonly Resource[]): string {
  if (users.length === 0) return '';
  const names = users.map((resource) => `the ${kindOf(resource)} '${nameOf(resource)}'`);
  return `, and so does what goes through it: ${listNames(names)}`;
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
