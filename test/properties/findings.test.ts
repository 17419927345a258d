import fc from 'fast-check';
import { checkModel, type CheckedFinding } from '../../lib/checker/check';
import type { TemplateSource } from '../../lib/cloudformation/template';
import { load } from '../../lib/input/load';
import { buildTracingModel } from '../../lib/model/build-model';
import { directoryWith } from '../input/temporary';
import { Choices } from './choices';
import { expectedFindings, PREDICTED } from './expected-findings';
import { checkAlways } from './replayable';
import { SYSTEM } from './system';
import { FORMATS } from './template-formats';
import { CHOICES, WITHOUT_ENVIRONMENT, WRITING, WRITTEN, written } from './written-system';

/** Returns a line for each finding, without the names of templates. */
function findings(sources: readonly TemplateSource[]): string[] {
  return lines(sources, ({ rule, logicalId }) => `${shortOf(rule.id)} ${logicalId}`);
}

/** Returns all fields of findings. */
function fullFindings(sources: readonly TemplateSource[]): string[] {
  return lines(sources, ({ rule, resource, logicalId, property, severity, message, fix, related }) =>
    JSON.stringify([
      rule.id,
      resource.template.id,
      logicalId,
      property,
      severity,
      message,
      fix,
      related.map((other) => other.logicalId).sort(),
    ]),
  );
}

function lines(sources: readonly TemplateSource[], line: (finding: CheckedFinding) => string): string[] {
  return ofEachRule(checkModel(buildTracingModel(sources)))
    .map(line)
    .sort();
}

/** Returns the findings, and those that they stand for. */
function ofEachRule(findings: readonly CheckedFinding[]): CheckedFinding[] {
  return findings.flatMap((finding) => [finding, ...(finding.sameCause ?? [])]);
}

function shortOf(ruleId: string): string {
  return ruleId.replace('LambdaXRay-', '');
}

test('a system has its predicted findings in every spelling', () => {
  checkAlways(
    fc.property(WRITTEN, ({ system, sources }) => {
      const predicted = findings(sources).filter((line) =>
        PREDICTED.some((rule) => line.startsWith(`${rule} `)),
      );
      expect(predicted).toEqual(expectedFindings(system));
    }),
    600,
  );
});

test('findings do not depend on the spelling, nor on the split into templates', () => {
  checkAlways(
    fc.property(WRITTEN, WRITING, ({ system, writing, sources }, otherwise) => {
      const expected = findings(sources);
      expect(findings(written(system, otherwise))).toEqual(expected);
      expect(findings(written(system, { ...writing, templates: 1 }))).toEqual(expected);
    }),
    300,
  );
});

test('findings and their texts do not depend on the order of templates and resources', () => {
  checkAlways(
    fc.property(WRITTEN, CHOICES, ({ sources }, choices) => {
      const order = new Choices(choices);
      const reordered = order
        .shuffled(sources)
        .map((source) => ({ ...source, template: shuffled(source.template, order) }));
      expect(fullFindings(reordered)).toEqual(fullFindings(sources));
    }),
    300,
  );
});

test('a reordered baseline of the same system changes no findings', () => {
  checkAlways(
    fc.property(WRITTEN, CHOICES, ({ sources }, choices) => {
      const before = new Choices(choices).shuffled(sources);
      const checked = checkModel(buildTracingModel(sources, before));
      const found = ofEachRule(checked).map(({ rule }) => shortOf(rule.id));
      expect(found).not.toContain('VersionLock');
      expect(found.sort()).toEqual(findings(sources).map((line) => line.split(' ')[0]));
    }),
    150,
  );
});

test('JSON and YAML files, with and without short forms, have the findings of their templates', () => {
  checkAlways(
    fc.property(SYSTEM, WITHOUT_ENVIRONMENT, CHOICES, (system, writing, choices) => {
      const formats = new Choices(choices);
      const sources = written(system, writing);
      const files = sources.map(({ id, template }) => [id, formats.of(FORMATS)(template)]);
      const directory = directoryWith(Object.fromEntries(files) as Record<string, string>);
      const { templates, errors } = load([directory]);
      expect(errors).toEqual([]);
      expect(findings(templates)).toEqual(findings(sources));
    }),
    40,
  );
});

/** Shuffles sections and their entries. The order of keys below is kept, because it can be significant. */
function shuffled(template: unknown, order: Choices): unknown {
  const sections = Object.entries(template as Record<string, object>).map(([name, section]) => {
    return [name, Object.fromEntries(order.shuffled(Object.entries(section)))];
  });
  return Object.fromEntries(order.shuffled(sections));
}
