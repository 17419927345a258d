import { isObject } from '../cloudformation/json';
import { literal, OPAQUE, type PartialString } from '../cloudformation/partial-string';
import {
  ALWAYS,
  and,
  type Assumptions,
  certainly,
  flatMap,
  includes,
  type Possible,
} from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { effectiveProperties, isKnownToSam } from '../cloudformation/sam-globals';
import {
  generatedRoleOf,
  isInSamePlace,
  mayAddResources,
  mayChange,
  partitionOf,
  type Resource,
  type Template,
} from '../cloudformation/template';
import {
  POLICIES_WITHOUT_LOGS,
  TRACING_ACTIONS,
  type TracingAction,
  WRITE_ACTIONS,
} from '../iam/managed-policies';
import {
  certainEffect,
  type Contribution,
  fromPolicy,
  type Tri,
  unknownGrant,
  within,
} from '../iam/policy-document';
import {
  APPLICATION_SIGNALS_LOG_GROUP,
  documentsIn,
  matchesTopicArn,
  type PolicyDocument,
  TOPIC_ACTIONS,
  topicContributions,
} from '../iam/resource-policy';
import type { RolePolicies, RoleReference, Roles } from '../iam/roles';
import {
  mayWriteLogs,
  NO_BOUNDARY,
  permissionsFor,
  permissionsWith,
  policiesForActions,
  UNKNOWN_PERMISSION,
  type XRayPermission,
} from '../iam/xray-permissions';
import type { Topic, XRayResourcePolicy } from './tracing-model';

/** Returns the policy that SAM attaches to the generated role of a traced resource (`samtranslator/model/xray_utils.py`). */
function samPolicy({ source: { region } }: Template): string {
  return region === undefined || partitionOf(region) === 'aws'
    ? 'AWSXrayWriteOnlyAccess'
    : 'AWSXRayDaemonWriteAccess';
}

/** Evaluates the permissions of functions and state machines for X-Ray. */
export class TracingPermissions {
  private readonly byRole = new Map<readonly TracingAction[], Map<Resource, Possible<XRayPermission>[]>>();
  private readonly byEffects = new Map<string, Possible<XRayPermission>[]>();

  constructor(
    private readonly roles: Roles,
    private readonly resolver: Resolver,
  ) {}

  /**
   * Returns the permission of a function to write traces in each case. SAM generates a role for a function without one.
   *
   * @param roles the roles that the function can have
   */
  public ofFunction(fn: Resource, roles: readonly Possible<RoleReference>[]): Possible<XRayPermission>[] {
    const generated = generatedRoleOf(fn);
    if (generated) return this.ofRole(generated, WRITE_ACTIONS);
    if (roles.length === 0) return certainly(UNKNOWN_PERMISSION);
    return this.ofRoles(roles, WRITE_ACTIONS);
  }

  /**
   * Returns the permission of a state machine to trace its executions, in each case that its roles make. SAM generates
   * a role for a state machine without one.
   *
   * @param roles the roles that the state machine can have
   */
  public ofStateMachine(
    machine: Resource,
    roles: readonly Possible<RoleReference>[],
  ): Possible<XRayPermission>[] {
    const generated = generatedRoleOf(machine);
    return generated ? this.ofRole(generated, TRACING_ACTIONS) : this.ofRoles(roles, TRACING_ACTIONS);
  }

  /** Returns the roles that surely can't write the log group of Application Signals. */
  public withoutApplicationSignals(roles: readonly Possible<RoleReference>[]): Possible<RoleReference>[] {
    return roles.filter(({ value: { resource } }) => {
      const documents = resource && this.roles.documentsOf(resource, POLICIES_WITHOUT_LOGS);
      return (
        documents && !documents.some((document) => mayWriteLogs(document, APPLICATION_SIGNALS_LOG_GROUP))
      );
    });
  }

  private ofRoles(
    roles: readonly Possible<RoleReference>[],
    actions: readonly TracingAction[],
  ): Possible<XRayPermission>[] {
    return flatMap(roles, ({ resource }) =>
      resource ? this.ofRole(resource, actions) : certainly(UNKNOWN_PERMISSION),
    );
  }

  private ofRole(role: Resource, actions: readonly TracingAction[]): Possible<XRayPermission>[] {
    const byRole = this.byRole.get(actions) ?? new Map<Resource, Possible<XRayPermission>[]>();
    this.byRole.set(actions, byRole);
    const known = byRole.get(role) ?? this.evaluate(this.policiesOf(role), actions);
    byRole.set(role, known);
    return known;
  }

  private policiesOf(role: Resource): RolePolicies {
    const { generatedFor: owner } = role;
    if (!owner) return this.roles.policiesOf(role);
    const { Policies: policies, PermissionsBoundary: boundary } = effectiveProperties(owner);
    return {
      contributions: [
        ...fromPolicy(
          samPolicy(owner.template),
          this.casesOfSamPolicy(owner).map((when) => certainEffect('Allow', when)),
        ),
        ...this.roles.samPolicies(policies, owner.template),
        ...(mayChange(owner) ? [unknownGrant(ALWAYS)] : []),
        ...this.roles.policiesOf(role).contributions,
      ],
      boundary: this.roles.boundary({ PermissionsBoundary: boundary }, owner.template),
    };
  }

  /**
   * Returns the cases in which SAM attaches its X-Ray policy. SAM runs before CloudFormation evaluates functions: it
   * knows literal values, and for functions also parameters (`samtranslator/model/sam_resources.py` and
   * `samtranslator/model/stepfunctions/generators.py`).
   */
  private casesOfSamPolicy(owner: Resource): Assumptions[] {
    const { template, type } = owner;
    const properties = effectiveProperties(owner);
    const { Tracing: tracing } = properties;
    if (type === 'AWS::Serverless::StateMachine') {
      return isObject(tracing) && tracing.Enabled === true ? [ALWAYS] : [];
    }
    if (!isKnownToSam(tracing, template)) return [ALWAYS];
    return this.resolver
      .stringsAt(properties, ['Tracing'], template)
      .flatMap(({ value: text, when }) => (text && literal(text) !== 'Disabled' ? [when] : []));
  }

  /** Returns one list for all roles whose policies have the same effects on the actions. */
  private evaluate(policies: RolePolicies, actions: readonly TracingAction[]): Possible<XRayPermission>[] {
    const relevant = policiesForActions(actions, policies);
    const key = JSON.stringify([actions, relevant]);
    const known =
      this.byEffects.get(key) ??
      permissionsWith(actions, relevant, (assumed) => this.resolver.isPossible(assumed));
    this.byEffects.set(key, known);
    return known;
  }
}

/** Policies that can be created together, with the conditions under which they are. */
interface Combination {
  readonly policies: readonly Resource[];
  readonly when: Assumptions;
}

/** The maximum number of combinations for an account and region. With more, the smallest are left out. */
const MAX_COMBINATIONS = 64;

/** The number of policies from which only the largest combination is kept. X-Ray allows far fewer. */
const MANY_POLICIES = 20;

/** Returns the X-Ray resource policies, each with those before it in its account and region. */
export function xrayResourcePolicies(
  resources: readonly Resource[],
  resolver: Resolver,
): XRayResourcePolicy[] {
  const combinations = new Map<string, readonly Combination[]>();
  return resources
    .filter(({ type }) => type === 'AWS::XRay::ResourcePolicy')
    .map((resource) => {
      const place = placeOf(resource, resolver);
      const before = combinations.get(place) ?? [{ policies: [], when: ALWAYS }];
      const cases = resolver.casesOf([resource]);
      const joined = before.flatMap(({ policies, when }) =>
        cases.flatMap((created) => {
          const both = and(when, created);
          return both && resolver.isPossible(both) ? [{ policies: [...policies, resource], when: both }] : [];
        }),
      );
      combinations.set(place, largest([...joined, ...before]));
      return { resource, earlier: largest(joined)[0]?.policies.slice(0, -1) ?? [] };
    });
}

/** Returns the largest combinations, without those that are part of another one under the same conditions. */
function largest(combinations: readonly Combination[]): Combination[] {
  const sorted = [...combinations].sort((a, b) => b.policies.length - a.policies.length);
  const maximum = sorted[0]?.policies.length >= MANY_POLICIES ? 1 : MAX_COMBINATIONS;
  const kept: Combination[] = [];
  for (const one of sorted) {
    if (kept.length === maximum) break;
    if (!kept.some(({ when }) => includes(when, one.when))) kept.push(one);
  }
  return kept;
}

/** Returns a key of the account and region of a resource, or of its outermost stack if these are not known. */
function placeOf({ template }: Resource, resolver: Resolver): string {
  const { id, source } = resolver.stacks.outermost(template);
  const { account, region, nestedIn } = source;
  return account === undefined || region === undefined ? (nestedIn?.id ?? id) : `${account} ${region}`;
}

/**
 * Returns the SNS topics, each with the permission of Amazon SNS to write its traces ("Active tracing in Amazon SNS",
 * Amazon SNS Developer Guide).
 */
export function topicsOf(
  resources: readonly Resource[],
  policies: readonly XRayResourcePolicy[],
  resolver: Resolver,
): Topic[] {
  const documents = policies.map(({ resource }) => ({
    resource,
    documents: documentsOf(resource, resolver),
  }));
  const incomplete = resolver.templates.filter(mayAddResources);
  return resources
    .filter(({ type }) => type === 'AWS::SNS::Topic')
    .map((resource) => {
      const { template, properties } = resource;
      const tracing = resolver.stringsAt(properties, ['TracingConfig'], template);
      const names = resolver
        .strings(properties.TopicName, template)
        .flatMap(({ value }) => nameOrWildcard(value));
      const contributions = [
        ...documents
          .filter((policy) => isInSamePlace(policy.resource.template.source, template.source))
          .flatMap((policy) => contributionsTo(resource, names, policy.documents)),
        ...incomplete
          .filter(({ source }) => isInSamePlace(source, template.source))
          .map(() => unknownGrant(ALWAYS)),
      ];
      const modes = resolver.whereCreated(resource, tracing);
      return {
        resource,
        isActiveWhen: (assumed) =>
          resolver.possibleWhen(assumed, modes).some((mode) => mode && literal(mode) === 'Active'),
        permissions: permissionsFor(TOPIC_ACTIONS, { contributions, boundary: NO_BOUNDARY }, (assumed) =>
          resolver.isPossible(assumed),
        ),
      };
    });
}

/** Returns the documents that a resource policy can have, in the cases in which it is created. */
function documentsOf(policy: Resource, resolver: Resolver): Possible<PolicyDocument>[] {
  const { template, properties } = policy;
  // A macro can add the document, and replace it.
  const document = properties['Fn::Transform'] === undefined ? properties.PolicyDocument : OPAQUE;
  return resolver.whereCreated(policy, documentsIn(document, template, resolver));
}

function contributionsTo(
  topic: Resource,
  names: readonly string[],
  documents: readonly Possible<PolicyDocument>[],
): Contribution[] {
  const { account, region } = topic.template.source;
  const isTopic = (arn: PartialString) => matchesArnOf(topic, arn, { account, region, names });
  return documents.flatMap(({ value: { document, values }, when }) =>
    within(when, topicContributions(document, values, isTopic, account)),
  );
}

/** Returns no name if CloudFormation generates it, and `*` if the name is known only at deployment. */
function nameOrWildcard(name: PartialString | undefined): string[] {
  return name ? [literal(name) ?? '*'] : [];
}

function matchesArnOf(
  topic: Resource,
  arn: PartialString,
  parts: Parameters<typeof matchesTopicArn>[1],
): Tri {
  const reference = arn.find((part) => typeof part === 'object' && part.kind === 'reference');
  if (!reference) return matchesTopicArn(arn, parts);
  const { resource } = reference;
  if (resource === topic) return arn.length === 1 ? 'yes' : 'unknown';
  return resource.type === topic.type ? 'no' : 'unknown';
}
