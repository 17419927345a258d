import { checkModel, type CheckedFinding } from '../checker/check';
import { isObject, objectAt } from '../cloudformation/json';
import { ALWAYS } from '../cloudformation/possible';
import { isNestedStack, mayAddResources } from '../cloudformation/template';
import { isEqual } from '../cloudformation/template-edit';
import { withParameterValues } from '../cloudformation/template-selection';
import type { Config } from '../config/config';
import type { LoadedTemplate } from '../input/loaded-template';
import { parseTemplate, templateFault } from '../input/parse-template';
import type { LambdaFunction } from '../lambda/lambda-function';
import { buildTracingModel } from '../model/build-model';
import type { TracingModel } from '../model/tracing-model';
import { findingChanges } from '../report/diff/diff';
import { type ReportedFinding, type Report, reportOn } from '../report/report';
import { canHaveMode, canModeVary } from '../rules/wording';
import { listNames } from '../text/printable';
import { TOOL } from '../version';
import { GuardError } from './options';
import type { ResourceChange, StackChange, StackIdentity } from './request';

/** The findings on an operation. */
export interface CheckedChange {
  /** All findings on the new template, in the order of reports. */
  readonly findings: readonly ReportedFinding[];
  /** The findings that the operation adds, makes more severe or no longer acknowledges. */
  readonly added: ReadonlySet<ReportedFinding>;
  /** Sentences on what could not be checked. */
  readonly limits: readonly string[];
}

/**
 * Checks the template of an operation as the command does, with the previous template as the baseline. Of a change set, whose
 * previous template is not part of the request, the baseline is the template without the changes. If these are not completely
 * known, all findings on changed resources count as added.
 *
 * @throws GuardError if a template can't be read
 */
export function checkChange(change: StackChange, config: Config): CheckedChange {
  const { stack, previousTemplate, changed, changes } = change;
  const now = readTemplate('template', change.template, stack, config);
  const before =
    previousTemplate === undefined
      ? changes && beforeChanges(now.template, changes)
      : readTemplate('previous template', previousTemplate, stack, config).template;
  const { severities, acknowledgements, includeCdkFunctions, transactionSearch } = config;
  const model = buildTracingModel([now.template], before && [before], { transactionSearch });
  const isIncomplete = now.faults.length > 0;
  const check = (one: TracingModel) =>
    checkModel(one, { severities, acknowledgements, includeCdkFunctions, isIncomplete }).filter((finding) =>
      isOnStack(finding, one),
    );
  const after = report(now.template, model, check(model));
  let added: readonly ReportedFinding[] = after.findings;
  if (before && model.baseline) {
    added = findingChanges(report(before, model.baseline, check(model.baseline)), after).new;
  } else if (changed) added = added.filter(touches(new Set(changed)));
  return { findings: after.findings, added: new Set(added), limits: [...now.faults, ...limitsOf(model)] };
}

/** True unless a finding is on an entry of the configuration, which is shared by all stacks. */
function isOnStack({ resource: { template } }: CheckedFinding, { templates }: TracingModel): boolean {
  return templates.includes(template);
}

/** Returns a function that is true for findings on the changed resources, or that are about one of them. */
function touches(changed: ReadonlySet<string>): (finding: ReportedFinding) => boolean {
  return ({ logicalId, related }) =>
    [logicalId, ...related.map((one) => one.logicalId)].some((id) => changed.has(id));
}

function readTemplate(
  label: string,
  text: string,
  { name, account, region }: StackIdentity,
  config: Config,
): { readonly template: LoadedTemplate; readonly faults: readonly string[] } {
  const parsed = parseTemplate(name, text);
  const [error] = parsed.errors;
  // Text that can't be parsed is not a template either, but only the error has the reason.
  if (parsed.template === undefined && error) {
    throw new GuardError(`The ${label} of the stack can't be read. Line ${error.line}: ${error.message}`);
  }
  const fault = templateFault(parsed);
  if (fault) throw new GuardError(`The ${label} of the stack can't be read: ${fault.message}`);
  // A stack name has no characters that end a path.
  const source = { id: name, file: name, stackName: name, account, region, template: parsed.template };
  return {
    template: withParameterValues([source], config.parameters)[0],
    faults: parsed.errors.map(
      ({ line, message }) => `Line ${line} of the ${label} was not checked: ${message}`,
    ),
  };
}

/** Returns the template without the changes of a change set. Undefined if a macro makes the changed resources. */
function beforeChanges(
  source: LoadedTemplate,
  changes: ReadonlyMap<string, ResourceChange>,
): LoadedTemplate | undefined {
  const { template } = source;
  const resources = new Map(Object.entries(objectAt(template, 'Resources')));
  for (const [id, { type, before, after }] of changes) {
    const now = resources.get(id);
    if (after && !(isObject(now) && now.Type === type)) return undefined;
    if (before) resources.set(id, { ...(restored(now, before, after, 2) as object), Type: type });
    else resources.delete(id);
  }
  return { ...source, template: { ...(template as object), Resources: Object.fromEntries(resources) } };
}

/**
 * Returns a value of the template before a change, in which references have values. What did not change keeps its references.
 *
 * @param depth the number of levels without functions: a resource, its properties
 */
function restored(now: unknown, before: unknown, after: unknown, depth: number): unknown {
  if (isEqual(before, after)) return now;
  if (depth === 0 || !isObject(now) || !isObject(before) || !isObject(after)) return before;
  const names = [...new Set([now, before].flatMap((one) => Object.keys(one)))];
  const entries = names.map((name) => [name, restored(now[name], before[name], after[name], depth - 1)]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function report(template: LoadedTemplate, model: TracingModel, findings: readonly CheckedFinding[]): Report {
  return reportOn({
    tool: TOOL,
    loaded: { templates: [template], errors: [] },
    model,
    findings,
    rules: [],
    configuration: { rules: [] },
    sourceRoot: { root: '/', workingDirectory: '/' },
    runName: template.id,
  });
}

/** Returns sentences on the parts of a template and the values that a request does not contain. */
function limitsOf({ templates: [template], resources, functions }: TracingModel): string[] {
  const nested = resources.filter(isNestedStack).map(({ logicalId }) => logicalId);
  const undecided = functions.filter(canBeUntraced).map(({ resource }) => resource.logicalId);
  return [
    ...(nested.length > 0
      ? [
          `The templates of nested stacks are not part of the request: CloudFormation calls the Hook again for each of these stacks when it creates or updates it. The links between this stack and ${listNames(nested)} were not checked.`,
        ]
      : []),
    ...(mayAddResources(template)
      ? [
          'The template has macros, modules or loops that CloudFormation expands after this check. Resources that they add or change were not checked.',
        ]
      : []),
    ...(undecided.length > 0
      ? [
          `The tracing mode of ${listNames(undecided)} depends on values that the request does not contain, such as those of parameters, imports or macros. Not all of these values were checked: rules that require a mode report it only if it is always wrong.`,
        ]
      : []),
  ];
}

/** True if a function is Active for some values and not for others, in the same account and region. */
function canBeUntraced(fn: LambdaFunction): boolean {
  const canBeActive = canHaveMode(fn, 'Active') || canHaveMode(fn, 'unknown');
  return canBeActive && canModeVary({ function: fn, when: [ALWAYS] });
}
