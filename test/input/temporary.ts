import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { load } from '../../lib/input/load';
import type { Loaded, LoadError } from '../../lib/input/loaded-template';

const created: string[] = [];

afterAll(() => created.forEach((directory) => rmSync(directory, { recursive: true, force: true })));

/** Creates a directory with files, by their paths. Objects are written as JSON. */
export function directoryWith(files: Readonly<Record<string, string | Uint8Array | object>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'load-'));
  created.push(directory);
  for (const [path, content] of Object.entries(files)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    const isText = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(file, isText ? content : JSON.stringify(content, undefined, 1));
  }
  return directory;
}

/** Loads the template in a text. */
export function loaded(text: string): Loaded {
  return load(['-'], { readStdin: () => text });
}

/** Returns the template in a text without errors. */
export function template(text: string): unknown {
  const { templates, errors } = loaded(text);
  expect(errors).toEqual([]);
  return templates[0].template;
}

/** Returns the template in a text, with the warnings. */
export function withWarnings(text: string): { template: unknown; warnings: string[] } {
  const { templates, errors, warnings = [] } = loaded(text);
  expect(errors).toEqual([]);
  return { template: templates[0].template, warnings: lines(warnings) };
}

/** Formats errors as the command prints them, with paths relative to the directory. */
export function lines(errors: readonly LoadError[], directory = ''): string[] {
  return errors.map(({ file, line, column, message }) => {
    const name = directory === '' ? file : relative(directory, file).split(sep).join('/');
    return line === undefined ? `${name}: ${message}` : `${name}:${line}:${column}: ${message}`;
  });
}

/** Returns the IDs of templates, relative to the directory. */
export function ids({ templates }: Loaded, directory: string): string[] {
  return templates.map(({ id }) => relative(directory, id).split(sep).join('/'));
}

/** A minimal template. */
export const TEMPLATE = { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } };
