import { Document } from 'yaml';

/** Writers of a template in each file format. */
export const FORMATS: readonly ((template: unknown) => string)[] = [
  (template) => JSON.stringify(template, undefined, 2),
  (template) => new Document(template, { version: '1.1', aliasDuplicateObjects: false }).toString(),
  withShortForms,
];

/** Writes YAML in flow style, which is almost JSON: `{"Role": !GetAtt "Role.Arn"}`. */
function withShortForms(template: unknown): string {
  return `# CloudFormation\n${flow(template)}\n`;
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const [[name, argument] = [], ...others] = Object.entries(value);
  const short = name === undefined || others.length > 0 ? undefined : shortFormOf(name, argument);
  if (short !== undefined) return `${short} ${flow(argument)}`;
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${flow(member)}`);
  return `{${members.join(', ')}}`;
}

/** Returns the tag of an intrinsic function. Undefined if its argument has a tag, because YAML allows only one. */
function shortFormOf(name: string, argument: unknown): string | undefined {
  if (!/^(?:Ref|Condition|Fn::\w+)$/.test(name) || name === 'Fn::GetStackOutput') return undefined;
  const isPlain = typeof argument === 'string' || Array.isArray(argument);
  return isPlain ? `!${name.replace('Fn::', '')}` : undefined;
}
