/** Writes API.md: the members that this package declares, with a link to the reference of the CDK for the inherited ones. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type ClassSchema, Documentation, Language, MarkdownRenderer, type StructSchema } from 'jsii-docgen';

const PROJECT = join(__dirname, '..');

const REFERENCES: Readonly<Record<string, (type: string) => string>> = {
  'aws-cdk-lib': (type) => `https://docs.aws.amazon.com/cdk/api/v2/docs/${type}.html`,
  constructs: (type) => `https://github.com/aws/constructs/blob/10.x/API.md#${type}`,
  'cdk-nag': (type) => `https://github.com/cdklabs/cdk-nag/blob/main/API.md#${type}`,
};

/** A type in the jsii assembly, which lists the members that the type declares itself. */
interface Type {
  readonly base?: string;
  readonly interfaces?: readonly string[];
  readonly methods?: readonly { readonly name: string }[];
  readonly properties?: readonly { readonly name: string }[];
}

interface Assembly {
  readonly types: Readonly<Record<string, Type | undefined>>;
}

const assembly = gunzipSync(readFileSync(join(PROJECT, '.jsii.gz'))).toString();
const { types } = JSON.parse(assembly) as Assembly;

/** The members that a type has from this package, and the types of other packages that it extends. */
function ownOf(name: string): { members: string[]; extended: string[] } {
  const type = types[name];
  if (type === undefined) return { members: [], extended: [name] };
  const { base = [], interfaces = [], methods = [], properties = [] } = type;
  const bases = [base, interfaces].flat().map(ownOf);
  return {
    members: [...methods, ...properties]
      .map((member) => member.name)
      .concat(bases.flatMap(({ members }) => members)),
    extended: [...new Set(bases.flatMap(({ extended }) => extended))],
  };
}

function link(type: string): string {
  const [packageName, ...names] = type.split('.');
  const reference = REFERENCES[packageName];
  if (reference === undefined) throw new Error(`Add the reference of ${packageName} to scripts/api-docs.ts.`);
  return `[\`${names.join('.')}\`](${reference(type)})`;
}

/** Leaves out of a list what the type doesn't have from this package. */
function own<T extends { readonly id: string }>(type: string, listed: readonly T[]): T[] {
  const { members } = ownOf(type);
  return listed.filter(({ id }) => members.includes(id.slice(id.lastIndexOf('.') + 1)));
}

function withReference<T extends ClassSchema | StructSchema>({ id, docs, ...rest }: T) {
  const links = ownOf(id).extended.map(link);
  const inherited = `Extends ${links.join(' and ')}, whose members are not listed here.`;
  const remarks = [docs.remarks, ...(links.length > 0 ? [inherited] : [])].filter(Boolean).join('\n\n');
  return { ...rest, id, docs: { ...docs, remarks } };
}

function ownClass(schema: ClassSchema): ClassSchema {
  return {
    ...schema,
    ...withReference(schema),
    instanceMethods: own(schema.id, schema.instanceMethods),
    staticMethods: own(schema.id, schema.staticMethods),
    properties: own(schema.id, schema.properties),
    constants: own(schema.id, schema.constants),
  };
}

function ownStruct(schema: StructSchema): StructSchema {
  return { ...schema, ...withReference(schema), properties: own(schema.id, schema.properties) };
}

async function main(): Promise<void> {
  const documentation = await Documentation.forProject(PROJECT);
  const { content } = await documentation.toJson({ language: Language.TYPESCRIPT, allSubmodules: true });
  const { apiReference } = content;
  if (apiReference === undefined) throw new Error('jsii-docgen found no API.');
  const { constructs, classes, structs, interfaces, enums } = apiReference;
  if (interfaces.length > 0) throw new Error('scripts/api-docs.ts leaves nothing out of interfaces yet.');
  const markdown = MarkdownRenderer.fromSchema(
    {
      ...content,
      apiReference: {
        constructs: constructs.map(ownClass),
        classes: classes.map(ownClass),
        structs: structs.map(ownStruct),
        interfaces,
        enums,
      },
    },
    {},
  );
  writeFileSync(join(PROJECT, 'API.md'), markdown.render());
}

void main();
