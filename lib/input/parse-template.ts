import { isObject } from '../cloudformation/json';
import { expandLanguageExtensions, MAX_COPIES, type Origin } from '../cloudformation/language-extensions';
import type { Position } from './loaded-template';
import { parseJson } from './parse-json';
import type * as yamlText from './parse-yaml';
import { type Fault, type ParsedText, TextPositions } from './source-text';

/** A template's text, read. */
export interface ParsedTemplate {
  /** Plain JSON. Nothing where the text can't be read at all. */
  readonly template?: unknown;
  readonly errors: readonly (Position & { readonly message: string })[];
  readonly locate: (path: readonly string[]) => Position;
}

/** In characters. CloudFormation takes a megabyte; the YAML library takes 5 seconds, and most of a gigabyte of memory, for this. */
const MAX_YAML = 10_000_000;

/** Nobody reads more of one file, and the files after it are to be read about too. */
const MAX_FAULTS = 20;

const TOO_MUCH = `This loop becomes more than ${MAX_COPIES} copies, or more than can be held, so that no loop of the template is written out: shorten its collection.`;

/** Reads a text in JSON or YAML, with the loops of `AWS::LanguageExtensions` written out. */
export function parseTemplate(file: string, text: string): ParsedTemplate {
  const { value, faults, offsetOf } = parse(file, text);
  const positions = new TextPositions(text);
  const { template, origins, exceedsLimit } = expandLanguageExtensions(value);
  const all = exceedsLimit ? [...faults, { offset: offsetOf(exceedsLimit), message: TOO_MUCH }] : faults;
  const told = all.length > MAX_FAULTS ? [...all.slice(0, MAX_FAULTS), theOthers(all)] : all;
  return {
    template,
    errors: told.map(({ offset, message }) => ({ ...positions.at(offset), message })),
    locate: inOriginal(origins, (path) => positions.at(offsetOf(path))),
  };
}

/** Whether it is a template as far as one can tell. `Resources` is all that CloudFormation demands. */
export function isTemplate(value: unknown): boolean {
  return isObject(value) && (isObject(value.Resources) || 'AWSTemplateFormatVersion' in value);
}

/** Whether a text could be that of a template, without reading it. */
export function mayBeTemplate(text: string): boolean {
  return text.includes('Resources') || text.includes('AWSTemplateFormatVersion');
}

/** Whether a text that can't be read seems to be that of a template. */
export function looksLikeTemplate(text: string): boolean {
  return text.includes('AWSTemplateFormatVersion') || (text.includes('Resources') && text.includes('AWS::'));
}

/** By its content, since `.template` may be either. What looks like JSON and isn't may be YAML still, by any other name. */
function parse(file: string, text: string): ParsedText {
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
    const message = `This is ${size} of YAML, which is read up to ${MAX_YAML / 1e6} MB: convert it to JSON.`;
    return unread({ offset: 0, message });
  }
  // To load the YAML library takes longer than to read most templates, and for JSON it isn't needed.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { parseYaml } = require('./parse-yaml') as typeof yamlText;
  return parseYaml(text);
}

function unread(fault: Fault): ParsedText {
  return { faults: [fault], offsetOf: () => 0 };
}

function theOthers(faults: readonly Fault[]): Fault {
  const message = `From here on, there are ${faults.length - MAX_FAULTS} more faults in this file.`;
  return { offset: faults[MAX_FAULTS].offset, message };
}

/** Looks for what is in a copy of a fragment in the fragment. */
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
