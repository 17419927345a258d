import type { Acknowledgement } from '../checker/acknowledgements';
import { pathOf } from '../cloudformation/template';
import type { ReportedFinding } from '../report/report';
import { type Rule, RULE_PREFIX } from '../rules/rule';
import { matchesWithin } from '../text/globs';
import { type Config, ConfigError, type ConfiguredParameters, type NamedRate } from './config';
import { type AcknowledgementEntry, ConfigEdit, KEY } from './config-edit';
import { parseConfig } from './parse-config';

/** The first line of a new file. */
const SCHEMA_LINE =
  '# yaml-language-server: $schema=./node_modules/cdk-lambda-xray/docs/config.schema.json\n';

/**
 * Returns the entries that acknowledge findings, as few as possible. A construct path identifies a resource if there is
 * one, because the logical ID of a version changes with its function. A finding that stands for another one also gets the
 * entry of that: it would be new if only the finding were gone, such as ActiveTracing if the path of a trace is.
 *
 * @param templatePath returns the path of a template in the configuration, by its ID
 */
export function entriesFor(
  findings: readonly ReportedFinding[],
  reason: string,
  templatePath: (id: string) => string,
): AcknowledgementEntry[] {
  const entryFor = (finding: ReportedFinding, { id }: Rule): AcknowledgementEntry => {
    const rule = id.slice(RULE_PREFIX.length);
    if (finding.constructPath) return { rule, path: escapeGlob(pathOf(finding)), reason };
    const logicalId = finding.logicalId === '' ? {} : { logicalId: escapeGlob(finding.logicalId) };
    return { rule, ...logicalId, template: escapeGlob(templatePath(finding.template)), reason };
  };
  const entries = findings.flatMap((finding) => rulesOf(finding).map((rule) => entryFor(finding, rule)));
  const unique = [...new Map(entries.map((entry) => [JSON.stringify(entry), entry])).values()];
  const scopes = new Map<string, string[]>();
  for (const { rule, path } of unique) {
    if (path !== undefined) scopes.set(rule, [...(scopes.get(rule) ?? []), path]);
  }
  const isCovered = ({ rule, path }: AcknowledgementEntry) =>
    path !== undefined && scopes.get(rule)!.some((scope) => path.startsWith(`${scope}/`));
  return unique.filter((entry) => !isCovered(entry));
}

/**
 * Returns the rules to acknowledge: that of a finding, and the next ones of the same cause, whose entries cover the rest. A
 * note needs no entry.
 */
function rulesOf({ rule, sameCause = [] }: ReportedFinding): Rule[] {
  const isCovered = ({ id }: Rule) => sameCause.some((other) => other.rule.standsFor?.includes(id));
  const next = sameCause.filter(
    (other) => !other.acknowledged && other.severity !== 'info' && !isCovered(other.rule),
  );
  return [rule, ...next.map((other) => other.rule)];
}

/** Escapes the special characters of a glob. */
function escapeGlob(text: string): string {
  const escaped = text.replace(/[\\*?{}[\]()!+$|]/g, String.raw`\$&`);
  return matchesWithin(escaped, text) ? escaped : text;
}

/**
 * Adds entries to the text of a configuration file. All other text stays as it is, with its comments.
 *
 * @param text the file, which is valid. Undefined for a new one
 * @param file the path of the file, for the format and for errors
 * @throws ConfigError if there is no place for the entries, for example because `acknowledge` is an alias
 */
export function withAcknowledgements(
  text: string | undefined,
  entries: readonly AcknowledgementEntry[],
  file: string,
): string {
  const alone = new ConfigEdit('', entries, false).block('');
  if (text === undefined) return SCHEMA_LINE + alone;
  const edits = new ConfigEdit(text, entries, file.endsWith('.json')).candidates();
  const added = parseConfig(alone, file);
  const changed = edits.find((edited) => isExtended(text, edited, added, file));
  if (changed !== undefined) return changed;
  throw new ConfigError(
    `${file}: there is no place for the new entries. Write ${KEY} as a list of its own at the end of the file, and run the command again.`,
  );
}

/** True if an edited configuration differs from the original only by added acknowledgements at the end of the list. */
function isExtended(text: string, edited: string, added: Config, file: string): boolean {
  const before = parseConfig(text, file);
  const acknowledgements = [...before.acknowledgements, ...added.acknowledgements];
  try {
    return contentOf(parseConfig(edited, file)) === contentOf({ ...before, acknowledgements });
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}

const POSITIONS = ['position', 'positions', 'location'] satisfies readonly (
  | keyof Acknowledgement
  | keyof ConfiguredParameters
  | keyof NamedRate
)[];

/** Returns a text that is equal for configurations that differ only in positions. */
function contentOf(config: Config): string {
  return JSON.stringify(config, (key, value: unknown) =>
    (POSITIONS as readonly string[]).includes(key) ? undefined : value,
  );
}
