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

/** What is on a picture: units by their names, groups in brackets. */
function cards({ cards: all }: Diagram, { groups }: MapLayout, index: MapIndex): string[] {
  return all.map(({ shows }) => {
    if ('unit' in shows) return index.units[shows.unit].node.name;
    return 'group' in shows ? `[${groups[shows.group].name}]` : `${shows.more} more`;
  });
}

function draw(document: MapDocument) {
  const index = new MapIndex(document);
  const atlas = layOut(index);
  const named = (name: string) => atlas.diagrams[atlas.groups.findIndex((group) => group.name === name)];
  return { index, atlas, named, on: (picture: Diagram) => cards(picture, atlas, index) };
}

/** Another stack calls a function of the first one. */
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

test('a small system begins with all of its stacks unfolded', () => {
  const { atlas, on } = draw(smallMap());
  const start = atlas.diagrams[atlas.start];
  expect(start.isUnfolded).toBe(true);
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
  expect(start.frames.map(({ group }) => atlas.groups[group].name).sort()).toEqual([
    'orders.yaml',
    'shipping.yaml',
  ]);
});

test('the only stack is no box', () => {
  const { atlas } = draw(mapOf({ 'one.yaml': CALLED }));
  expect(atlas.groups[atlas.diagrams[atlas.start].group].name).toBe('one.yaml');
});

test('nothing at all is drawn too', () => {
  const { atlas } = draw(mapOf({}));
  expect(atlas.diagrams[atlas.start].cards).toEqual([]);
});

test('a stack is shown with its neighbours, folded, and with what is outside', () => {
  const { named, on } = draw(mapOf({ 'front.yaml': CALLING, 'back.yaml': CALLED }));
  expect(on(named('front.yaml'))).toEqual(['Front', '[back.yaml]']);
  expect(on(named('back.yaml'))).toEqual(['Back', '[front.yaml]']);
  expect(on(named('All stacks'))).toEqual(['[front.yaml]', '[back.yaml]']);
  const small = draw(smallMap());
  expect(small.on(small.named('shipping.yaml'))).toEqual(['Consumer', 'parcels']);
});

describe('300 functions', () => {
  const { atlas, index } = draw(systemOf(300));

  test('begin with their stacks', () => {
    expect(atlas.start).toBe(0);
    const stacks = atlas.groups.filter(({ kind }) => kind === 'stack');
    expect(stacks).toHaveLength(6);
    expect(stacks.map(({ summary }) => summary.functions)).toEqual([50, 50, 50, 50, 50, 50]);
  });

  test('are each in one group, and on its picture', () => {
    atlas.groupOf.forEach((group, unit) => {
      expect(atlas.diagrams[group].cards.map(({ shows }) => shows)).toContainEqual({ unit });
    });
  });

  test('do not lie on each other', () => {
    for (const { cards: all, width, height } of atlas.diagrams) {
      for (const [i, a] of all.entries()) {
        expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= width && a.y + a.height <= height).toBe(true);
        const isOn = all
          .slice(i + 1)
          .some(
            (b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height,
          );
        expect(isOn).toBe(false);
      }
    }
  });

  test('have all their calls on some picture, and lines from card to card', () => {
    const drawn = new Set(atlas.diagrams.flatMap(({ edges: wires }) => wires.flatMap(({ edges }) => edges)));
    expect(index.edges.every((edge) => drawn.has(edge.index))).toBe(true);
    for (const { edges, cards: all } of atlas.diagrams) {
      for (const { from, to, points } of edges) {
        const [start, end] = [points[0], points[points.length - 1]];
        expect([all[from].x, all[from].x + all[from].width]).toContain(start.x);
        expect([all[to].x, all[to].x + all[to].width]).toContain(end.x);
      }
    }
  });
});

test('an overview that lines would tear apart goes without them, and says so', () => {
  const callers = Array.from({ length: 40 }, (_, i): [string, string] => [
    `caller${i}.yaml`,
    CALLING.replaceAll('Front', `Front${i}`),
  ]);
  const { atlas, on } = draw(mapOf({ 'back.yaml': CALLED, ...Object.fromEntries(callers) }));
  const [overview] = atlas.diagrams;
  expect(on(overview)).toHaveLength(41);
  expect(overview.edges).toEqual([]);
  expect(overview.hidden).toBe(40);
  expect(overview.height).toBeLessThan(overview.width);
});

describe('a single stack of 600 functions that call each other in a row', () => {
  const resources = Object.fromEntries<object>(
    Array.from({ length: 600 }, (_, i): [string, object][] => [
      [
        `Fn${i}`,
        { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': [`Role${i}`, 'Arn'] } } },
      ],
      [`Role${i}`, roleThatCalls({ 'Fn::GetAtt': [`Fn${(i + 1) % 600}`, 'Arn'] })],
    ]).flat(),
  );
  const { atlas, on, named } = draw(
    mapOfTemplates([{ id: 'one', file: 'one', template: { Resources: resources } }]),
  );

  test('is folded into parts', () => {
    expect(on(named('one'))).toEqual([1, 2, 3, 4, 5].map((part) => `[one (${part} of 5)]`));
    expect(on(named('one (1 of 5)')).filter((name) => name.startsWith('['))).not.toEqual([]);
  });

  test('has no picture that is too large', () => {
    const own = atlas.diagrams.map(({ cards: all }) => all.filter(({ isNeighbour }) => !isNeighbour).length);
    expect(Math.max(...own)).toBeLessThanOrEqual(MAX_CARDS);
  });
});

function roleThatCalls(Resource: object): object {
  const Statement = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource };
  const Policies = [{ PolicyName: 'Call', PolicyDocument: { Statement } }];
  return { Type: 'AWS::IAM::Role', Properties: { Policies } };
}

describe('a call to oneself', () => {
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
  ])('goes round its card, inside the picture: %s', (_, files) => {
    const { atlas, named } = draw(mapOf(files));
    const { cards: all, edges, width, height } = named('one.yaml') ?? atlas.diagrams[atlas.start];
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
