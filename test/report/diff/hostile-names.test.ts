import fc from 'fast-check';
import type { Diff } from '../../../lib/report/diff/diff';
import { diffJson } from '../../../lib/report/diff/json';
import { diffMarkdown } from '../../../lib/report/diff/markdown';
import { diffText } from '../../../lib/report/diff/text';
import { harmIn, NAME } from '../hostile-name';
import { diffOf } from './small-change';

/**
 * Returns a diff with the name in every text from a template: a function with a Kafka event source and a stuck version
 * becomes Active, one function is removed, and the finding on another is acknowledged.
 */
function diffOn(name: string): Diff {
  const [version, source, other, old] = ['Version', 'Source', 'Other', 'Old'].map((kind) => name + kind);
  const fn = (mode: string) => ({
    Type: 'AWS::Lambda::Function',
    Metadata: { 'aws:cdk:path': name },
    Properties: { MemorySize: 512, TracingConfig: { Mode: mode } },
  });
  const suppressed = { rules_to_suppress: [{ id: 'LambdaXRay-ActiveTracing', reason: `${name}.` }] };
  const versions = {
    [version]: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: name } } },
  };
  const mapping = {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: { FunctionName: { Ref: name }, Queues: [name] },
  };
  const before = { [name]: fn('PassThrough'), [other]: fn('PassThrough'), [old]: fn(name), ...versions };
  const acknowledged = { ...fn('PassThrough'), Metadata: { cdk_nag: suppressed } };
  const after = { [name]: fn('Active'), [other]: acknowledged, [source]: mapping, ...versions };
  const file = (resources: object) => ({ [name]: JSON.stringify({ Resources: resources }) });
  const settings = { severities: { 'LambdaXRay-UnpublishedMode': 'off' } } as const;
  return diffOf(file(before), file(after), {
    settings,
    errors: { before: [{ file: name, message: name }] },
    notes: [name],
  });
}

function holdsFor(claim: (diff: Diff, name: string) => void) {
  return () => fc.assert(fc.property(NAME, (name) => claim(diffOn(name), name)));
}

/** The reference for the number of lines and cells. */
const PLAIN = diffOn('Plain');

test(
  'text keeps its lines and does not affect the terminal',
  holdsFor((diff) => {
    const written = textOf(diff);
    expect(written.split('\n')).toHaveLength(textOf(PLAIN).split('\n').length);
    expect(harmIn(written)).toEqual([]);
  }),
);

test(
  'JSON preserves the name',
  holdsFor((diff, name) => {
    const written = diffJson(diff);
    expect(harmIn(written)).toEqual([]);
    const { functions } = JSON.parse(written) as { functions: { logicalId: string }[] };
    expect(functions.map(({ logicalId }) => logicalId)).toEqual([name, `${name}Old`]);
  }),
);

test(
  'Markdown keeps its cells',
  holdsFor((diff) => {
    expect(harmIn(diffMarkdown(diff))).toEqual([]);
    expect(cellsOf(diff)).toEqual(cellsOf(PLAIN));
  }),
);

function textOf(diff: Diff): string {
  return diffText(diff, { color: false, quiet: false });
}

/** Returns the number of cells in each row. */
function cellsOf(diff: Diff): number[] {
  const rows = diffMarkdown(diff).match(/^\|.*$/gm) ?? [];
  return rows.map((row) => row.replaceAll(/\\./g, '').split('|').length - 2);
}
