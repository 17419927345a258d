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

/** Findings are about resources that are there, in words. */
function expectJudged(sources: readonly TemplateSource[], model: TracingModel): void {
  const templates = new Map(sources.map(({ id, template }) => [id, template]));
  const isThere = ({ template, logicalId, type }: Resource) => {
    const resources = (templates.get(template.id) as { Resources: Record<string, { Type: string }> })
      .Resources;
    return Object.hasOwn(resources, logicalId) && resources[logicalId].Type === type;
  };
  const wrong = checkModel(model).filter(
    ({ resource, related, logicalId, property, message, fix }) =>
      ![resource, ...related].every(isThere) ||
      !logicalId.startsWith(resource.logicalId) ||
      /undefined|\[object/.test(`${property} ${message} ${fix}`),
  );
  expect(wrong).toEqual([]);
}

test('whatever is broken in a template, it is judged', () => {
  checkAlways(
    fc.property(BROKEN, ({ sources }) => {
      expectJudged(sources, buildTracingModel(sources));
    }),
    600,
  );
});

test('whatever is broken in a template, or in its baseline, they are compared', () => {
  checkAlways(
    fc.property(BROKEN, ({ sources, original }) => {
      expectJudged(original, buildTracingModel(original, sources));
      expectJudged(sources, buildTracingModel(sources, original));
    }),
    250,
  );
});

test('whatever is broken in a template, its trace map is of what is there', () => {
  checkAlways(
    fc.property(BROKEN, ({ sources }) => {
      const model = buildTracingModel(sources);
      const { nodes, edges } = model.traceMap;
      const resources = new Set(model.resources);
      expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
      expect(nodes.filter(({ resource }) => resource && !resources.has(resource))).toEqual([]);
      const isLoose = ({ from, to, sources, through }: TraceEdge) =>
        !nodes.includes(from) ||
        !nodes.includes(to) ||
        ![...sources, ...through].every((resource) => resources.has(resource));
      expect(edges.filter(isLoose)).toEqual([]);
    }),
    300,
  );
});
