import type { Diff } from '../report/diff/diff';
import type { EstimateReport } from '../report/estimate/report';
import type { TextOptions } from '../report/formats/text';
import type { MapDocument } from '../report/map/document';
import type { PageOptions } from '../report/map/html';
import type { Report } from '../report/report';
import type { VerifyReport } from '../report/verify/report';

/** A format that `--format` selects. Its code is loaded on demand: it must not slow down the start of the command. */
export interface Format<R, O = TextOptions> {
  readonly description: string;
  readonly load: () => Promise<(report: R, options: O) => string>;
}

type Formats<R, O = TextOptions> = Readonly<Record<string, Format<R, O>>>;

/** The formats of `check`. */
export const CHECK_FORMATS = {
  text: { description: 'for terminals', load: async () => (await import('../report/formats/text.js')).text },
  json: {
    description: 'for programs, see docs/check-report.schema.json',
    load: async () => (await import('../report/formats/json.js')).json,
  },
  sarif: {
    description: 'SARIF 2.1.0, for GitHub code scanning',
    load: async () => (await import('../report/formats/sarif.js')).sarif,
  },
  junit: {
    description: 'JUnit XML, for CI servers',
    load: async () => (await import('../report/formats/junit.js')).junit,
  },
  gitlab: {
    description: 'a code quality report, for GitLab merge requests',
    load: async () => (await import('../report/formats/gitlab.js')).gitlab,
  },
  markdown: {
    description: 'for a comment on a pull request',
    load: async () => (await import('../report/formats/markdown.js')).markdown,
  },
  github: {
    description: 'annotations in GitHub Actions',
    load: async () => (await import('../report/formats/github.js')).github,
  },
  posture: {
    description: 'the tracing of each function, for snapshots, see docs/posture.schema.json',
    load: async () => (await import('../report/formats/posture.js')).posture,
  },
} satisfies Formats<Report>;
export type CheckFormatName = keyof typeof CHECK_FORMATS;

/** The formats of `diff`. */
export const DIFF_FORMATS = {
  text: { description: 'for terminals', load: async () => (await import('../report/diff/text.js')).diffText },
  markdown: {
    description: 'for a comment on a pull request',
    load: async () => (await import('../report/diff/markdown.js')).diffMarkdown,
  },
  json: {
    description: 'for programs, see docs/diff-report.schema.json',
    load: async () => (await import('../report/diff/json.js')).diffJson,
  },
} satisfies Formats<Diff>;
export type DiffFormatName = keyof typeof DIFF_FORMATS;

/** The formats of `estimate`. */
export const ESTIMATE_FORMATS = {
  text: {
    description: 'for terminals',
    load: async () => (await import('../report/estimate/text.js')).estimateText,
  },
  json: {
    description: 'for programs, see docs/estimate-report.schema.json',
    load: async () => (await import('../report/estimate/json.js')).estimateJson,
  },
} satisfies Formats<EstimateReport>;
export type EstimateFormatName = keyof typeof ESTIMATE_FORMATS;

/** The formats of `map`. */
export const MAP_FORMATS = {
  html: {
    description: 'an interactive page, written to trace-map.html unless --output is set',
    load: async () => (await import('../report/map/html.js')).html,
  },
  svg: { description: 'a diagram', load: async () => (await import('../report/map/svg.js')).svg },
  mermaid: {
    description: 'a flowchart for Markdown',
    load: async () => (await import('../report/map/mermaid.js')).mermaid,
  },
  dot: {
    description: 'a graph for Graphviz',
    load: async () => (await import('../report/map/dot.js')).dot,
  },
  json: {
    description: 'for programs, see docs/trace-map.schema.json',
    load: async () => (await import('../report/map/build-document.js')).traceMapJson,
  },
} satisfies Formats<MapDocument, PageOptions>;
export type MapFormatName = keyof typeof MAP_FORMATS;

/** The links of the map that open a position in an editor, by the editor's name. */
export const EDITORS = {
  vscode: 'vscode://file{path}:{line}:{column}',
  cursor: 'cursor://file{path}:{line}:{column}',
  idea: 'idea://open?file={path}&line={line}&column={column}',
};
export type EditorName = keyof typeof EDITORS;

/** The formats of `verify`. */
export const VERIFY_FORMATS = {
  text: {
    description: 'for terminals',
    load: async () => (await import('../report/verify/text.js')).verifyText,
  },
  json: {
    description: 'for programs, see docs/verify-report.schema.json',
    load: async () => (await import('../report/verify/json.js')).verifyJson,
  },
} satisfies Formats<VerifyReport>;
export type VerifyFormatName = keyof typeof VERIFY_FORMATS;

/** Renders a report in a format. */
export async function render<R, O>(format: Format<R, O>, report: R, options: O): Promise<string> {
  const toText = await format.load();
  return toText(report, options);
}
