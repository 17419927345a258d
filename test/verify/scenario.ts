import type { TemplateSource } from '../../lib/cloudformation/template';
import type { EffectiveMode } from '../../lib/lambda/lambda-function';
import { buildTracingModel } from '../../lib/model/build-model';
import {
  type Decision,
  LATEST,
  type ObservedAccount,
  type ObservedFunction,
  type ObservedResource,
  type ObservedRole,
} from '../../lib/verify/deployed-functions';
import { type VerificationResult, verify } from '../../lib/verify/verify';

type Resources = Readonly<Record<string, object>>;

/** A stack with the function `Fn`, and its state in the account. */
export interface Scenario {
  /** The resources of the template. By default, `Fn` is Active and its role can write to X-Ray. */
  readonly template?: Resources;
  /** The resources of the deployed template, by default those of `template`. `null` if it is not known. */
  readonly deployed?: Resources | null;
  /** The version numbers and alias names in the stack, by logical ID. */
  readonly published?: Readonly<Record<string, string>>;
  /** The mode of `$LATEST`. `null` if the function does not exist. */
  readonly latest?: EffectiveMode | null;
  /** Modes by version number. */
  readonly versions?: Readonly<Record<string, EffectiveMode>>;
  /** Version numbers by alias name. */
  readonly aliases?: Readonly<Record<string, readonly string[]>>;
  /** The `Transform` section of the template. */
  readonly transform?: unknown;
  /** The parameter values of the stack. */
  readonly parameterValues?: Readonly<Record<string, string>>;
  /** The decision for each action, by default allowed. `null` if the role does not exist. */
  readonly decisions?: readonly Partial<Decision>[] | null;
  /** The ARN of the role in use. */
  readonly arn?: string;
  /** The ARN of the role of published versions, by default that of `$LATEST`, and its decisions as in `decisions`. */
  readonly oldArn?: string;
  readonly oldDecisions?: Scenario['decisions'];
  /** The name of the role in the stack. `null` if it is not known. */
  readonly role?: string | null;
  /** The parts that could not be read. */
  readonly notRead?: readonly ('versions' | 'aliases' | 'role')[];
  readonly profile?: string;
}

export const ROLE = 'arn:aws:iam::111122223333:role/service-role/fn-role';

const ROLE_RESOURCE = {
  Type: 'AWS::IAM::Role',
  Properties: { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess'] },
};

/** Creates a function with a mode and more properties. */
export function functionWith(mode: unknown, more: object = {}) {
  const properties = { Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, ...more };
  const tracing = mode === undefined ? {} : { TracingConfig: { Mode: mode } };
  return { Type: 'AWS::Lambda::Function', Properties: { ...properties, ...tracing } };
}

/** Creates a SAM function with `AutoPublishAlias`. */
export function samFunction(tracing: string, more: object = {}) {
  return {
    Type: 'AWS::Serverless::Function',
    Properties: { Tracing: tracing, AutoPublishAlias: 'live', CodeUri: 's3://code/1', ...more },
  };
}

export function version(more: object = {}) {
  return { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' }, ...more } };
}

/** Creates an alias for a version, given by its logical ID or number, or for `$LATEST`. */
export function alias(target: string, more: object = {}) {
  const FunctionVersion = /^(?:\d+|\$LATEST)$/.test(target) ? target : { 'Fn::GetAtt': [target, 'Version'] };
  return {
    Type: 'AWS::Lambda::Alias',
    Properties: { FunctionName: { Ref: 'Fn' }, FunctionVersion, ...more },
  };
}

export const ACTIVE = { Fn: functionWith('Active') };
export const PASS_THROUGH = { Fn: functionWith('PassThrough') };
export const PUBLISHED = { ...ACTIVE, Version: version(), Live: alias('Version') };
export const STATES_MODE = {
  ...ACTIVE,
  Version: version({ Description: 'X-Ray tracing: Active' }),
  Live: alias('Version'),
};
export const IN_STACK = { Version: '1', Live: 'live' };

/** Verifies the template against the account. */
export function verifyScenario(scenario: Scenario): VerificationResult[] {
  const { template = { Fn: functionWith('Active') }, deployed = template, profile } = scenario;
  const model = buildTracingModel(
    [sourceOf(template, scenario)],
    deployed ? [{ ...sourceOf(deployed, scenario), isInAscii: true }] : [],
  );
  return verify(model, accountOf(scenario, deployed ?? template), profile);
}

/** Returns each difference as its kind and subject, message, fix and commands. */
export function driftOf(scenario: Scenario): string[][] {
  return verifyScenario(scenario).flatMap(({ drift }) =>
    drift.map(({ kind, about, message, fix, commands }) => [
      [kind, ...(about === undefined ? [] : [about])].join(' '),
      message,
      fix,
      ...commands,
    ]),
  );
}

function sourceOf(resources: Resources, { transform, parameterValues }: Scenario): TemplateSource {
  const template = {
    Transform: transform,
    Parameters: { Mode: { Type: 'String', AllowedValues: ['Active', 'PassThrough'] } },
    Conditions: { IsActive: { 'Fn::Equals': [{ Ref: 'Mode' }, 'Active'] } },
    Resources: { Role: ROLE_RESOURCE, ...resources },
  };
  return { id: 'template.yaml', template, parameterValues };
}

function accountOf(scenario: Scenario, resources: Resources): ObservedAccount {
  const { arn = ROLE, published = {}, decisions = [{}, {}], role = 'fn-role', notRead = [] } = scenario;
  const fn = { name: 'fn-1A2B', region: 'eu-west-1' };
  const { oldArn, oldDecisions = [{}, {}] } = scenario;
  return {
    stacks: [
      {
        template: 'template.yaml',
        name: 'Orders',
        region: 'eu-west-1',
        resources: [
          ...physicalFunction(resources),
          ...physicalRole(role),
          ...Object.entries(published).map(physicalVersionOrAlias),
        ],
      },
    ],
    functions: [functionIn(scenario, fn)],
    roles: notRead.includes('role')
      ? []
      : [roleIn(arn, decisions), ...(oldArn === undefined ? [] : [roleIn(oldArn, oldDecisions)])],
  };
}

function roleIn(arn: string, decisions: Scenario['decisions'] = []): ObservedRole {
  const actions = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];
  const all = (decisions ?? []).map((decision, i) => ({
    action: actions[i],
    isAllowed: true,
    policies: [],
    dependsOn: [],
    ...decision,
  }));
  return { arn, region: 'eu-west-1', exists: decisions !== null, decisions: all };
}

function physicalFunction(resources: Resources): ObservedResource[] {
  return 'Fn' in resources ? [{ logicalId: 'Fn', type: 'AWS::Lambda::Function', physicalId: 'fn-1A2B' }] : [];
}

function physicalRole(name: string | null): ObservedResource[] {
  if (name === null) return [];
  return ['Role', 'FnRole'].map((logicalId) => ({ logicalId, type: 'AWS::IAM::Role', physicalId: name }));
}

function physicalVersionOrAlias([logicalId, qualifier]: [string, string]): ObservedResource {
  const type = /^\d+$/.test(qualifier) ? 'AWS::Lambda::Version' : 'AWS::Lambda::Alias';
  const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:fn-1A2B';
  return { logicalId, type, physicalId: `${arn}:${qualifier}` };
}

function functionIn(
  { arn = ROLE, oldArn = arn, latest = 'Active', versions = {}, aliases = {}, notRead = [] }: Scenario,
  fn: Pick<ObservedFunction, 'name' | 'region'>,
): ObservedFunction {
  const modes: Record<string, EffectiveMode> = latest === null ? {} : { [LATEST]: latest, ...versions };
  const all = Object.entries(modes).map(([number, mode]) => ({
    number,
    mode,
    role: number === LATEST ? arn : oldArn,
  }));
  const named = Object.entries(aliases).map(([name, numbers]) => ({ name, versions: numbers }));
  return {
    ...fn,
    ...(!notRead.includes('versions') && { versions: all }),
    ...(!notRead.includes('aliases') && { aliases: named }),
  };
}
