import { github } from '../report/github';
import { json } from '../report/json';
import { markdown } from '../report/markdown';
import type { Report } from '../report/report';
import { sarif } from '../report/sarif';
import { text, type TextOptions } from '../report/text';
import type { FormatName } from './check-options';

type Format = (report: Report, options: TextOptions) => string | Promise<string>;

/** What `--format` may name. */
export const FORMATS: Readonly<Record<FormatName, Format>> = {
  text,
  json,
  sarif,
  // Its library is half a megabyte: loaded only where it is asked for.
  junit: async (report: Report) => (await import('../report/junit.js')).junit(report),
  markdown,
  github,
};
