import type { Diff } from '../report/diff/diff';
import { diffJson } from '../report/diff/json';
import { diffMarkdown } from '../report/diff/markdown';
import { diffText } from '../report/diff/text';
import type { TextOptions } from '../report/text';
import type { DiffFormatName } from './diff-options';

/** What `--format` may name. */
export const DIFF_FORMATS: Readonly<Record<DiffFormatName, (diff: Diff, options: TextOptions) => string>> = {
  text: diffText,
  markdown: diffMarkdown,
  json: diffJson,
};
