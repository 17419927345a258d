import fc from 'fast-check';
import type { TemplateSource } from '../../lib/cloudformation/template';

/** Values that replace parts of a template, like mistakes of people or tools. */
const JUNK: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(null, true, 0, -1, 1e308, '', [], {}, '${', '${}', ':', 'arn:'),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(
      { Ref: 'Function0' },
      { Ref: 'Role0' },
      { Ref: 'Alias0' },
      { Ref: 'AWS::NoValue' },
      { Ref: 7 },
      { Ref: '__proto__' },
      { 'Fn::GetAtt': [] },
      { 'Fn::GetAtt': ['Function0', { Ref: 'Stage' }] },
      { 'Fn::GetAtt': ['Nested1', 'Outputs.constructor'] },
      { 'Fn::If': ['Perhaps'] },
      { 'Fn::If': [null, 'Active', ['Active']] },
      { 'Fn::Join': [',', { Ref: 'Stage' }] },
      { 'Fn::Select': ['x', { 'Fn::Split': [':', { Ref: 'Alias0' }] }] },
      { 'Fn::Sub': ['${a}${Function0}${!b}', null] },
      { 'Fn::FindInMap': ['Mapping0', 'toString', { Ref: 'Stage' }] },
      { 'Fn::ImportValue': { 'Fn::ImportValue': 'from0-Output0' } },
      { 'Fn::Transform': { Name: 'AWS::Include' } },
      { Ref: 'Function0', 'Fn::Sub': 'both' },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'AWS::Lambda::Function',
      'AWS::Serverless::Function',
      'AWS::Lambda::Alias',
      'AWS::IAM::Role',
      'AWS::IAM::Policy',
      'AWS::ApiGateway::Method',
      'AWS::StepFunctions::StateMachine',
      'AWS::CloudFormation::Stack',
      'AWS::CloudFront::Distribution',
    ),
  },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

/** A change of a node of a template. */
export interface Damage {
  /** Number of the node, counted through all templates. */
  readonly node: number;
  readonly change: { readonly junk: unknown } | 'removal' | { readonly copyOf: number };
}

export const DAMAGES: fc.Arbitrary<Damage[]> = fc.array(
  fc.record({
    node: fc.nat(9_999),
    change: fc.oneof(
      { weight: 4, arbitrary: fc.record({ junk: JUNK }) },
      { weight: 1, arbitrary: fc.constant('removal' as const) },
      { weight: 3, arbitrary: fc.record({ copyOf: fc.nat(9_999) }) },
    ),
  }),
  { minLength: 1, maxLength: 5 },
);

/** Replaces nodes of templates with junk or other nodes, or removes them. */
export function damaged(sources: readonly TemplateSource[], damages: readonly Damage[]): TemplateSource[] {
  return damages.reduce<TemplateSource[]>((found, damage) => damagedOnce(found, damage), [...sources]);
}

function damagedOnce(sources: readonly TemplateSource[], { node, change }: Damage): TemplateSource[] {
  const nodes = sources.flatMap((source) => pathsIn(source.template).map((path) => ({ source, path })));
  const selected = nodes[node % nodes.length];
  const replacement = () => {
    if (change === 'removal') return undefined;
    if ('junk' in change) return change.junk;
    const other = nodes[change.copyOf % nodes.length];
    return at(other.source.template, other.path);
  };
  return sources.map((source) =>
    source === selected.source
      ? { ...source, template: replaced(source.template, selected.path, replacement()) }
      : source,
  );
}

function pathsIn(value: unknown, path: readonly string[] = [], found: (readonly string[])[] = []) {
  found.push(path);
  if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) pathsIn(child, [...path, key], found);
  }
  return found;
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce((found, key) => (found as Record<string, unknown>)[key], value);
}

function replaced(value: unknown, [key, ...path]: readonly string[], replacement: unknown): unknown {
  if (key === undefined) return replacement;
  const changed = (name: string, child: unknown): [string, unknown][] => {
    if (name !== key) return [[name, child]];
    const value = replaced(child, path, replacement);
    return value === undefined ? [] : [[name, value]];
  };
  const entries = Object.entries(value as object).flatMap(([name, child]) => changed(name, child));
  return Array.isArray(value) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
}
