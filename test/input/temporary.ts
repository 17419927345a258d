import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { load } from '../../lib/input/load';
import type { Loaded, LoadError } from '../../lib/input/loaded-template';

const made: string[] = [];

afterAll(() => made.forEach((directory) => rmSync(directory, { recursive: true, force: true })));

/** A directory with files in it, by their paths: text, or what is to be written as JSON. */
export function directoryWith(files: Readonly<Record<string, string | Uint8Array | object>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'load-'));
  made.push(directory);
  for (const [path, content] of Object.entries(files)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    const isText = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(file, isText ? content : JSON.stringify(content, undefined, 1));
  }
  return directory;
}

/** What is in a text. */
export function loaded(text: string): Loaded {
  return load(['-'], { readStdin: () => text });
}

/** The template in a text that has nothing wrong in it. */
export function template(text: string): unknown {
  const { templates, errors } = loaded(text);
  expect(errors).toEqual([]);
  return templates[0].template;
}

/** Errors as they are printed, a line each, with files by their paths in the directory. */
export function lines(errors: readonly LoadError[], directory = ''): string[] {
  return errors.map(({ file, line, column, message }) => {
    const name = directory === '' ? file : relative(directory, file).split(sep).join('/');
    return line === undefined ? `${name}: ${message}` : `${name}:${line}:${column}: ${message}`;
  });
}

/** What was loaded from the directory, by their IDs in it. */
export function ids({ templates }: Loaded, directory: string): string[] {
  return templates.map(({ id }) => relative(directory, id).split(sep).join('/'));
}

/** A template that is one. */
export const TEMPLATE = { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } };
