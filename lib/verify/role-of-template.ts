import { scalarText } from '../model/json';
import type { LambdaFunction } from '../model/lambda-function';
import { effectiveProperties } from '../model/sam-globals';
import { nameOf } from '../model/template';
import type { Deviation } from './deviation';
import type { ObservedRole } from './observed';
import { roleName } from './role-name';
import { stackToDeploy } from './stack-to-deploy';
import type { Subject } from './subject';

/** The role that a template gives a function, as it is in the account. */
interface RoleOfTemplate {
  readonly name: string;
  /** Nothing where a part of it isn't known. */
  readonly path?: string;
}

/**
 * How a function comes back to the role of its template, from one that it was given outside of the stack: that may be
 * everybody's, and is not to be given permissions.
 *
 * @returns nothing if the function has the role of its template, as far as is known
 */
export function settingRoleBack(
  { arn }: ObservedRole,
  subject: Subject,
): Pick<Deviation, 'fix' | 'commands'> | undefined {
  const { function: fn, observed, lambda } = subject;
  const due = roleOfTemplate(fn, subject);
  if (!due || due.name === roleName(arn)) return undefined;
  const name = nameOf(fn.resource);
  const stack = stackToDeploy(fn.resource.template, subject);
  const before = fn.before && roleOfTemplate(fn.before, subject);
  if (before?.name === roleName(arn)) {
    return {
      fix: `Deploy the stack '${stack}', which gives '${name}' the role '${due.name}'.`,
      commands: [],
    };
  }
  const [, partition, , , account] = arn.split(':');
  const role = `arn:${partition}:iam::${account}:role${due.path}${due.name}`;
  return {
    fix: before
      ? `The role of '${name}' is '${due.name}' in the stack: it was changed outside of it. Set it back.`
      : `The role of '${name}' is '${due.name}' in the template: deploy the stack '${stack}', or if it is deployed already, set the role back.`,
    commands:
      due.path === undefined
        ? []
        : [lambda('lambda update-function-configuration', { 'function-name': observed.name, role })],
  };
}

/** Whether templates make the role, and none of the stacks that were read has it. */
export function isRoleUnread(fn: LambdaFunction, subject: Subject): boolean {
  return fn.roles.some(({ value }) => value.resource) && roleOfTemplate(fn, subject) === undefined;
}

function roleOfTemplate(fn: LambdaFunction, { stacks }: Subject): RoleOfTemplate | undefined {
  const { resource: owner } = fn;
  const physical = (template: string, logicalId: string) =>
    stacks
      .find((stack) => stack.template === template)
      ?.resources.find((one) => one.logicalId === logicalId && one.type === 'AWS::IAM::Role')?.physicalId;
  if (owner.type === 'AWS::Serverless::Function' && effectiveProperties(owner).Role === undefined) {
    // The one that SAM makes ("Generated CloudFormation resources", AWS SAM Developer Guide).
    const name = physical(owner.template.id, `${owner.logicalId}Role`);
    return name === undefined ? undefined : { name, path: '/' };
  }
  const [meant, ...others] = fn.roles.map(({ value }) => value);
  if (!meant || others.some(({ resource, arn }) => resource !== meant.resource || arn !== meant.arn)) {
    return undefined;
  }
  if (meant.resource) {
    const { template, logicalId, properties } = meant.resource;
    const name = physical(template.id, logicalId);
    const path = properties.Path === undefined ? '/' : scalarText(properties.Path);
    return name === undefined ? undefined : { name, path };
  }
  const [, path, name] = /:role(\/(?:.*\/)?)([^/]+)$/.exec(meant.arn ?? '') ?? [];
  return name === undefined ? undefined : { name, path };
}
