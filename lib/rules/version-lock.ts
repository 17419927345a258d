import { and } from '../cloudformation/possible';
import { nameOf, type Resource } from '../cloudformation/template';
import type {
  FunctionAlias,
  FunctionVersion,
  LambdaFunction,
  PinnedMode,
  StaleMode,
} from '../lambda/lambda-function';
import type { TracingModel } from '../model/tracing-model';
import { isSuperseded } from '../model/version-users';
import { listNames } from '../text/printable';
import { type Finding, findingOn, type Rule } from './rule';
import { republishFix } from './fixes';
import { samAliasName } from './wording';

export const VERSION_LOCK: Rule = {
  id: 'LambdaXRay-VersionLock',
  title: 'Versions and aliases must not stay on an old tracing mode',
  problem: 'Version or alias that stays on an old tracing mode',
  severity: 'error',
  rationale:
    "A version keeps the tracing mode that it was published with. If the function's mode changes but " +
    'CloudFormation publishes no new version, the version and its aliases stay on the old mode. The ' +
    'deployment succeeds, but the traces do not change. This rule compares the templates with a baseline, the ' +
    'previous templates. Findings are warnings if another change in the same deployment can publish a ' +
    'version, and for an alias that splits traffic between versions with different modes.',
  fix:
    'Make the version depend on the mode. With CDK, use currentVersion or set tieVersions. In a SAM function, ' +
    "set AutoPublishAliasAllProperties to true. Otherwise, add the mode to the version's Description, as in " +
    '"X-Ray tracing: Active".',
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
    typescript: `const fn = new TracedFunction(this, 'Fn', props);
new lambda.Alias(this, 'Live', { aliasName: 'live', version: fn.currentVersion });`,
    sam: `Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active
      AutoPublishAlias: live
      AutoPublishAliasAllProperties: true`,
  },
  comparesWithBaseline: true,
  standsFor: ['LambdaXRay-UnpublishedMode'],
  check: (model) =>
    model.functions.flatMap(({ versions, aliases }) => [
      ...versions
        .filter((version) => version.staleModes.length > 0 && !isSuperseded(version, model))
        .flatMap((version) => version.staleModes.map((stale) => staleVersion(version, stale, model))),
      ...aliases.flatMap((alias) => alias.staleModes.map((stale) => pinnedAlias(alias, stale, model))),
      ...aliases.flatMap(splitTraffic),
    ]),
};

function staleVersion(version: FunctionVersion, stale: StaleMode, model: TracingModel): Finding {
  const { resource, function: fn } = version;
  const isSam = resource === fn.resource;
  const name = nameOf(resource);
  const aliases = fn.aliases
    .filter((alias) => alias.resource !== resource && alias.versions.some((on) => on.version === version))
    .map((alias) => alias.resource);
  const users = [resource, ...aliases].flatMap((used) => model.usersOf(used));
  const affected = [...new Set([...aliases, ...users])];
  const effect = isSam
    ? `SAM publishes no new version of the function, so the ${samAliasName(fn)} stays`
    : `Version '${name}' keeps its logical ID and properties, so CloudFormation publishes no new version and '${name}' stays`;
  return findingOn(resource, {
    property: isSam ? 'AutoPublishAlias' : 'Description',
    severity: stale.unless && 'warning',
    message: `${modeChange(fn, stale)} ${effect} on ${stale.mode}${EXCEPTION[stale.unless ?? 'mode']}.${alsoAffected(affected)}`,
    fix: republishFix(version),
    related: [...(isSam ? [] : [fn.resource]), ...affected],
  });
}

function modeChange({ resource }: LambdaFunction, { mode, functionMode, unless }: StaleMode): string {
  const verb = unless === 'mode' ? 'can change' : 'changes';
  return `The tracing mode of '${nameOf(resource)}' ${verb} from ${mode} to ${functionMode}.`;
}

const EXCEPTION = {
  code: ', unless the code of the function changes in the same deployment',
  parameter: ', unless a parameter that it depends on changes in the same deployment',
  mode: '',
} as const;

function pinnedAlias(
  { resource, function: fn }: FunctionAlias,
  stale: PinnedMode,
  model: TracingModel,
): Finding {
  const name = nameOf(resource);
  const users = model.usersOf(resource);
  return findingOn(resource, {
    property: 'FunctionVersion',
    severity: stale.unless && 'warning',
    message: `${modeChange(fn, stale)} Alias '${name}' stays on version ${stale.numbers.join(' or ')}, which keeps the mode that it was published with.${alsoAffected(users)}`,
    fix: `Publish a version with the new mode, and point '${name}' to it.`,
    related: [fn.resource, ...users],
  });
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
    findingOn(resource, {
      property: 'RoutingConfig',
      severity: 'warning',
      message: `Alias '${nameOf(resource)}' splits traffic between versions with different tracing modes, ${split.join(' and ')}. The PassThrough version records no traces.`,
      fix: 'Finish the traffic shift, or publish both versions with the same mode.',
      related: versions.flatMap(({ version }) => (version ? [version.resource] : [])),
    }),
  ];
}

/** Returns a sentence with the resources that stay on the old mode as well. */
function alsoAffected(users: readonly Resource[]): string {
  if (users.length === 0) return '';
  const names = users.map((resource) => `the ${typeName(resource)} '${nameOf(resource)}'`);
  return ` This also affects ${listNames(names)}.`;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  'AWS::Lambda::Alias': 'alias',
  'AWS::Lambda::EventSourceMapping': 'event source mapping',
  'AWS::Lambda::Permission': 'permission',
  'AWS::Lambda::ResourcePolicy': 'resource policy',
  'AWS::Lambda::Url': 'function URL',
  'AWS::ApiGateway::Method': 'API method',
  'AWS::ApiGatewayV2::Integration': 'API integration',
  'AWS::StepFunctions::StateMachine': 'state machine',
  'AWS::SNS::Subscription': 'subscription',
  'AWS::Events::Rule': 'EventBridge rule',
};

function typeName({ type }: Resource): string {
  return TYPE_NAMES[type] ?? type.replace('AWS::', '').replace('::', ' ');
}
