import { isIntrinsic, isObject, type JsonObject, scalarText } from '../cloudformation/json';
import { keyOf, literal, soleReference, split, type PartialString } from '../cloudformation/partial-string';
import {
  ALWAYS,
  type Assumptions,
  certainly,
  flatMap,
  type Possible,
  withCondition,
} from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import {
  agree,
  mayChange,
  nameOf,
  nearest,
  partitionOf,
  type Resource,
  type Template,
} from '../cloudformation/template';
import {
  CONDITIONAL_POLICIES,
  DENYING_POLICIES,
  GRANTING_POLICIES,
  PARTIAL_POLICIES,
  PARTITIONS_OF_POLICIES,
} from './managed-policies';
import {
  certainEffect,
  type Contribution,
  contributionsOf,
  fromPolicy,
  templateValues,
  unknownGrant,
  within,
} from './policy-document';
import { documentsIn, type PolicyDocument } from './resource-policy';
import { mayBeNameOf } from './role-names';

/** The effects of the policies of a role and of its permissions boundary. */
export interface RolePolicies {
  readonly contributions: readonly Contribution[];
  readonly boundary: readonly Contribution[];
}

/** A policy that is attached to a role by a name that no template resolves. */
interface UnresolvedAttachment {
  readonly name: PartialString;
  readonly template: Template;
  readonly contributions: readonly Contribution[];
}

/** Links the roles of the templates to their policies, which either side can attach. */
export class Roles {
  private readonly attached = new Map<Resource, Possible<Resource>[]>();
  /** The cases in which a role is passed to a template outside of the deployment, which can attach any policy. */
  private readonly passedOn = new Map<Resource, Assumptions[]>();
  /** The policies attached to roles that no template resolves: any role of that name can have them. */
  private readonly unresolved: UnresolvedAttachment[] = [];
  private readonly byName = new Map<string, Resource[]>();
  private readonly managedByName = new Map<string, Resource[]>();
  private readonly documents = new Map<Resource, Contribution[]>();
  /** The managed policy that was read last, by the template of its role. */
  private readonly lastManaged = new Map<Template, { key: string; contributions: Contribution[] }>();

  constructor(
    private readonly resolver: Resolver,
    resources: readonly Resource[],
  ) {
    for (const resource of resources) {
      if (resource.type === 'AWS::IAM::Role') this.addName(this.byName, resource, 'RoleName');
      if (resource.type === 'AWS::IAM::ManagedPolicy') {
        this.addName(this.managedByName, resource, 'ManagedPolicyName');
      }
    }
    for (const resource of resources) {
      this.attach(resource);
      this.addPassedOn(resource);
    }
  }

  /** Returns the roles that a role's ARN or name can refer to; `undefined` for one outside the templates. */
  public resolve(value: unknown, template: Template): Possible<Resource | undefined>[] {
    return this.references(value, template).map(({ value: { resource }, when }) => ({
      value: resource,
      when,
    }));
  }

  /** Returns the roles that a role's ARN or name can refer to, with their literal ARNs. */
  public references(value: unknown, template: Template): Possible<RoleReference>[] {
    return this.resolver.strings(value, template).map(({ value: text, when }) => ({
      value: text ? { resource: this.roleIn(text, template), arn: literal(text) } : {},
      when,
    }));
  }

  /** Returns the effects of all policies of a role. */
  public policiesOf(role: Resource): RolePolicies {
    const { template, properties } = role;
    const inline = this.resolver
      .itemsAt(properties, 'Policies', template)
      .flatMap(({ value, when }) =>
        isObject(value) && !isIntrinsic(value)
          ? fromPolicy(
              scalarText(value.PolicyName) ?? `inline policy of ${nameOf(role)}`,
              within(when, contributionsOf(value.PolicyDocument, templateValues(template, this.resolver))),
            )
          : [unknownGrant(when)],
      );
    return {
      contributions: [
        ...this.managedIn(this.resolver.itemsAt(properties, 'ManagedPolicyArns', template), template),
        ...inline,
        ...(this.attached.get(role) ?? []).flatMap(({ value: policy, when }) =>
          within(when, this.documentOf(policy)),
        ),
        ...this.unresolved.flatMap(({ name, template: from, contributions }) =>
          mayBeNameOf(name, from, role, this.resolver) ? contributions : [],
        ),
        ...(this.passedOn.get(role) ?? []).map(unknownGrant),
        ...(mayChange(role) ? [unknownGrant(ALWAYS)] : []),
      ],
      boundary: this.boundary(properties, template),
    };
  }

  /** Returns the policies of a role that are separate resources. */
  public attachedTo(role: Resource): Possible<Resource>[] {
    const { template, properties } = role;
    const arns = this.resolver.itemsAt(properties, 'ManagedPolicyArns', template);
    return [...this.ownManaged(arns, template), ...(this.attached.get(role) ?? [])];
  }

  /**
   * Returns the documents of all policies of a role. Undefined if it can have a policy that the templates do not contain.
   *
   * @param others the AWS managed policies to leave out, by the part of their ARN after `policy/`
   */
  public documentsOf(role: Resource, others: ReadonlySet<string>): PolicyDocument[] | undefined {
    const { template, properties } = role;
    const arns = flatMap(this.resolver.itemsAt(properties, 'ManagedPolicyArns', template), (arn) =>
      this.resolver.strings(arn, template),
    );
    const inline = this.resolver.itemsAt(properties, 'Policies', template);
    const isOpen =
      role.generatedFor !== undefined ||
      mayChange(role) ||
      this.passedOn.has(role) ||
      this.unresolved.some(({ name, template: from }) => mayBeNameOf(name, from, role, this.resolver)) ||
      inline.some(({ value }) => !isObject(value) || isIntrinsic(value)) ||
      arns.some(
        ({ value: arn }) =>
          !arn || !(others.has(parseManagedPolicyArn(arn)?.path ?? '') || this.ownManagedPolicy(arn)),
      );
    if (isOpen) return undefined;
    const documents = [
      ...inline.flatMap(({ value }) => (isObject(value) ? [[value.PolicyDocument, template] as const] : [])),
      ...this.attachedTo(role).map(
        ({ value: policy }) => [policy.properties.PolicyDocument, policy.template] as const,
      ),
    ];
    return documents
      .flatMap(([document, from]) => documentsIn(document, from, this.resolver))
      .map(({ value }) => value);
  }

  /** Returns the managed policies of the templates that ARNs refer to. */
  public ownManaged(arns: readonly Possible<unknown>[], template: Template): Possible<Resource>[] {
    return flatMap(arns, (arn) =>
      flatMap(this.resolver.strings(arn, template), (text) => {
        const policy = text && this.ownManagedPolicy(text);
        return policy ? certainly(policy) : [];
      }),
    );
  }

  /**
   * Returns the effects of the `PermissionsBoundary` of a role or SAM function. No boundary allows
   * everything.
   */
  public boundary(properties: JsonObject, template: Template): readonly Contribution[] {
    return this.resolver
      .at(properties, ['PermissionsBoundary'], template)
      .flatMap(({ value, when }) =>
        value === undefined ? [certainEffect('Allow', when)] : within(when, this.managed(value, template)),
      );
  }

  /** Returns the effects of managed policies, by their ARNs. */
  public managed(arns: unknown, template: Template): Contribution[] {
    return this.managedIn(this.resolver.items(arns, template), template);
  }

  private managedIn(arns: readonly Possible<unknown>[], template: Template): Contribution[] {
    return arns.flatMap(({ value: arn, when }) => within(when, this.managedBy(arn, template)));
  }

  /** Returns the effects of a managed policy. Most roles of a template have the same one. */
  private managedBy(arn: unknown, template: Template): Contribution[] {
    const key = JSON.stringify(arn);
    const last = this.lastManaged.get(template);
    if (last?.key === key) return last.contributions;
    const contributions = this.resolver
      .strings(arn, template)
      .flatMap(({ value: text, when }) => (text ? within(when, this.managedPolicy(text, template)) : []));
    this.lastManaged.set(template, { key, contributions });
    return contributions;
  }

  /**
   * Returns the effects of the `Policies` of a SAM function: managed policies by name or ARN, and documents.
   * SAM policy templates, which are objects with the template's name as key, do not concern X-Ray.
   */
  public samPolicies(policies: unknown, template: Template): Contribution[] {
    return this.resolver.items(policies, template).flatMap(({ value, when }) => {
      if (isObject(value) && value.Statement !== undefined) {
        return fromPolicy(
          'Policies',
          within(when, contributionsOf(value, templateValues(template, this.resolver))),
        );
      }
      if (typeof value === 'string' && !value.startsWith('arn:')) {
        return within(when, awsManaged(value, stackPartition(template)));
      }
      if (isObject(value) && !isIntrinsic(value)) {
        return [];
      }
      return within(when, this.managed(value, template));
    });
  }

  private managedPolicy(arn: PartialString, template: Template): Contribution[] {
    const named = parseManagedPolicyArn(arn);
    const partition = stackPartition(template);
    // A role can't have a policy of another partition.
    if (!agree(named?.partition, partition)) return [];
    if (named?.account === 'aws') return awsManaged(named.path, named.partition ?? partition);
    const own = this.ownManagedPolicy(arn, named);
    return own ? this.documentOf(own) : [unknownGrant(ALWAYS)];
  }

  private ownManagedPolicy(arn: PartialString, named = parseManagedPolicyArn(arn)): Resource | undefined {
    const reference = soleReference(arn);
    if (reference?.resource.type === 'AWS::IAM::ManagedPolicy') return reference.resource;
    if (!named || named.account === 'aws') return undefined;
    const name = named.path.slice(named.path.lastIndexOf('/') + 1);
    const [own, ...more] = (this.managedByName.get(name) ?? []).filter(({ template }) =>
      agree(template.source.account, named.account),
    );
    return more.length === 0 ? own : undefined;
  }

  private documentOf(policy: Resource): Contribution[] {
    const known =
      this.documents.get(policy) ??
      fromPolicy(
        nameOf(policy),
        contributionsOf(policy.properties.PolicyDocument, templateValues(policy.template, this.resolver)),
      );
    this.documents.set(policy, known);
    return known;
  }

  /** Attaches a policy that is a separate resource to the roles that it names. */
  private attach(resource: Resource): void {
    const { type, properties, template } = resource;
    const names = ROLE_NAMES_OF[type];
    if (!names) return;
    const created = this.resolver.whereCreated(resource, certainly(resource));
    const texts = flatMap(this.resolver.items(properties[names], template), (name) =>
      this.resolver.strings(name, template),
    );
    for (const { value: name, when } of texts) {
      if (!name) continue;
      const given = withCondition(when, created);
      const role = this.roleIn(name, template);
      if (role) {
        this.attached.set(role, (this.attached.get(role) ?? []).concat(given));
      } else {
        const contributions = given.flatMap((policy) => within(policy.when, this.documentOf(resource)));
        this.unresolved.push({
          name,
          template,
          contributions: contributions.map(({ when: both }) => unknownGrant(both)),
        });
      }
    }
  }

  /** Notes the roles that a nested stack or a module outside of the templates gets. */
  private addPassedOn(resource: Resource): void {
    const { type, properties, template } = resource;
    const isModule = type.endsWith('::MODULE');
    const parameters = isModule ? properties : properties[PARAMETERS_OF[type] ?? ''];
    if (parameters === undefined || this.resolver.stacks.createdBy(resource)) return;
    for (const { value: role, when } of this.resolver.whereCreated(
      resource,
      this.rolesIn(parameters, template),
    )) {
      const cases = this.passedOn.get(role) ?? [];
      this.passedOn.set(role, cases);
      cases.push(when);
    }
  }

  /** Returns the roles that any value in an object or a list refers to. */
  private rolesIn(value: unknown, template: Template): Possible<Resource>[] {
    return flatMap(this.resolver.items(value, template), (item) => {
      if (Array.isArray(item)) return this.rolesIn(item, template);
      if (isObject(item) && !isIntrinsic(item)) {
        return Object.values(item).flatMap((member) => this.rolesIn(member, template));
      }
      return flatMap(this.resolver.strings(item, template), (text) =>
        text ? this.rolesNamedIn(text, template).flatMap(certainly) : [],
      );
    });
  }

  private rolesNamedIn(text: PartialString, template: Template): Resource[] {
    const named = this.roleIn(text, template);
    if (named) return [named];
    return text.flatMap((part) =>
      typeof part === 'object' && part.kind === 'reference' && part.resource.type === 'AWS::IAM::Role'
        ? [part.resource]
        : [],
    );
  }

  private roleIn(text: PartialString, from: Template): Resource | undefined {
    const name = soleReference(text) ? text : (split(text, '/').at(-1) ?? []);
    const reference = soleReference(name);
    if (reference) return reference.resource.type === 'AWS::IAM::Role' ? reference.resource : undefined;
    const account = literal(split(text, ':')[4] ?? []) || from.source.account;
    const candidates = (this.byName.get(keyOf(name)) ?? []).filter(({ template }) =>
      agree(template.source.account, account),
    );
    return nearest(candidates, from);
  }

  private addName(names: Map<string, Resource[]>, resource: Resource, property: string): void {
    for (const { value } of this.resolver.strings(resource.properties[property], resource.template)) {
      const key = value && keyOf(value);
      if (key) names.set(key, [...new Set([...(names.get(key) ?? []), resource])]);
    }
  }
}

interface ManagedPolicyArn {
  readonly partition?: string;
  readonly account?: string;
  /** The name with its path. */
  readonly path: string;
}

function parseManagedPolicyArn(arn: PartialString): ManagedPolicyArn | undefined {
  const [, partition, , , account, resource] = split(arn, ':').map(literal);
  return resource?.startsWith('policy/')
    ? { partition, account, path: resource.slice('policy/'.length) }
    : undefined;
}

function stackPartition({ source: { region } }: Template): string | undefined {
  return region === undefined ? undefined : partitionOf(region);
}

/** The property of each policy resource that names its roles. */
const ROLE_NAMES_OF: Readonly<Record<string, string | undefined>> = {
  'AWS::IAM::ManagedPolicy': 'Roles',
  'AWS::IAM::Policy': 'Roles',
  'AWS::IAM::RolePolicy': 'RoleName',
};

/** The property with the parameters of each resource that deploys a template. */
const PARAMETERS_OF: Readonly<Record<string, string | undefined>> = {
  'AWS::CloudFormation::Stack': 'Parameters',
  'AWS::Serverless::Application': 'Parameters',
};

/** Returns the effects of an AWS managed policy in a partition, if that is known. */
function awsManaged(name: string, partition: string | undefined): Contribution[] {
  if (partition !== undefined && PARTITIONS_OF_POLICIES.get(name)?.includes(partition) === false) return [];
  if (GRANTING_POLICIES.has(name)) return fromPolicy(name, [certainEffect('Allow', ALWAYS)]);
  if (DENYING_POLICIES.has(name)) return fromPolicy(name, [certainEffect('Deny', ALWAYS)]);
  const allowed = PARTIAL_POLICIES.get(name);
  if (allowed) return fromPolicy(name, [certainEffect('Allow', ALWAYS, allowed)]);
  return CONDITIONAL_POLICIES.has(name) ? fromPolicy(name, [unknownGrant(ALWAYS)]) : [];
}

/** A reference of a template to a role. */
export interface RoleReference {
  /** The role, if it is in the templates. */
  readonly resource?: Resource;
  /** Its ARN, if it is literal. */
  readonly arn?: string;
}
