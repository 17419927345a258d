import type { TemplateSource } from '../../lib/cloudformation/template';
import type { EffectiveMode } from '../../lib/lambda/tracing-mode';
import { buildTracingModel } from '../../lib/model/build-model';
import {
  type Decision,
  LATEST,
  type ObservedAccount,
  type ObservedFunction,
  type ObservedResource,
} from '../../lib/verify/observed';
import { type Verified, verify } from '../../lib/verify/verify';

type Resources = Readonly<Record<string, object>>;

/** A stack with the function `Fn`, and what there is of it in the account. */
export interface World {
  /** Those of the template; `Fn` is Active, and its role may write, unless said otherwise. */
  readonly template?: Resources;
  /** Those of the template that is deployed; by default, the same. Nothing is known of it if it is `null`. */
  readonly deployed?: Resources | null;
  /** The numbers of the versions and the names of the aliases that the stack has, by their logical IDs. */
  readonly published?: Readonly<Record<string, string>>;
  /** The mode in force; `null` if there is no such function. */
  readonly latest?: EffectiveMode | null;
  /** By their numbers. */
  readonly versions?: Readonly<Record<string, EffectiveMode>>;
  /** The versions that they are on, by their names. */
  readonly aliases?: Readonly<Record<string, readonly string[]>>;
  /** What the template has CloudFormation rewrite it by. */
  readonly transform?: unknown;
  /** The values that the stack's parameters have. */
  readonly given?: Readonly<Record<string, string>>;
  /** Of each action; `null` if there is no such role. By default, they are allowed. */
  readonly decisions?: readonly Partial<Decision>[] | null;
  /** The ARN of the role. */
  readonly arn?: string;
  /** The name of the role that the stack has made; `null` where that isn't known. */
  readonly role?: string | null;
  /** What could not be read. */
  readonly unread?: readonly ('versions' | 'aliases' | 'role')[];
  readonly profile?: string;
}

export const ROLE = 'arn:aws:iam::111122223333:role/service-role/fn-role';

const ROLE_RESOURCE = {
  Type: 'AWS::IAM::Role',
  Properties: { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess'] },
};

/** A function with this mode, and more properties. */
export function functionWith(mode: unknown, more: object = {}) {
  const properties = { Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, ...more };
  const tracing = mode === undefined ? {} : { TracingConfig: { Mode: mode } };
  return { Type: 'AWS::Lambda::Function', Properties: { ...properties, ...tracing } };
}

/** A SAM function that publishes itself. */
export function samFunction(tracing: string, more: object = {}) {
  return {
    Type: 'AWS::Serverless::Function',
    Properties: { Tracing: tracing, AutoPublishAlias: 'live', CodeUri: 's3://code/1', ...more },
  };
}

export function version(more: object = {}) {
  return { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' }, ...more } };
}

/** An alias on a version, by its logical ID or its number. */
export function alias(on: string, more: object = {}) {
  const FunctionVersion = /^\d+$/.test(on) ? on : { 'Fn::GetAtt': [on, 'Version'] };
  return {
    Type: 'AWS::Lambda::Alias',
    Properties: { FunctionName: { Ref: 'Fn' }, FunctionVersion, ...more },
  };
}

export const ACTIVE = { Fn: functionWith('Active') };
export const PASS_THROUGH = { Fn: functionWith('PassThrough') };
export const PUBLISHED = { ...ACTIVE, Version: version(), Live: alias('Version') };
export const TIED = {
  ...ACTIVE,
  Version: version({ Description: 'X-Ray tracing: Active' }),
  Live: alias('Version'),
};
export const IN_STACK = { Version: '1', Live: 'live' };

/** Compares the account with the template. */
export function verified(world: World): Verified[] {
  const { template = { Fn: functionWith('Active') }, deployed = template, profile } = world;
  const model = buildTracingModel(
    [sourceOf(template, world)],
    deployed ? [{ ...sourceOf(deployed, world), isInAscii: true }] : [],
  );
  return verify(model, accountOf(world, deployed ?? template), profile);
}

/** The deviations: what is wrong, what mends it, and the commands. */
export function deviations(world: World): string[][] {
  return verified(world).flatMap(({ drift: found }) =>
    found.map(({ kind, about, message, fix, commands }) => [
      [kind, ...(about === undefined ? [] : [about])].join(' '),
      message,
      fix,
      ...commands,
    ]),
  );
}

function sourceOf(resources: Resources, { transform, given }: World): TemplateSource {
  const template = {
    Transform: transform,
    Parameters: { Mode: { Type: 'String', AllowedValues: ['Active', 'PassThrough'] } },
    Conditions: { IsActive: { 'Fn::Equals': [{ Ref: 'Mode' }, 'Active'] } },
    Resources: { Role: ROLE_RESOURCE, ...resources },
  };
  return { id: 'template.yaml', template, parameterValues: given };
}

function accountOf(world: World, resources: Resources): ObservedAccount {
  const { arn = ROLE, published = {}, decisions = [{}, {}], role = 'fn-role', unread = [] } = world;
  const place = { name: 'fn-1A2B', region: 'eu-west-1' };
  const actions = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];
  const decided = (decisions ?? []).map((decision, i) => ({
    action: actions[i],
    isAllowed: true,
    policies: [],
    dependsOn: [],
    ...decision,
  }));
  return {
    stacks: [
      {
        template: 'template.yaml',
        name: 'Orders',
        region: 'eu-west-1',
        resources: [
          ...physical(resources),
          ...physicalRole(role),
          ...Object.entries(published).map(publication),
        ],
      },
    ],
    functions: [functionIn(world, place)],
    roles: unread.includes('role')
      ? []
      : [{ arn, region: 'eu-west-1', isThere: decisions !== null, decisions: decided }],
  };
}

function physical(resources: Resources): ObservedResource[] {
  return 'Fn' in resources ? [{ logicalId: 'Fn', type: 'AWS::Lambda::Function', physicalId: 'fn-1A2B' }] : [];
}

function physicalRole(name: string | null): ObservedResource[] {
  if (name === null) return [];
  return ['Role', 'FnRole'].map((logicalId) => ({ logicalId, type: 'AWS::IAM::Role', physicalId: name }));
}

function publication([logicalId, qualifier]: [string, string]): ObservedResource {
  const type = /^\d+$/.test(qualifier) ? 'AWS::Lambda::Version' : 'AWS::Lambda::Alias';
  const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:fn-1A2B';
  return { logicalId, type, physicalId: `${arn}:${qualifier}` };
}

function functionIn(
  { arn = ROLE, latest = 'Active', versions = {}, aliases = {}, unread = [] }: World,
  place: Pick<ObservedFunction, 'name' | 'region'>,
): ObservedFunction {
  const modes: Record<string, EffectiveMode> = latest === null ? {} : { [LATEST]: latest, ...versions };
  const all = Object.entries(modes).map(([number, mode]) => ({ number, mode, role: arn }));
  const named = Object.entries(aliases).map(([name, on]) => ({ name, versions: on }));
  return {
    ...place,
    ...(!unread.includes('versions') && { versions: all }),
    ...(!unread.includes('aliases') && { aliases: named }),
  };
}
