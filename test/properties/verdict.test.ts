import fc from 'fast-check';
import { checkModel, type CheckedFinding } from '../../lib/checker/check';
import type { TemplateSource } from '../../lib/cloudformation/template';
import { load } from '../../lib/input/load';
import { buildTracingModel } from '../../lib/model/build-model';
import { directoryWith } from '../input/temporary';
import { Choices } from './choices';
import { expectedVerdict, PREDICTED } from './expected-verdict';
import { checkAlways } from './replayable';
import { SYSTEM } from './system';
import { FORMATS } from './template-formats';
import { CHOICES, UNPLACED, WRITING, WRITTEN, written } from './written-system';

/** What is found, whatever the templates are called that it is in: a line a finding. */
function verdict(sources: readonly TemplateSource[]): string[] {
  return lines(sources, ({ rule, logicalId }) => `${shortOf(rule.id)} ${logicalId}`);
}

/** What is found, word by word. */
function findings(sources: readonly TemplateSource[]): string[] {
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
  return checkModel(buildTracingModel(sources)).map(line).sort();
}

function shortOf(ruleId: string): string {
  return ruleId.replace('LambdaXRay-', '');
}

test('a system gets its verdict in every spelling', () => {
  checkAlways(
    fc.property(WRITTEN, ({ system, sources }) => {
      const predicted = verdict(sources).filter((line) =>
        PREDICTED.some((rule) => line.startsWith(`${rule} `)),
      );
      expect(predicted).toEqual(expectedVerdict(system));
    }),
    600,
  );
});

test('no rule goes by the spelling', () => {
  checkAlways(
    fc.property(WRITTEN, WRITING, ({ system, sources }, otherwise) => {
      expect(verdict(sources)).toEqual(verdict(written(system, otherwise)));
    }),
    300,
  );
});

test('no rule goes by how a system is split over templates', () => {
  checkAlways(
    fc.property(WRITTEN, ({ system, writing, sources }) => {
      expect(verdict(sources)).toEqual(verdict(written(system, { ...writing, templates: 1 })));
    }),
    300,
  );
});

test('no finding, and no word of it, goes by the order of resources, of templates, or of what is in them', () => {
  checkAlways(
    fc.property(WRITTEN, CHOICES, ({ sources }, choices) => {
      const order = new Choices(choices);
      const reordered = order
        .shuffled(sources)
        .map((source) => ({ ...source, template: shuffled(source.template, order) }));
      expect(findings(reordered)).toEqual(findings(sources));
    }),
    300,
  );
});

test('nothing changes for a system over itself in another order, with nothing left behind', () => {
  checkAlways(
    fc.property(WRITTEN, CHOICES, ({ sources }, choices) => {
      const before = new Choices(choices).shuffled(sources);
      const found = checkModel(buildTracingModel(sources, before)).map(({ rule }) => shortOf(rule.id));
      expect(found).not.toContain('VersionLock');
      expect(found.sort()).toEqual(verdict(sources).map((line) => line.split(' ')[0]));
    }),
    150,
  );
});

test('files of JSON and YAML, with short forms and without, are judged as their templates are', () => {
  checkAlways(
    fc.property(SYSTEM, UNPLACED, CHOICES, (system, writing, choices) => {
      const formats = new Choices(choices);
      const sources = written(system, writing);
      const files = sources.map(({ id, template }) => [id, formats.of(FORMATS)(template)]);
      const directory = directoryWith(Object.fromEntries(files) as Record<string, string>);
      const { templates, errors } = load([directory]);
      expect(errors).toEqual([]);
      expect(verdict(templates)).toEqual(verdict(sources));
    }),
    40,
  );
});

/** The same keys and values, with the keys in another order; not where the order of what is written down counts. */
function shuffled(template: unknown, order: Choices): unknown {
  const sections = Object.entries(template as Record<string, object>).map(([name, section]) => {
    return [name, Object.fromEntries(order.shuffled(Object.entries(section)))];
  });
  return Object.fromEntries(order.shuffled(sections));
}
