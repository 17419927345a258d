import { parse } from 'yaml';
import type { TemplateSource } from '../../lib/cloudformation/template';
import { buildTracingModel } from '../../lib/model/build-model';
import type { Finding, Rule } from '../../lib/rules/rule';
import { atTheDoorAndChecked } from '../guard/door-and-command';

export type Resources = Record<string, unknown>;

/** Returns a rule's findings in templates of one deployment, one line each. */
export function findingsIn(rule: Rule, ...sources: readonly (TemplateSource | Resources)[]): string[] {
  return linesOf(rule.check(buildTracingModel(stacks(sources))));
}

/** Returns a rule's findings in templates that are compared with a baseline, one line each. */
export function findingsOnChange(
  rule: Rule,
  before: readonly (TemplateSource | Resources)[],
  after: readonly (TemplateSource | Resources)[],
): string[] {
  return linesOf(rule.check(buildTracingModel(stacks(after), stacks(before))));
}

/** Returns template sources; resources become a template each. */
export function stacks(sources: readonly (TemplateSource | Resources)[]): TemplateSource[] {
  return sources.map((source, i) => (isSource(source) ? source : stack(`template${i}`, source)));
}

/** Returns the location, message, fix and related resources of findings. */
export function describeFindings(findings: readonly Finding[]): string {
  return findings
    .flatMap(({ logicalId, property, severity, message, fix, related }) => [
      `  ${logicalId} ${property}${severity ? ` (${severity})` : ''}`,
      `    ${message}`,
      `    ${fix}`,
      ...(related.length > 0 ? [`    See also ${related.map((other) => other.logicalId).join(', ')}`] : []),
    ])
    .join('\n');
}

function linesOf(findings: readonly Finding[]): string[] {
  return findings.map(
    ({ resource, logicalId, property }) => `${resource.template.id} ${logicalId} ${property}`,
  );
}

/** Returns a template source with resources and other sections. */
export function stack(
  id: string,
  resources: Resources,
  { sections, ...source }: Partial<Omit<TemplateSource, 'id'>> & { sections?: object } = {},
): TemplateSource {
  return { id, template: { Resources: resources, ...sections }, ...source };
}

function isSource(source: TemplateSource | Resources): source is TemplateSource {
  return typeof source.id === 'string';
}

export function lambda(mode?: unknown, more: object = {}): { Type: string; Properties: object } {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: { ...(mode === undefined ? {} : { TracingConfig: { Mode: mode } }), ...more },
  };
}

/** Event sources: one that X-Ray does not support, and one that it supports. */
export const KAFKA = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123';
export const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:orders';

export function mapping(properties: object, functionName: unknown = { Ref: 'Fn' }, more: object = {}) {
  return {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: { FunctionName: functionName, ...properties },
    ...more,
  };
}

/** Returns a SAM function and more resources. */
export function serverless(properties: object, more: Resources = {}): Resources {
  return { Fn: { Type: 'AWS::Serverless::Function', Properties: properties }, ...more };
}

export function version(name: unknown = { Ref: 'Fn' }, more: object = {}) {
  return { Type: 'AWS::Lambda::Version', Properties: { FunctionName: name, ...more } };
}

/** Returns a CloudFront distribution that runs a function. */
export function distribution(arn: unknown, behavior = 'DefaultCacheBehavior') {
  const associations = {
    LambdaFunctionAssociations: [{ EventType: 'viewer-request', LambdaFunctionARN: arn }],
  };
  return {
    Type: 'AWS::CloudFront::Distribution',
    Properties: {
      DistributionConfig: { [behavior]: behavior === 'CacheBehaviors' ? [associations] : associations },
    },
  };
}

/** A mode that depends on a condition, and the section with the condition. */
export const IF_TRACED = { 'Fn::If': ['Traced', 'Active', 'PassThrough'] };
export const CONDITIONS = { sections: { Conditions: { Traced: { 'Fn::Equals': [{ Ref: 'T' }, 'yes'] } } } };

/** A test case: its name and the templates. */
export type Case = [name: string, ...templates: (TemplateSource | Resources)[]];

/** Tests a rule on templates without findings (valid), and on templates with the given findings (invalid). */
export function ruleTester(
  rule: Rule,
  cases: { valid: Case[]; invalid: [reported: string, ...Case][] },
): void {
  describe(rule.id, () => {
    test.each(cases.valid)('accepts %s', (_, ...templates) => {
      expect(findingsIn(rule, ...templates)).toEqual([]);
    });

    test.each(cases.invalid)('reports %s: %s', (reported, _, ...templates) => {
      const found = findingsIn(rule, ...templates).map((finding) => finding.replace(/^\S+ /, ''));
      expect(found).toEqual(reported.split(', '));
    });

    test('has a message and a fix for each finding', () => {
      const lines = cases.invalid.map(
        ([, name, ...templates]) =>
          `${name}\n${describeFindings(rule.check(buildTracingModel(stacks(templates))))}`,
      );
      expect(lines.join('\n\n')).toMatchSnapshot();
    });

    test('has the same findings at the door of an account', () => {
      const all = [...cases.valid.map(([, ...rest]) => rest), ...cases.invalid.map(([, , ...rest]) => rest)];
      const alone = all.filter(({ length }) => length === 1).map((sources) => stacks(sources)[0].template);
      alone.forEach((template, i) => {
        // As an update of another template, so that rules that compare apply.
        const [door, check] = atTheDoorAndChecked(template, alone[(i + 1) % alone.length]);
        expect(door).toEqual(check);
      });
    });

    test('declares the safety of its fixes', () => {
      const findings = cases.invalid.flatMap(([, , ...templates]) =>
        rule.check(buildTracingModel(stacks(templates))),
      );
      const offered = findings.flatMap(({ fixes = [] }) => fixes.map(({ safety }) => safety));
      expect(rule.repairs ?? []).toEqual(expect.arrayContaining(offered));
    });

    testExamples(rule);
  });
}

/** Tests the examples of a rule. */
export function testExamples(rule: Rule): void {
  test('reports its incorrect example, and not its correct one', () => {
    const example = (yaml: string) => stack('example', {}, { template: parseCloudFormation(yaml) });
    const { baseline, incorrect, correct } = rule.examples;
    const before = baseline === undefined ? [] : [example(baseline)];
    expect(findingsOnChange(rule, before, [example(incorrect)])).toHaveLength(1);
    expect(findingsOnChange(rule, before, [example(correct)])).toEqual([]);
  });
}

/** Parses YAML with the short forms of intrinsic functions that the examples use. */
export function parseCloudFormation(text: string): unknown {
  const short = (tag: string, name: string, convert: (value: string) => unknown) => ({
    tag,
    resolve: (value: string) => ({ [name]: convert(value) }),
  });
  return parse(text, {
    customTags: [
      short('!Ref', 'Ref', (value) => value),
      short('!Sub', 'Fn::Sub', (value) => value),
      short('!GetAtt', 'Fn::GetAtt', (value) => value.split('.')),
    ],
  });
}
