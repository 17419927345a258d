import { sortedBy } from '../report/collections';
import { reaches } from '../report/configuration';
import { isOpen, type ReportedFinding } from '../report/report';
import { count } from '../report/wording';
import { SEVERITIES, type Severity } from '../rules/rule';
import { helpUrlOf } from '../version';
import { type CheckedChange, checkChange } from './check-change';
import type { GuardOptions } from './options';
import { type HookRequest, readPayload } from './request';
import {
  type Annotation,
  errorAnswer,
  type HookResponse,
  MAX_TEXT,
  note,
  reasonOf,
  shortened,
  success,
} from './response';

/** In characters ("Annotation", AWS CloudFormation API Reference). */
const MAX_NAME = 1024;

/**
 * AWS states no maximum for the annotations. With this one, an answer is far below the 6 MB that a function can return
 * ("Lambda quotas", AWS Lambda Developer Guide).
 */
const MAX_ANNOTATIONS = 100;

const SEVERITY_LEVELS: Readonly<Record<Severity, Annotation['severityLevel']>> = {
  error: 'HIGH',
  warning: 'MEDIUM',
  info: 'LOW',
};

/**
 * Checks the operation of a request, and returns the answer.
 *
 * @param body the text of the payload
 */
export function answer(request: HookRequest, body: string, options: GuardOptions): HookResponse {
  try {
    return findingsAnswer(request, checkChange(readPayload(request, body), options.config), options);
  } catch (error) {
    return errorAnswer(request, options, reasonOf(error));
  }
}

function findingsAnswer(
  request: HookRequest,
  { findings, added, limits }: CheckedChange,
  { failOn }: GuardOptions,
): HookResponse {
  const fails = (finding: ReportedFinding) =>
    added.has(finding) && isOpen(finding) && reaches(finding.severity, failOn);
  const failing = findings.filter(fails);
  const others = findings.filter((finding) => !fails(finding));
  // The most severe first: the last ones are folded.
  const ordered = [
    ...bySeverity(failing),
    ...bySeverity(others.filter(isOpen)),
    ...others.filter((one) => !isOpen(one)),
  ];
  const all = [
    ...limits.map((limit) => note(limit)),
    ...ordered.map((finding) => annotation(finding, fails(finding), added.has(finding))),
  ];
  const annotations = all.length === 0 ? [note('No findings on X-Ray tracing.', 'PASSED')] : folded(all);
  const { stack } = request;
  if (failing.length > 0) {
    const summary = `${count(failing.length, 'new finding')} on X-Ray tracing in the stack '${stack.name}'.`;
    const details = bySeverity(failing).map(({ rule, message, fix }) => `${rule.id}: ${message} ${fix}`);
    return {
      ...success(request, [summary, ...details].join(' ')),
      hookStatus: 'FAILED',
      errorCode: 'NonCompliant',
      annotations,
    };
  }
  const reported = others.length > 0 ? ` ${count(others.length, 'other')} in the annotations.` : '';
  const summary = `No new findings on X-Ray tracing that fail the stack '${stack.name}'.${reported}`;
  return { ...success(request, [summary, ...limits].join(' ')), annotations };
}

function bySeverity(findings: readonly ReportedFinding[]): ReportedFinding[] {
  return sortedBy(findings, ({ severity }) => [SEVERITIES.indexOf(severity)]);
}

function annotation(finding: ReportedFinding, fails: boolean, isAdded: boolean): Annotation {
  const { rule, logicalId, property, severity, message, fix } = finding;
  const name = [rule.id, logicalId, property].filter((part) => part !== '').join('/');
  return {
    annotationName: shortened(name, MAX_NAME),
    status: fails ? 'FAILED' : 'SKIPPED',
    statusMessage: shortened(`${message}${fails ? '' : ` ${reasonToPass(finding, isAdded)}`}`, MAX_TEXT),
    remediationMessage: shortened(fix, MAX_TEXT),
    remediationLink: helpUrlOf(rule),
    severityLevel: SEVERITY_LEVELS[severity],
  };
}

function reasonToPass({ acknowledged }: ReportedFinding, isAdded: boolean): string {
  if (acknowledged) return `Acknowledged: ${acknowledged.reason}`;
  return isAdded
    ? 'Findings of this severity do not fail the operation.'
    : 'The operation does not add this finding, so it does not fail it.';
}

function folded(annotations: readonly Annotation[]): Annotation[] {
  if (annotations.length <= MAX_ANNOTATIONS) return [...annotations];
  const shown = annotations.slice(0, MAX_ANNOTATIONS - 1);
  const rest = annotations.slice(shown.length);
  const failing = rest.filter(({ status }) => status === 'FAILED').length;
  const text = `${count(rest.length, 'more finding')}, ${failing} of which fail the operation. Run cdk-lambda-xray check with the template to see all.`;
  return [...shown, note(text, failing > 0 ? 'FAILED' : 'SKIPPED')];
}
