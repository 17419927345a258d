import { Composer, type CST, type Document, Lexer, Parser } from 'yaml';
import { type Fault, MAX_DEPTH, type ParsedText, TOO_DEEP } from './parsed-text';
import { FaultError, YamlValues } from './yaml-values';
import { YamlOffsets } from './yaml-offsets';

/**
 * Reads YAML as CloudFormation does: short forms, anchors, merge keys. Needs the YAML library, which takes longer to
 * load than all the rest: a run that meets JSON only does without this file.
 */
export function parseYaml(text: string): ParsedText {
  let offsets: YamlOffsets | undefined;
  const offsetOf = (path: readonly string[]) => offsets?.offsetOf(path) ?? 0;
  try {
    const document = compose(text);
    offsets = new YamlOffsets(document.contents);
    const values = new YamlValues();
    return { value: values.of(document.contents), faults: values.faults, offsetOf };
  } catch (error) {
    return { faults: [error instanceof FaultError ? error.fault : surprise(error as Error)], offsetOf };
  }
}

/**
 * The library's own `parseDocument` calls itself once a level and has no limit: text that is nested deep enough ends
 * the process, before an exception can be caught. So its parts are put together here, with a look at the depth.
 * Its check of keys is left out too: it compares each with each.
 */
function compose(text: string): Document.Parsed {
  const composer = new Composer({ schema: 'core', merge: false, uniqueKeys: false, prettyErrors: false });
  const [document, another] = withoutStacks(() => {
    const [first, second] = composer.compose(tokens(text), true, text.length);
    return [first, second];
  });
  const [error] = document.errors;
  if (error) throw new FaultError({ offset: error.pos[0], message: sentence(error.message) });
  if (another) {
    const message =
      'A second YAML document starts here, and a template is one: put it into a file of its own.';
    throw new FaultError({ offset: another.range[0], message });
  }
  return document;
}

/** One a document, and few beside: to hand them on one by one, as they come, takes a fifth longer. */
function tokens(text: string): CST.Token[] {
  const parser = new Parser();
  const parsed: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) parsed.push(token);
    if (parser.stack.length > MAX_DEPTH) throw new FaultError({ offset: parser.offset, message: TOO_DEEP });
  }
  for (const token of parser.end()) parsed.push(token);
  return parsed;
}

/** The library makes an error of each short form of a function, as a warning that nobody reads. Its stack takes time. */
function withoutStacks<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Text by which somebody means harm must not end a run, even if it finds a hole in the library. */
function surprise(error: Error): Fault {
  return { offset: 0, message: error instanceof RangeError ? TOO_DEEP : sentence(error.message) };
}

function sentence(message: string): string {
  const [line] = message.split('\n');
  return `This is not valid YAML: ${line.charAt(0).toLowerCase()}${line.slice(1).replace(/[.:]$/, '')}.`;
}
