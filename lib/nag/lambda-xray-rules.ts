import { CfnResource, Token } from 'aws-cdk-lib';
import type { NagRuleCompliance, NagRuleResult } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { isIntrinsic, isObject, objectAt } from '../cloudformation/json';
import { nameOf } from '../cloudformation/template';
import { addAcknowledgeableWarning, isAcknowledged } from '../constructs/private/acknowledgements';
import {
  hasTemplate,
  isSynthesisInProgress,
  perSynthesis,
} from '../constructs/private/aspects-across-stages';
import { cfnProperty, FunctionResource, memberOf } from '../constructs/private/cfn-resources';
import { FunctionLinks } from '../constructs/private/function-links';
import { resolvedValue } from '../constructs/private/resolve-references';
import { isMadeByCdk } from '../lambda/lambda-function';
import { isUnsupported } from '../lambda/event-sources';
import { type RuleName, RULES, RULES_BY_NAME } from '../rules';
import { type Rule, RULE_PREFIX } from '../rules/rule';
import { VERSION_LOCK } from '../rules/version-lock';
import { type AppFinding, checkApp } from './check-app';

/** The SAM resources that create a resource of a type. */
const SAM_TYPES: Readonly<Record<string, readonly string[] | undefined>> = {
  'AWS::Lambda::Function': ['AWS::Serverless::Function'],
  'AWS::StepFunctions::StateMachine': ['AWS::Serverless::StateMachine'],
};

/**
 * The rules of `LambdaXRayChecks` as functions, for a cdk-nag pack of your own:
 *
 * ```ts
 * this.applyRule({
 *   info: 'The function is Active, but X-Ray does not support its event source.',
 *   explanation: 'X-Ray does not support MSK, self-managed Kafka, Amazon MQ and DocumentDB as event sources.',
 *   level: NagMessageLevel.ERROR,
 *   rule: LambdaXRayRules.UnsupportedEventSource,
 *   node,
 * });
 * ```
 *
 * A rule returns the findings of `LambdaXRayChecks` on a resource. Several findings on one resource are finding IDs, such as
 * `MyPack-ReservedEnvironment[Environment.Variables.AWS_XRAY_DAEMON_ADDRESS]`. A finding on a stack or another construct
 * that is not a resource is on the first resource in it, with the path of the construct as its ID. Findings that are
 * acknowledged with the prefix `LambdaXRay-` are left out. BrokenTrace does not stand for ActiveTracing and ExplicitMode of
 * the same function here, because a pack may apply only some of the rules.
 *
 * The rules read the synthesized templates of the whole app, which they check once per synthesis. Before synthesis, for
 * example in an aspect, UnsupportedEventSource, InvalidMode and ActiveTracing read the constructs. The other rules then
 * add a warning to the app and return no findings.
 *
 * To compare with the previous templates (VersionLock, UnchangedVersion), set the context value
 * `cdk-lambda-xray:baseline` to their path.
 *
 * These functions are available in TypeScript and JavaScript. jsii can't export functions to other languages. Use
 * `LambdaXRayChecks` there.
 *
 * @see https://github.com/cdklabs/cdk-nag#rules
 */
export const LambdaXRayRules = Object.fromEntries(
  Object.entries(RULES_BY_NAME).map(([name, rule]) => [name, nagRule(name, rule)]),
) as unknown as Readonly<Record<RuleName, (node: CfnResource) => NagRuleResult>>;

/** The values of `NagRuleCompliance` in cdk-nag 2 and 3. cdk-nag itself is not loaded, because it is optional. */
const COMPLIANT = 'Compliant' as NagRuleCompliance;
const NON_COMPLIANT = 'Non-Compliant' as NagRuleCompliance;
const NOT_APPLICABLE = 'N/A' as NagRuleCompliance;

/** Creates the function of a rule. cdk-nag takes the name of the rule from the name of the function. */
function nagRule(name: string, rule: Rule): (node: CfnResource) => NagRuleResult {
  const types = typesIn(rule);
  const check = (node: CfnResource): NagRuleResult => {
    const isApplicable = types.has(node.cfnResourceType);
    const result = hasTemplate(node.stack)
      ? resultsOf(node.node.root).get(rule.id)?.get(node)
      : isApplicable && resultBeforeSynthesis(rule, node);
    if (result instanceof Error) throw result;
    return result || (isApplicable ? COMPLIANT : NOT_APPLICABLE);
  };
  return Object.defineProperty(check, 'name', { value: name });
}

/** Returns the resource types in the example of a rule: the resources that it can find compliant. */
function typesIn({ examples }: Rule): Set<string> {
  const types = [...examples.incorrect.matchAll(/Type: (AWS::\w+::\w+)/g)].map(([, type]) => type);
  return new Set(types.flatMap((type) => [type, ...(SAM_TYPES[type] ?? [])]));
}

/** The results of resources that are not compliant. cdk-nag reports an error that a rule throws. */
type NodeResults = ReadonlyMap<IConstruct, NagRuleResult | Error>;

/** The results of each rule, by its ID. */
type Results = ReadonlyMap<string, NodeResults>;

const checkedApps = perSynthesis(() => new WeakMap<IConstruct, Results>());

/** The context key of the path of the previous templates. */
const BASELINE = 'cdk-lambda-xray:baseline';

/** Checks the templates of an app, once per synthesis. */
function resultsOf(root: IConstruct): Results {
  const known = checkedApps().get(root);
  if (known) return known;
  const results = checkTemplates(root);
  checkedApps().set(root, results);
  return results;
}

function checkTemplates(root: IConstruct): Results {
  try {
    const baseline = root.node.tryGetContext(BASELINE) as string | undefined;
    const { findings, baselineProblems } = checkApp(root, { baseline });
    const results = new Map(
      RULES.map(({ id }) => [id, resultsOn(findings.flatMap((found) => findingsOf(id, found)))]),
    );
    if (baselineProblems.length > 0) {
      const error = new Error(`The app can't be compared with the baseline: ${baselineProblems.join(' ')}`);
      results.set(VERSION_LOCK.id, onFirstResource(root, error, results.get(VERSION_LOCK.id)));
    }
    return results;
  } catch (error) {
    return new Map(RULES.map(({ id }) => [id, onFirstResource(root, error as Error)]));
  }
}

/** Returns a finding if it is of a rule, or that of the rule which it stands for: a pack may apply only this rule. */
function findingsOf(ruleId: string, { finding, construct }: AppFinding): AppFinding[] {
  const open = (finding.sameCause ?? []).filter(({ acknowledged }) => !acknowledged);
  return [finding, ...open]
    .filter(({ rule }) => rule.id === ruleId)
    .map((found) => ({ finding: found, construct }));
}

/** Sets the result of the first resource of an app, where a problem with the app is reported once. */
function onFirstResource(root: IConstruct, error: Error, results: NodeResults = new Map()): NodeResults {
  const first = firstResourceIn(root);
  return new Map(first ? [...results, [first, error]] : results);
}

/** Returns the results of one rule by resource: non-compliance, or the IDs of several findings. */
function resultsOn(findings: readonly AppFinding[]): NodeResults {
  const ids = new Map<IConstruct, string[]>();
  const onConstructs = new Set<IConstruct>();
  for (const found of findings) {
    const node = carrierOf(found.construct);
    if (!node) continue;
    if (node !== found.construct) onConstructs.add(node);
    ids.set(node, [...(ids.get(node) ?? []), findingId(found, node)]);
  }
  return new Map(
    [...ids].map(([node, [id, ...others]]) => [
      node,
      others.length === 0 && !onConstructs.has(node) ? NON_COMPLIANT : unique([id, ...others]),
    ]),
  );
}

/**
 * Returns the resource on which cdk-nag can report a finding, because it only visits resources: the first one in the
 * construct, or in the closest parent that contains a resource.
 */
function carrierOf({ node }: IConstruct): IConstruct | undefined {
  return node.scopes
    .reverse()
    .reduce<IConstruct | undefined>((found, scope) => found ?? firstResourceIn(scope), undefined);
}

function firstResourceIn(construct: IConstruct): CfnResource | undefined {
  return construct.node.findAll().find((one) => CfnResource.isCfnResource(one));
}

/** Returns a finding ID: the property and the other resources, after the path of a construct that is not a resource. */
function findingId({ finding, construct }: AppFinding, node: IConstruct): string {
  const path = node === construct ? [] : [construct.node.path || 'App'];
  return [...path, finding.property, ...finding.related.map(nameOf)].filter(Boolean).map(plain).join(':');
}

/** Replaces characters that CDK does not accept in the ID of an acknowledgement, or changes. */
function plain(text: string): string {
  return text.replace(/[^\w./#@-]+/g, '-');
}

/** Numbers IDs that occur more than once. */
function unique(ids: readonly string[]): string[] {
  return ids.map((id, index) => {
    const previous = ids.slice(0, index).filter((other) => other === id).length;
    return previous === 0 ? id : `${id}#${previous + 1}`;
  });
}

/** The rules that read constructs: true if a resource violates the rule. */
const CONSTRUCT_CHECKS: Readonly<
  Record<string, ((node: CfnResource, links: FunctionLinks) => boolean) | undefined>
> = {
  UnsupportedEventSource: (node, links) =>
    links
      .functionsOf(node)
      .some(
        (fn) =>
          modesOf(fn).includes('Active') &&
          links
            .mappingsOf(fn)
            .some(({ resource, source }) => resource === node && isUnsupported(source.kind)),
      ),
  InvalidMode: (node) => modesOf(FunctionResource.of(node)!).includes('invalid'),
  ActiveTracing: (node, links) => {
    const fn = FunctionResource.of(node)!;
    const modes = modesOf(fn);
    if (
      isOfCdk(fn) ||
      links.isAtEdge(fn) ||
      !modes.every((mode) => mode === 'PassThrough' || mode === 'unset')
    )
      return false;
    const isSupported = !links.mappingsOf(fn).some(({ source }) => isUnsupported(source.kind));
    return isSupported || (links.hasOtherCallers(fn) && modes.every((mode) => mode === 'unset'));
  },
};

/** Checks the construct of a resource, because there is no template yet. */
function resultBeforeSynthesis({ id }: Rule, node: CfnResource): NagRuleResult | undefined {
  const name = id.slice(RULE_PREFIX.length);
  const isViolated = CONSTRUCT_CHECKS[name];
  if (isViolated)
    return !isAcknowledged(node, id) && isViolated(node, linksFor(node)) ? NON_COMPLIANT : undefined;
  warnBeforeSynthesis(name, node.node.root);
  return undefined;
}

const READER = {};

/** Returns links that are read once for each stage while aspects run. Before that, the app can still change. */
function linksFor(node: CfnResource): FunctionLinks {
  return FunctionLinks.of(node, isSynthesisInProgress() ? READER : undefined);
}

const warned = new WeakSet<IConstruct>();

function warnBeforeSynthesis(name: string, root: IConstruct): void {
  if (warned.has(root)) return;
  warned.add(root);
  addAcknowledgeableWarning(
    root,
    'cdk-lambda-xray:rulesWithoutTemplates',
    `LambdaXRayRules.${name} was applied before synthesis. Only ${Object.keys(CONSTRUCT_CHECKS).join(', ')} can check ` +
      'constructs. The other rules check templates and report nothing here. Register the pack with ' +
      'Validations.of(app).addPlugins() (cdk-nag 3), or add LambdaXRayChecks.',
  );
}

/** True if CDK makes a function for itself, as its template will show. */
function isOfCdk({ cfn }: FunctionResource): boolean {
  const valueOf = (property: string) => resolvedValue(cfnProperty(cfn, property), cfn);
  const { Ref: role } = objectAt({ role: valueOf('Role') }, 'role');
  return isMadeByCdk({
    type: cfn.cfnResourceType,
    logicalId: String(cfn.stack.resolve(cfn.logicalId)),
    constructPath: cfn.node.path,
    properties: {
      Handler: valueOf('Handler'),
      Description: valueOf('Description'),
      Role: CfnResource.isCfnResource(role) && { 'Fn::GetAtt': [role.stack.resolve(role.logicalId), 'Arn'] },
    },
  });
}

type ConstructMode = 'Active' | 'PassThrough' | 'unset' | 'unknown' | 'invalid';

/** Returns the modes that a function can have. A condition can select one of several. */
function modesOf({ cfn, isServerless, mode }: FunctionResource): ConstructMode[] {
  if (isServerless) return branchesOf(resolvedValue(mode, cfn)).map((value) => constructMode(value, true));
  return branchesOf(resolvedValue(cfnProperty(cfn, 'TracingConfig'), cfn)).flatMap((config) => {
    if (config === undefined) return 'unset';
    if (!isObject(config)) return 'invalid';
    if (isIntrinsic(config)) return 'unknown';
    return branchesOf(memberOf(config, 'Mode')).map((value) => constructMode(value, false));
  });
}

function constructMode(value: unknown, canBeDisabled: boolean): ConstructMode {
  if (value === 'Active' || value === 'PassThrough') return value;
  if (value === undefined || (canBeDisabled && value === 'Disabled')) return 'unset';
  return isObject(value) || Token.isUnresolved(value) ? 'unknown' : 'invalid';
}

/** Returns the values that a rendered value can have, without those that are removed by `AWS::NoValue`. */
function branchesOf(value: unknown): unknown[] {
  if (!isObject(value)) return [value ?? undefined];
  if (value.Ref === 'AWS::NoValue') return [undefined];
  const { 'Fn::If': condition } = value;
  return Array.isArray(condition) ? condition.slice(1).flatMap(branchesOf) : [value];
}
