import { isObject } from '../cloudformation/json';
import { expandLanguageExtensions, MAX_COPIES, type Origin } from '../cloudformation/language-extensions';
import { type Fault, type ParsedText, type Position, TextPositions } from './loaded-template';
import { parseJson } from './parse-json';
import type * as yamlReader from './read-yaml';

type PositionedMessage = Position & { readonly message: string };

/** The result of parsing the text of a template. */
export interface ParsedTemplate {
  /** Plain JSON. Undefined if the text can't be parsed at all. */
  readonly template?: unknown;
  readonly errors: readonly PositionedMessage[];
  /** Mistakes that CloudFormation accepts. */
  readonly warnings: readonly PositionedMessage[];
  readonly locate: (path: readonly string[]) => Position;
}

/** In characters. CloudFormation accepts 1 MB. Finding positions in this takes 5 seconds and almost 1 GB of memory. */
const MAX_YAML = 10_000_000;

/** Limits the errors of one file, so that the errors of other files stay visible. */
const MAX_FAULTS = 20;

const TOO_MUCH = `This loop exceeds the limit of ${MAX_COPIES} copies or the memory limit, so no loop of the template is expanded. Shorten its collection.`;

/** Parses a template in JSON or YAML, and expands the loops of `AWS::LanguageExtensions`. */
export function parseTemplate(file: string, text: string): ParsedTemplate {
  const { value, faults, offsetOf } = parseText(file, text);
  const positions = new TextPositions(text);
  const { template, origins, exceedsLimit } = expandLanguageExtensions(value);
  const all = exceedsLimit ? [...faults, { offset: offsetOf(exceedsLimit), message: TOO_MUCH }] : faults;
  const positioned = (some: readonly Fault[]) =>
    limited(some).map(({ offset, message }) => ({ ...positions.at(offset), message }));
  return {
    template,
    errors: positioned(all.filter(({ isWarning }) => !isWarning)),
    warnings: positioned(all.filter(({ isWarning }) => isWarning)),
    locate: inOriginal(origins, (path) => positions.at(offsetOf(path))),
  };
}

export const NO_RESOURCES = 'This is not a CloudFormation template: it has no Resources.';

/** The folder is the default of `serverless package --package`. */
const OF_SERVERLESS_FRAMEWORK =
  'This is a configuration of the Serverless Framework, which makes the template of it. Run serverless package, and pass .serverless instead.';

/** Returns the reason why a parsed text is not a template, or undefined if it is one. CloudFormation requires `Resources`. */
export function templateFault({ template, locate }: ParsedTemplate): TemplateFault | undefined {
  if (template === null) return { message: 'This file is empty. Write a CloudFormation template to it.' };
  if (!isObject(template) || !('Resources' in template)) {
    if (hasFormatVersion(template)) return undefined;
    return { message: isOfServerlessFramework(template) ? OF_SERVERLESS_FRAMEWORK : NO_RESOURCES };
  }
  if (isObject(template.Resources)) return undefined;
  const message =
    'Resources must be a mapping of logical IDs to resources, such as `Resources: { Fn: { Type: AWS::Lambda::Function } }`.';
  return { ...locate(['Resources']), message };
}

/** Returns true for a `serverless.yml`, which requires both keys ("Serverless Framework: serverless.yml reference"). */
function isOfServerlessFramework(value: unknown): boolean {
  return isObject(value) && 'service' in value && 'provider' in value;
}

/** Returns true if a value is marked as a template. */
export function hasFormatVersion(value: unknown): boolean {
  return isObject(value) && 'AWSTemplateFormatVersion' in value;
}

type TemplateFault = Partial<Position> & { readonly message: string };

/** Returns true if a text may be a template, without parsing it. */
export function mayBeTemplate(text: string): boolean {
  return text.includes('Resources') || text.includes('AWSTemplateFormatVersion');
}

/** Returns true if a text that can't be parsed seems to be a template. */
export function looksLikeTemplate(text: string): boolean {
  return text.includes('AWSTemplateFormatVersion') || (text.includes('Resources') && text.includes('AWS::'));
}

/** Parses JSON or YAML. Detects the format from the content, since `.template` files have either. Invalid JSON may be valid YAML. */
export function parseText(file: string, text: string): ParsedText {
  if (/^\s*[{[]/.test(text)) {
    const json = parseJson(text);
    if (json.value !== undefined || /\.json$/i.test(file)) return json;
    const yaml = parseAsYaml(text);
    return yaml.value === undefined ? json : yaml;
  }
  return parseAsYaml(text);
}

function parseAsYaml(text: string): ParsedText {
  if (text.length > MAX_YAML) {
    const size = `${Math.ceil(text.length / 1e6)} MB`;
    const message = `The file has ${size} of YAML, but the limit is ${MAX_YAML / 1e6} MB. Convert it to JSON.`;
    return unparsed({ offset: 0, message });
  }
  // JSON does not need the YAML library.
  // oxlint-disable-next-line typescript/no-require-imports
  const { readYaml } = require('./read-yaml') as typeof yamlReader;
  return readYaml(text);
}

function unparsed(fault: Fault): ParsedText {
  return { faults: [fault], offsetOf: () => 0 };
}

function limited(faults: readonly Fault[]): readonly Fault[] {
  if (faults.length <= MAX_FAULTS) return faults;
  const message = `The file has ${faults.length - MAX_FAULTS} more errors from here on.`;
  return [...faults.slice(0, MAX_FAULTS), { offset: faults[MAX_FAULTS].offset, message }];
}

/** Locates paths in copies of a fragment in the fragment itself. */
function inOriginal(
  origins: readonly Origin[],
  locate: (path: readonly string[]) => Position,
): (path: readonly string[]) => Position {
  if (origins.length === 0) return locate;
  const byCopy = new Map(origins.map(({ copy, fragment }) => [copy.join('\0'), fragment]));
  return (path) => {
    for (let length = path.length; length > 0; length--) {
      const fragment = byCopy.get(path.slice(0, length).join('\0'));
      if (fragment) return locate([...fragment, ...path.slice(length)]);
    }
    return locate(path);
  };
}
