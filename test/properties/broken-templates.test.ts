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

test('a damaged template is checked', () => {
  checkAlways(
    fc.property(BROKEN, ({ sources }) => {
      expectValidFindings(sources, buildTracingModel(sources));
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

test('the trace map of a damaged template contains only its resources', () => {
  checkAlways(
    fc.property(BROKEN, ({ sources }) => {
      const model = buildTracingModel(sources);
      const { nodes, edges } = model.traceMap;
      const resources = new Set(model.resources);
      expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
      expect(nodes.filter(({ resource }) => resource && !resources.has(resource))).toEqual([]);
      const isDangling = ({ from, to, sources, through }: TraceEdge) =>
        !nodes.includes(from) ||
        !nodes.includes(to) ||
        ![...sources, ...through].every((resource) => resources.has(resource));
      expect(edges.filter(isDangling)).toEqual([]);
    }),
    300,
  );
});
