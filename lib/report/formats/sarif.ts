import type {
  ArtifactChange,
  ArtifactLocation,
  ConfigurationOverride,
  Fix,
  Location,
  Log,
  Notification,
  PhysicalLocation,
  Replacement,
  ReportingDescriptor,
  Result,
} from 'sarif';
import { pathOf as displayName } from '../../cloudformation/template';
import type { Splice } from '../../input/editable-text';
import type { LoadError, SourcePosition, TextPositions } from '../../input/loaded-template';
import { RULES } from '../../rules';
import { helpUrlOf } from '../../version';
import type { Rule, Severity } from '../../rules/rule';
import { editsOf } from '../../rules/template-fixes';
import { printable } from '../../text/printable';
import type { ConfiguredRule } from '../configuration';
import { EditableTexts } from '../edited-texts';
import { Fingerprints } from './gitlab';
import {
  encodedPath,
  isAbsolute,
  type Location as FindingLocation,
  pathFromRoot,
  positionsOf,
  type SourceRoot,
} from '../location';
import type { Report, ReportedFinding } from '../report';
import { plainJson } from './json';
import { escapeMarkdown } from './markdown';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<
  Severity,
  Result.level
>;

/** The name that URIs relative to the root refer to. */
const ROOT_ID = '%SRCROOT%';

/**
 * Returns SARIF 2.1.0, for GitHub code scanning and other viewers. GitHub interprets paths as relative to the root of the
 * repository ("SARIF support for code scanning").
 */
export function sarif(report: Report): string {
  const { tool, rules, findings, errors, warnings, notes, configuration, sourceRoot } = report;
  const overridden = RULES.filter(({ id }) => configuration.rules.some(({ ruleId }) => ruleId === id));
  const used = [...new Set([...rules, ...findings.map(({ rule }) => rule), ...overridden])];
  const fingerprints = new Fingerprints();
  const texts = new EditableTexts(report.texts);
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: tool.name,
            semanticVersion: tool.version,
            informationUri: tool.homepage,
            rules: used.map(descriptorOf),
          },
        },
        automationDetails: { id: categoryOf(report) },
        invocations: [
          {
            executionSuccessful: errors.length === 0,
            ruleConfigurationOverrides: configuration.rules.map((rule) => overrideOf(rule, used)),
            toolExecutionNotifications: [
              ...errors.map((error) => notificationOf(error, 'error', sourceRoot)),
              ...warnings.map((warning) => notificationOf(warning, 'warning', sourceRoot)),
              ...notes.map((note): Notification => ({ level: 'note', message: { text: plain(note) } })),
            ],
            properties: { failOn: configuration.failOn, acknowledged: report.summary.acknowledged },
          },
        ],
        originalUriBaseIds: { [ROOT_ID]: { uri: folderUri(sourceRoot.root) } },
        ...(configuration.file !== undefined && {
          artifacts: [
            { location: artifactAt(configuration.file, sourceRoot), roles: ['userSpecifiedConfiguration'] },
          ],
        }),
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => ({
          ...resultOf(finding, fixesOf(finding, texts, sourceRoot), sourceRoot),
          ruleIndex: used.indexOf(finding.rule),
          partialFingerprints: { 'findingIdentity/v1': fingerprints.of(finding) },
        })),
      },
    ],
  };
  return `${plainJson(log, 2)}\n`;
}

/**
 * Returns the category of the run. GitHub replaces the results of an earlier upload with the same tool and category, which is
 * everything up to the last slash ("SARIF support for code scanning").
 */
function categoryOf({ tool, runName }: Report): string {
  return `${tool.name}/${printable(runName)}/`;
}

function descriptorOf(rule: Rule): ReportingDescriptor {
  const { id, title, problem, severity, rationale, fix, source } = rule;
  return {
    id,
    name: id.replace(/^.*-/, ''),
    // GitHub shows it as the title of alerts ("SARIF support for code scanning").
    shortDescription: { text: problem },
    fullDescription: { text: rationale },
    help: {
      text: `${title}.\n\n${rationale}\n\nFix: ${fix}\n\n${source.title}: ${source.url}`,
      markdown: `${escapeMarkdown(title)}.\n\n${escapeMarkdown(rationale)}\n\n**Fix:** ${escapeMarkdown(fix)}\n\n[${escapeMarkdown(source.title)}](${source.url})`,
    },
    helpUri: helpUrlOf(rule),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: ['aws', 'lambda', 'x-ray', 'tracing'] },
  };
}

/** Returns the override of a rule's default severity ("configurationOverride object", SARIF 2.1.0). */
function overrideOf({ ruleId, severity }: ConfiguredRule, rules: readonly Rule[]): ConfigurationOverride {
  return {
    descriptor: { id: ruleId, index: rules.findIndex(({ id }) => id === ruleId) },
    configuration: severity === 'off' ? { enabled: false } : { level: LEVELS[severity] },
  };
}

function resultOf(finding: ReportedFinding, fixes: Fix[], sourceRoot: SourceRoot): Result {
  const { rule, severity, message, fix, acknowledged, related } = finding;
  const [, inTemplate] = positionsOf(finding);
  const calledFrom = finding.source?.calledFrom;
  const relatedLocations: Location[] = [
    ...related.map((other) => ({
      message: { text: plain(displayName(other)) },
      ...locationOf(other, sourceRoot),
    })),
    ...(calledFrom
      ? [{ message: { text: 'Called from' }, physicalLocation: physicalLocation(calledFrom, sourceRoot) }]
      : []),
    ...(inTemplate
      ? [{ message: { text: 'In the template' }, physicalLocation: physicalLocation(inTemplate, sourceRoot) }]
      : []),
  ];
  return {
    ruleId: rule.id,
    level: LEVELS[severity],
    message: { text: plain(`${message} Fix: ${fix}`) },
    locations: [locationOf(finding, sourceRoot)],
    ...(relatedLocations.length > 0 && {
      relatedLocations: relatedLocations.map((location, i) => ({ id: i + 1, ...location })),
    }),
    suppressions: acknowledged
      ? [{ kind: 'external', status: 'accepted', justification: plain(acknowledged.reason) }]
      : [],
    ...(fixes.length > 0 && { fixes }),
  };
}

/**
 * Returns the edits of a finding as replaced parts of the text ("fix object", SARIF 2.1.0). None if the templates are generated
 * or have no place for them.
 */
function fixesOf({ fix, fixes = [] }: ReportedFinding, texts: EditableTexts, sourceRoot: SourceRoot): Fix[] {
  if (fixes.length === 0) return [];
  const changes = [...new Set(fixes.map(({ template }) => template.id))].map(
    (id): ArtifactChange | undefined => {
      const { file, template, positions } = texts.of(id) ?? {};
      // A finding is fixed alone here, so the other functions don't get its value in Globals.
      const own = fixes
        .filter((other) => other.template.id === id)
        .map((other) => ({ ...other, globals: undefined }));
      const splices = template?.splicesFor(editsOf(own));
      return splices && file !== undefined && positions
        ? {
            artifactLocation: artifactAt(file, sourceRoot),
            replacements: splices.map((splice) => replacementOf(splice, positions)),
          }
        : undefined;
    },
  );
  const artifactChanges = changes.filter((change) => change !== undefined);
  return artifactChanges.length < changes.length
    ? []
    : [{ description: { text: plain(fix) }, artifactChanges }];
}

function replacementOf({ offset, length, text }: Splice, positions: TextPositions): Replacement {
  const start = positions.at(offset);
  const end = positions.at(offset + length);
  return {
    deletedRegion: {
      startLine: start.line,
      startColumn: start.column,
      endLine: end.line,
      endColumn: end.column,
    },
    ...(text !== '' && { insertedContent: { text } }),
  };
}

function locationOf(location: FindingLocation, sourceRoot: SourceRoot): Location {
  const { logicalId, constructPath } = location;
  const name = constructPath ?? logicalId;
  return {
    physicalLocation: physicalLocation(positionsOf(location)[0], sourceRoot),
    ...(name !== '' && {
      logicalLocations: [{ name: logicalId, fullyQualifiedName: name, kind: 'resource' }],
    }),
  };
}

function physicalLocation({ file, position }: SourcePosition, sourceRoot: SourceRoot): PhysicalLocation {
  return {
    artifactLocation: artifactAt(file, sourceRoot),
    ...(position && { region: { startLine: position.line, startColumn: position.column } }),
  };
}

function notificationOf(
  { file, line, column, message }: LoadError,
  level: Notification['level'],
  sourceRoot: SourceRoot,
): Notification {
  return {
    level,
    message: { text: plain(message) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifactAt(file, sourceRoot),
          ...(line !== undefined && { region: { startLine: line, startColumn: column } }),
        },
      },
    ],
  };
}

/** Returns text without links. SARIF allows them in plain text ("Messages with embedded links"). */
function plain(text: string): string {
  return printable(text).replaceAll('](', '] (');
}

function artifactAt(file: string, sourceRoot: SourceRoot): ArtifactLocation {
  const path = pathFromRoot(file, sourceRoot);
  return isAbsolute(path) ? { uri: absoluteUri(path) } : { uri: encodedPath(path), uriBaseId: ROOT_ID };
}

function folderUri(folder: string): string {
  return absoluteUri(folder.endsWith('/') ? folder : `${folder}/`);
}

function absoluteUri(path: string): string {
  return `file://${path.startsWith('/') ? '' : '/'}${encodedPath(path)}`;
}
