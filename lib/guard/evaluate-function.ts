import { type Acknowledgement, Acknowledgements } from '../checker/acknowledgements';
import { type CheckedFinding, checkModel } from '../checker/check';
import type { TemplateSource } from '../cloudformation/template';
import { isMadeByCdk } from '../lambda/lambda-function';
import { buildTracingModel } from '../model/build-model';
import type { TracingModel } from '../model/tracing-model';
import { sortedBy } from '../report/collections';
import { reaches } from '../report/configuration';
import { count } from '../report/wording';
import { findingOn, type Rule, SEVERITIES, type Severity } from '../rules/rule';
import { VERSION_LOCK } from '../rules/version-lock';
import { WRITE_PERMISSIONS } from '../rules/write-permissions';
import { compileGlob } from '../text/globs';
import { printable } from '../text/printable';
import { rolePermissions } from '../verify/checks/permissions';
import { pinnedAliases, splitAliases } from '../verify/checks/versions';
import { awsCommands, type Drift, type FunctionUnderVerification, versionOf } from '../verify/drift';
import { LATEST, type ObservedFunction, type ObservedRole } from '../verify/deployed-functions';
import type { GuardOptions } from './options';
import { exemptionOf, shortened } from './response';

/** A function as Lambda and IAM describe it. */
export interface DeployedFunction extends Required<ObservedFunction> {
  readonly account?: string;
  /** The properties of `$LATEST`, with their names in CloudFormation. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly tags: Readonly<Record<string, string>>;
  /** The properties of the event source mappings of the function, its versions and its aliases. */
  readonly mappings: readonly object[];
  /** The roles that the function writes traces with. */
  readonly roles: readonly ObservedRole[];
  /** False if a part could not be read. */
  readonly isComplete: boolean;
}

/** The compliance of a function. Undefined if not enough of it could be read. */
export interface FunctionEvaluation {
  readonly name: string;
  readonly compliance?: 'COMPLIANT' | 'NON_COMPLIANT' | 'NOT_APPLICABLE';
  readonly annotation?: string;
  /** The findings that make it non-compliant, with their fixes. */
  readonly details: readonly string[];
}

/** In characters ("Evaluation", AWS Config API Reference). */
const MAX_ANNOTATION = 256;

/** The tags that CloudFormation sets ("Resource tag", AWS CloudFormation Template Reference). */
const STACK_NAME = 'aws:cloudformation:stack-name';
const LOGICAL_ID = 'aws:cloudformation:logical-id';

/** The rules that report in templates what the account shows, and the severity if it is not that of the rule. */
const RULES: Readonly<Partial<Record<Drift['kind'], readonly [rule: Rule, severity?: Severity]>>> = {
  permissions: [WRITE_PERMISSIONS],
  alias: [VERSION_LOCK],
  split: [VERSION_LOCK, 'warning'],
};

/**
 * Evaluates a function: the rules check its configuration and event source mappings as those of a template, and the comparison
 * with the account checks its aliases and roles.
 */
export function evaluateFunction(fn: DeployedFunction, options: GuardOptions): FunctionEvaluation {
  const { name, tags, isComplete } = fn;
  const exemption = tags[STACK_NAME] === undefined ? undefined : exemptionOf(tags[STACK_NAME], options);
  if (exemption !== undefined) {
    return {
      name,
      compliance: 'NOT_APPLICABLE',
      annotation: shortened(exemption, MAX_ANNOTATION),
      details: [],
    };
  }
  const findings = findingsOn(fn, options);
  const open = findings.filter(({ acknowledged }) => !acknowledged);
  const failing = open.filter(({ severity }) => reaches(severity, options.failOn));
  if (failing.length > 0) {
    return {
      name,
      compliance: 'NON_COMPLIANT',
      annotation: annotation(inWords(failing[0]), failing.length - 1),
      details: failing.map((finding) => printable(`${inWords(finding)} ${finding.fix}`)),
    };
  }
  if (!isComplete) return { name, details: [] };
  const [first, ...others] = open.length > 0 ? open : findings;
  return {
    name,
    compliance: 'COMPLIANT',
    ...(first && { annotation: annotation(noteOn(first), others.length) }),
    details: [],
  };
}

function inWords({ rule, message }: CheckedFinding): string {
  return `${rule.id}: ${message}`;
}

function noteOn(finding: CheckedFinding): string {
  const { rule, severity, acknowledged } = finding;
  return acknowledged
    ? `${rule.id} is acknowledged: ${acknowledged.reason}`
    : `Severity ${severity}, so compliant. ${inWords(finding)}`;
}

/** Keeps the number of the other findings if a text is too long. */
function annotation(text: string, others: number): string {
  const rest = others > 0 ? ` (and ${count(others, 'other finding')})` : '';
  return shortened(text, MAX_ANNOTATION - rest.length) + rest;
}

/** Returns the findings on a function, the most severe first. */
function findingsOn(fn: DeployedFunction, { config }: GuardOptions): CheckedFinding[] {
  const { severities, includeCdkFunctions = false, transactionSearch } = config;
  const model = buildTracingModel([templateOf(fn)], undefined, { transactionSearch });
  const [{ resource }] = model.functions;
  const given = acknowledgementsFor(fn, config.acknowledgements);
  const acknowledgements = new Acknowledgements(model.resources, given, 'configuration', today());
  const isLeftOut =
    !includeCdkFunctions && isMadeByCdk({ ...resource, logicalId: fn.tags[LOGICAL_ID] ?? fn.name });
  const findings = [
    ...checkModel(model, { severities, acknowledgements: given, includeCdkFunctions: true })
      // Others are on entries of the configuration, which all functions share.
      .filter((finding) => model.templates.includes(finding.resource.template))
      .filter(({ rule }) => !(isLeftOut && rule.skipsCdkFunctions === true)),
    ...driftIn(fn, model).flatMap(({ kind, message, fix }): CheckedFinding[] => {
      const [rule, own] = RULES[kind]!;
      const severity = severities[rule.id] ?? own ?? rule.severity;
      if (severity === 'off') return [];
      // The fix of an alias names the stacks of a run, and there are none here.
      const details = { property: '', message, fix: rule === WRITE_PERMISSIONS ? fix : rule.fix };
      const finding = findingOn(resource, details);
      const acknowledged = acknowledgements.of(rule, finding);
      return [{ ...finding, rule, severity, ...(acknowledged && { acknowledged }) }];
    }),
  ];
  return sortedBy(findings, ({ severity }) => [SEVERITIES.indexOf(severity)]);
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/**
 * Returns the acknowledgements that name a function, without its name: they cover all findings of their rules on it, because the
 * logical IDs of its event source mappings are unknown.
 */
function acknowledgementsFor(
  { name, tags }: DeployedFunction,
  acknowledgements: readonly Acknowledgement[],
): Acknowledgement[] {
  const names = [name, tags[LOGICAL_ID] ?? name];
  return acknowledgements
    .filter(({ logicalId, constructPath }) =>
      [logicalId, constructPath].every((glob) => glob === undefined || names.some(compileGlob(glob))),
    )
    .map(({ logicalId: _, constructPath: __, ...others }) => others);
}

/** Returns a template with the function as it is deployed. Messages have the name of the function, as AWS Config shows it. */
function templateOf({ name, region, account, properties, tags, mappings }: DeployedFunction): TemplateSource {
  const stackName = tags[STACK_NAME];
  const resources = [
    [name, { Type: 'AWS::Lambda::Function', Properties: properties }],
    ...mappings.map((mapping, i) => [
      `${name}EventSourceMapping${i}`,
      { Type: 'AWS::Lambda::EventSourceMapping', Properties: { ...mapping, FunctionName: { Ref: name } } },
    ]),
  ];
  const template = { Resources: Object.fromEntries(resources) as object };
  return { id: stackName ?? name, stackName, region, account, template };
}

function driftIn(fn: DeployedFunction, { functions: [modelled] }: TracingModel): Drift[] {
  const { region, roles } = fn;
  const { id } = modelled.resource.template;
  const commands = awsCommands(region, undefined);
  const target: FunctionUnderVerification = {
    function: modelled,
    stack: { template: id, name: id, region, resources: [] },
    stacks: [],
    templatesWithBaseline: new Set(),
    observed: fn,
    expectedVersionMode: versionOf({ observed: fn }, LATEST)?.mode,
    published: [],
    roles,
    lambdaCommand: commands,
    iamCommand: commands,
  };
  return [pinnedAliases, splitAliases, rolePermissions].flatMap((check) => check(target));
}
