import type * as differ from 'diff';
import type * as templateEditor from '../input/edit-template';
import type { EditableTemplate } from '../input/edit-template';
import { TextPositions } from '../input/loaded-template';
import { compatible, editsOf, fixesByFile } from '../rules/template-fixes';
import type { Report, ReportedFinding } from './report';

/** A template that can be edited. */
interface EditableText {
  readonly file: string;
  readonly text: string;
  readonly template: EditableTemplate;
  readonly positions: TextPositions;
}

/** The texts of the templates that can be edited, each parsed once. */
export class EditableTexts {
  private readonly parsed = new Map<string, EditableText>();

  constructor(private readonly templates: Report['texts']) {}

  /** Returns the text of a template by its ID. Undefined if a tool generates the template. */
  public of(id: string): EditableText | undefined {
    const known = this.parsed.get(id);
    if (known) return known;
    const { file, text: source } = this.templates.get(id) ?? {};
    const text = source?.read();
    if (file === undefined || text === undefined) return undefined;
    const parsed = {
      file,
      text,
      template: new (editor().EditableTemplate)(file, text),
      positions: new TextPositions(text),
    };
    this.parsed.set(id, parsed);
    return parsed;
  }
}

/** Most reports have no fixes, and loading the editor takes longer than writing them. */
function editor(): typeof templateEditor {
  // oxlint-disable-next-line typescript/no-require-imports
  return require('../input/edit-template') as typeof templateEditor;
}

/** A file with the edits of some findings. */
export interface EditedFile {
  readonly file: string;
  readonly before: string;
  readonly after: () => string;
}

/** Returns the files that the fixes of findings edit, without those that contradict others or have no place. */
export function editedFiles(
  findings: readonly ReportedFinding[],
  { texts }: Pick<Report, 'texts'>,
): EditedFile[] {
  const fileOf = (id: string) => texts.get(id)?.file ?? id;
  const fixable = findings.filter(
    ({ fixes = [] }) =>
      fixes.length > 0 && fixes.every(({ template }) => texts.get(template.id)?.text !== undefined),
  );
  const byFile = fixesByFile(compatible(fixable, fileOf), fileOf);
  const before = new Map([...texts.values()].map(({ file, text }) => [file, text]));
  return [...byFile].map(([file, fixes]) => {
    const text = before.get(file)?.read() ?? '';
    return { file, before: text, after: () => editor().editTemplate(file, text, editsOf(fixes)).text };
  });
}

/**
 * Returns the difference of two texts as `git apply` and `patch` read it. Empty if they are equal.
 *
 * @param path the path of the file, with slashes
 */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  // oxlint-disable-next-line typescript/no-require-imports
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = require('diff') as typeof differ;
  const [from, to] = path.startsWith('/') ? [path, path] : [`a/${path}`, `b/${path}`];
  const diff = createTwoFilesPatch(from, to, before, after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
  const [oldName, newName] = diff.split('\n', 2);
  // As in Git: `patch` ends a name without quotes at a space, unless a tab follows.
  if (!path.includes(' ') || oldName.endsWith('"')) return diff;
  return `${oldName}\t\n${newName}\t${diff.slice(oldName.length + newName.length + 1)}`;
}
