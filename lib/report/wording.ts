import { SEVERITIES, type Severity } from '../rules/rule';
import type { LoadError, SourcePosition } from '../input/loaded-template';
import type { Invocation, Propagation, TraceEdge } from '../trace-map/trace-map';
import { type Location, positionsOf } from './location';
import { isOpen, type Report } from './report';

type Positions = Pick<Location, 'source' | keyof SourcePosition>;

/**
 * Returns a location such as `template.yaml:14`, or only the file if the line is unknown. In a CDK app, the location is
 * that in the code, such as `lib/orders-stack.ts:18:19`.
 */
export function locationInWords(location: Positions): string {
  const { source } = location;
  return source?.position ? codeInWords(source) : lineInWords(positionsOf(location)[0]);
}

/**
 * Returns lines on the other positions of a location in the code: `Called from: lib/orders-stack.ts:24:5`, if several
 * constructs share it, and `Template: cdk.out/Orders.template.json:309`.
 */
export function otherPositions(location: Positions): string[] {
  const calledFrom = location.source?.calledFrom;
  return [...(calledFrom ? [`Called from: ${codeInWords(calledFrom)}`] : []), ...templateInWords(location)];
}

/** Returns a line such as `Template: cdk.out/Orders.template.json:309`, if the location is in the code. Otherwise, none. */
export function templateInWords(location: Positions): string[] {
  const [, inTemplate] = positionsOf(location);
  return inTemplate ? [`Template: ${lineInWords(inTemplate)}`] : [];
}

/** Returns a position in code, with its column. */
export function codeInWords({ file, position }: SourcePosition): string {
  return positionInWords({ file, ...position });
}

function lineInWords({ file, position }: SourcePosition): string {
  return position ? `${file}:${position.line}` : file;
}

/** Returns a position such as `template.yaml:14:3`, or the known part of it. */
export function positionInWords({ file, line, column }: Omit<LoadError, 'message'>): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

/** Returns a number with a noun, such as `2 templates`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Returns the number of findings by severity, such as `3 errors` and `1 warning`. */
export function severityCounts(bySeverity: Readonly<Record<Severity, number>>): string[] {
  return SEVERITIES.filter((severity) => bySeverity[severity] > 0).map((severity) =>
    count(bySeverity[severity], severity, severity === 'info' ? 'info' : undefined),
  );
}

/** Returns a sentence on unreadable input, after a space. Empty if everything was read. */
export function unreadText(errors: number): string {
  return errors > 0 ? ` ${count(errors, 'part')} of the input could not be read.` : '';
}

/** Returns a sentence such as `3 errors, 1 warning, 2 acknowledged in 14 templates.` */
export function summaryLine({ summary, findings }: Report): string {
  const { acknowledged, errors } = summary;
  if (summary.templates === 0) return `Nothing was checked.${unreadText(errors)}`;
  const parts = [
    ...(findings.some(isOpen) ? severityCounts(summary.findings) : ['No findings']),
    ...(acknowledged > 0 ? [`${acknowledged} acknowledged`] : []),
  ];
  return `${parts.join(', ')} in ${count(summary.templates, 'template')}.${unreadText(errors)}`;
}

/** The effect of a call on the trace. */
const EFFECTS: Readonly<Record<Propagation, string>> = {
  starts: 'starts a trace',
  propagates: 'propagates the trace',
  links: 'links the traces',
  breaks: 'does not propagate the trace',
};

export const INVOCATIONS: Readonly<Record<Invocation, string>> = {
  synchronous: 'synchronously',
  asynchronous: 'asynchronously',
  queue: 'from a queue',
  stream: 'from a stream',
};

/** A call and its effect on the trace. */
interface Call extends Pick<TraceEdge, 'propagation' | 'invocation' | 'isCertain'> {
  /** True if a trace reaches the caller and ends at the call. */
  readonly isBroken: boolean;
  /** The names of the versions and aliases on the way to the function. */
  readonly through: readonly string[];
}

/** Describes a call without its ends: `propagates the trace, asynchronously, through Live (possible call)`. */
export function callText({ propagation, invocation, through, isCertain, isBroken }: Call): string {
  const parts = [
    isBroken ? 'breaks the trace' : EFFECTS[propagation],
    ...(invocation ? [INVOCATIONS[invocation]] : []),
    ...(through.length > 0 ? [`through ${through.join(' and ')}`] : []),
  ];
  return `${parts.join(', ')}${isCertain ? '' : ' (possible call)'}`;
}

/** Formats a number with up to three decimal places: `1,234.5`. */
export function formatNumber(number: number, digits = 3): string {
  return number.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** Formats a number with two significant digits: `1,200`. */
export function roundedNumber(number: number): string {
  return number.toLocaleString('en-US', { maximumSignificantDigits: 2 });
}

/** Formats an amount of US dollars: `1,234.50`. */
export function formatUsd(amount: number): string {
  return amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
