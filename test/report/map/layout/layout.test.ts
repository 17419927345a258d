import { tracedSystem } from '../../../../bench/traced-system';
import { load } from '../../../../lib/input/load';
import type { MapDocument } from '../../../../lib/report/map/document';
import type { MapLayout, Diagram } from '../../../../lib/report/map/layout/diagram';
import { MAX_CARDS } from '../../../../lib/report/map/layout/groups';
import { layOut } from '../../../../lib/report/map/layout/layout';
import { MapIndex } from '../../../../lib/report/map/layout/units';
import { directoryWith } from '../../../input/temporary';
import { mapOf, mapOfTemplates, smallMap } from '../map-documents';

function systemOf(functions: number): MapDocument {
  const directory = directoryWith(Object.fromEntries(tracedSystem(functions)));
  return mapOfTemplates(load([directory]).templates);
}

/** Returns the cards of a diagram: units by name, groups in brackets. */
function cards({ cards: all }: Diagram, { groups }: MapLayout, index: MapIndex): string[] {
  return all.map(({ shows }) => {
    if ('unit' in shows) return index.units[shows.unit].node.name;
    return 'group' in shows ? `[${groups[shows.group].name}]` : `${shows.more} more`;
  });
}

function draw(document: MapDocument) {
  const index = new MapIndex(document);
  const layout = layOut(index);
  const named = (name: string) => layout.diagrams[layout.groups.findIndex((group) => group.name === name)];
  return { index, layout, named, on: (diagram: Diagram) => cards(diagram, layout, index) };
}

/** A stack that calls a function of another stack. */
const CALLING = `Resources:
  Front:
    Type: AWS::Lambda::Function
    Properties: { Role: !GetAtt FrontRole.Arn }
  FrontRole:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: Call
          PolicyDocument:
            Statement: [{ Effect: Allow, Action: lambda:InvokeFunction, Resource: !ImportValue Back }]
`;
const CALLED = `Resources:
  Back: { Type: AWS::Lambda::Function }
Outputs:
  Back: { Value: !GetAtt Back.Arn, Export: { Name: Back } }
`;

test('a small system starts with all stacks expanded', () => {
  const { layout, on } = draw(smallMap());
  const start = layout.diagrams[layout.start];
  expect(start.isExpanded).toBe(true);
  expect(on(start).sort()).toEqual([
    'Api',
    'Changes',
    'Consumer',
    'Intake',
    'Jobs',
    'Table',
    'Worker',
    'parcels',
  ]);
  expect(start.frames.map(({ group }) => layout.groups[group].name).sort()).toEqual([
    'orders.yaml',
    'shipping.yaml',
  ]);
});

test('a single stack is not collapsed', () => {
  const { layout } = draw(mapOf({ 'one.yaml': CALLED }));
  expect(layout.groups[layout.diagrams[layout.start].group].name).toBe('one.yaml');
});

test('an empty map has an empty diagram', () => {
  const { layout } = draw(mapOf({}));
  expect(layout.diagrams[layout.start].cards).toEqual([]);
});

test('a stack is shown with collapsed neighbors and external nodes', () => {
  const { named, on } = draw(mapOf({ 'front.yaml': CALLING, 'back.yaml': CALLED }));
  expect(on(named('front.yaml'))).toEqual(['Front', '[back.yaml]']);
  expect(on(named('back.yaml'))).toEqual(['Back', '[front.yaml]']);
  expect(on(named('All stacks'))).toEqual(['[front.yaml]', '[back.yaml]']);
  const small = draw(smallMap());
  expect(small.on(small.named('shipping.yaml'))).toEqual(['Consumer', 'parcels']);
});

describe('a system of 300 functions', () => {
  const { layout, index } = draw(systemOf(300));

  test('starts with collapsed stacks', () => {
    expect(layout.start).toBe(0);
    const stacks = layout.groups.filter(({ kind }) => kind === 'stack');
    expect(stacks).toHaveLength(6);
    expect(stacks.map(({ summary }) => summary.functions)).toEqual([50, 50, 50, 50, 50, 50]);
  });

  test('has each unit in one group, and on its diagram', () => {
    layout.groupOf.forEach((group, unit) => {
      expect(layout.diagrams[group].cards.map(({ shows }) => shows)).toContainEqual({ unit });
    });
  });

  test('has cards that do not overlap', () => {
    for (const { cards: all, width, height } of layout.diagrams) {
      for (const [i, a] of all.entries()) {
        expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= width && a.y + a.height <= height).toBe(true);
        const isOverlapping = all
          .slice(i + 1)
          .some(
            (b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height,
          );
        expect(isOverlapping).toBe(false);
      }
    }
  });

  test('shows each call on a diagram, with lines from card to card', () => {
    const drawn = new Set(
      layout.diagrams.flatMap(({ edges: drawnEdges }) => drawnEdges.flatMap(({ edges }) => edges)),
    );
    expect(index.edges.every((edge) => drawn.has(edge.index))).toBe(true);
    for (const { edges, cards: all } of layout.diagrams) {
      for (const { from, to, points } of edges) {
        const [start, end] = [points[0], points[points.length - 1]];
        expect([all[from].x, all[from].x + all[from].width]).toContain(start.x);
        expect([all[to].x, all[to].x + all[to].width]).toContain(end.x);
      }
    }
  });
});

test('a sparse overview has no edges, but the number of hidden calls', () => {
  const callers = Array.from({ length: 40 }, (_, i): [string, string] => [
    `caller${i}.yaml`,
    CALLING.replaceAll('Front', `Front${i}`),
  ]);
  const { layout, on } = draw(mapOf({ 'back.yaml': CALLED, ...Object.fromEntries(callers) }));
  const [overview] = layout.diagrams;
  expect(on(overview)).toHaveLength(41);
  expect(overview.edges).toEqual([]);
  expect(overview.hidden).toBe(40);
  expect(overview.height).toBeLessThan(overview.width);
});

describe('a single stack with a cycle of 600 functions', () => {
  const resources = Object.fromEntries<object>(
    Array.from({ length: 600 }, (_, i): [string, object][] => [
      [
        `Fn${i}`,
        { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': [`Role${i}`, 'Arn'] } } },
      ],
      [`Role${i}`, roleThatCalls({ 'Fn::GetAtt': [`Fn${(i + 1) % 600}`, 'Arn'] })],
    ]).flat(),
  );
  const { layout, on, named } = draw(
    mapOfTemplates([{ id: 'one', file: 'one', template: { Resources: resources } }]),
  );

  test('is split into parts', () => {
    expect(on(named('one'))).toEqual([1, 2, 3, 4, 5].map((part) => `[one (${part} of 5)]`));
    expect(on(named('one (1 of 5)')).filter((name) => name.startsWith('['))).not.toEqual([]);
  });

  test('has no diagram with too many cards', () => {
    const own = layout.diagrams.map(({ cards: all }) => all.filter(({ isNeighbor }) => !isNeighbor).length);
    expect(Math.max(...own)).toBeLessThanOrEqual(MAX_CARDS);
  });
});

function roleThatCalls(Resource: object): object {
  const Statement = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource };
  const Policies = [{ PolicyName: 'Call', PolicyDocument: { Statement } }];
  return { Type: 'AWS::IAM::Role', Properties: { Policies } };
}

describe('a self-call', () => {
  const self = `Resources:
  Recurse:
    Type: AWS::Lambda::Function
    Properties: { FunctionName: recurse, Role: !GetAtt Role.Arn }
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: Call
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: lambda:InvokeFunction, Resource: !Sub 'arn:aws:lambda:*:*:function:recurse' }
`;

  test.each([
    ['alone', { 'one.yaml': self }],
    ['among others', { 'one.yaml': self, 'front.yaml': CALLING, 'back.yaml': CALLED }],
  ])('goes around its card, within the diagram: %s', (_, files) => {
    const { layout, named } = draw(mapOf(files));
    const { cards: all, edges, width, height } = named('one.yaml') ?? layout.diagrams[layout.start];
    const { points, middle } = edges.find(({ from, to }) => from === to)!;
    const { x, y, ...size } = all[edges.find(({ from, to }) => from === to)!.from];
    const [left, right, bottom] = [x, x + size.width, y + size.height];
    expect([points[0].x, points.at(-1)!.x]).toEqual([right, left]);
    for (const point of points) {
      expect(point.x >= 0 && point.x <= width && point.y >= 0 && point.y <= height).toBe(true);
      expect(point.x > left && point.x < right && point.y > y && point.y < bottom).toBe(false);
    }
    expect(middle.y).toBeGreaterThan(bottom);
  });
});
