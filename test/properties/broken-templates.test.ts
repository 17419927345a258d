import fc from 'fast-check';
import { checkModel } from '../../lib/checker/check';
import type { Resource, TemplateSource } from '../../lib/cloudformation/template';
import { buildTracingModel } from '../../lib/model/build-model';
import type { TracingModel } from '../../lib/model/tracing-model';
import type { TraceEdge } from '../../lib/trace-map/trace-map';
import { damaged, DAMAGES } from './junk';
import { checkAlways } from './replayable';
import { WRITTEN } from './written-system';

const BROKEN = fc
  .tuple(WRITTEN, DAMAGES)
  .map(([{ sources }, damages]) => ({ sources: damaged(sources, damages), original: sources }))
  .map((value) => ({ ...value, [fc.toStringMethod]: () => JSON.stringify(value.sources, undefined, 1) }));

/** Expects findings on existing resources, with valid texts. */
function expectValidFindings(sources: readonly TemplateSource[], model: TracingModel): void {
  const templates = new Map(sources.map(({ id, template }) => [id, template]));
  const exists = ({ template, logicalId, type }: Resource) => {
    const resources = (templates.get(template.id) as { Resources: Record<string, { Type: string }> })
      .Resources;
    return Object.hasOwn(resources, logicalId) && resources[logicalId].Type === type;
  };
  const wrong = checkModel(model).filter(
    ({ resource, related, logicalId, property, message, fix }) =>
      ![resource, ...related].every(exists) ||
      !logicalId.startsWith(resource.logicalId) ||
      /undefined|\[object/.test(`${property} ${message} ${fix}`),
  );
  expect(wrong).toEqual([]);
}

/** Expects that the map has existing resources only, and edges between its nodes. */
function expectValidMap({ resources, traceMap: { nodes, edges } }: TracingModel): void {
  const existing = new Set(resources);
  expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
  expect(nodes.filter(({ resource }) => resource && !existing.has(resource))).toEqual([]);
  const isDangling = ({ from, to, sources, through }: TraceEdge) =>
    !nodes.includes(from) ||
    !nodes.includes(to) ||
    ![...sources, ...through].every((resource) => existing.has(resource));
  expect(edges.filter(isDangling)).toEqual([]);
}

test('a damaged template is checked, and has a trace map', () => {
  checkAlways(
    fc.property(BROKEN, ({ sources }) => {
      const model = buildTracingModel(sources);
      expectValidFindings(sources, model);
      expectValidMap(model);
    }),
    600,
  );
});

test('a damaged template is compared with its baseline, and a template with a damaged baseline', () => {
  checkAlways(
    fc.property(BROKEN, ({ sources, original }) => {
      expectValidFindings(original, buildTracingModel(original, sources));
      expectValidFindings(sources, buildTracingModel(sources, original));
    }),
    250,
  );
});
