import { tracedSystem } from '../../../../bench/traced-system';
import { load } from '../../../../lib/input/load';
import type { MapDocument } from '../../../../lib/report/map/document';
import { type Diagram, diagramOf } from '../../../../lib/report/map/layout/diagram';
import { layOut } from '../../../../lib/report/map/layout/layout';
import { MapIndex } from '../../../../lib/report/map/layout/units';
import { directoryWith } from '../../../input/temporary';
import { mapOf, mapOfTemplates, SMALL_FILES, smallMap } from '../map-documents';

function systemOf(functions: number): MapDocument {
  const directory = directoryWith(Object.fromEntries(tracedSystem(functions)));
  return mapOfTemplates(load([directory]).templates);
}

function draw(document: MapDocument) {
  const index = new MapIndex(document);
  const layout = layOut(index);
  const names = layout.groups.map(({ name }) => name);
  return {
    index,
    layout,
    /** Returns the initial diagram. */
    initial: () => diagramOf(layout, index, new Set(layout.isExpanded ? layout.groups.keys() : [])),
    /** Returns the diagram with some stacks expanded. */
    with: (...expanded: string[]) =>
      diagramOf(layout, index, new Set(expanded.map((name) => names.indexOf(name)))),
    /** Returns the cards of a diagram: units by name, groups in brackets. */
    on: ({ cards }: Diagram) =>
      cards.map(({ shows }) => ('unit' in shows ? index.labelOf(shows.unit) : `[${names[shows.group]}]`)),
  };
}

/** Expects cards within the diagram that do not overlap, and lines from card to card. */
function expectToBeTidy({ cards, frames, edges, width, height }: Diagram): void {
  for (const [i, a] of cards.entries()) {
    expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= width && a.y + a.height <= height).toBe(true);
    const isOverlapping = cards
      .slice(i + 1)
      .some(
        (b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height,
      );
    expect(isOverlapping).toBe(false);
  }
  for (const [i, a] of frames.entries()) {
    const others = frames.slice(i + 1);
    expect(
      others.some(
        (b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height,
      ),
    ).toBe(false);
  }
  for (const { from, to, points, sides } of edges) {
    const [start, end] = [points[0], points[points.length - 1]];
    const [a, b] = [cards[from], cards[to]];
    const edgesOf = ({ x, y, width: w, height: h }: typeof a, isSide: boolean) =>
      isSide ? [x, x + w] : [y, y + h];
    expect(edgesOf(a, sides === 'both')).toContain(sides === 'both' ? start.x : start.y);
    expect(edgesOf(b, sides !== undefined)).toContain(sides ? end.x : end.y);
  }
}

test('a small system has all nodes, in the frames of their stacks', () => {
  const { layout, on, ...drawn } = draw(smallMap());
  const diagram = drawn.initial();
  expect(on(diagram)).toEqual(['Intake', 'Worker', 'Changes', 'Api', 'Jobs', 'Table', 'Consumer', 'parcels']);
  expect(diagram.frames.map(({ group }) => layout.groups[group].name).sort()).toEqual([
    'orders.yaml',
    'shipping.yaml',
  ]);
  expectToBeTidy(diagram);
});

test('callers are above the functions that they call', () => {
  const diagram = draw(smallMap()).initial();
  for (const { from, to } of diagram.edges) expect(diagram.cards[from].y).toBeLessThan(diagram.cards[to].y);
});

test('a node outside of the templates is beside the only stack that is connected with it', () => {
  const groups = (files: Record<string, string>) =>
    draw(mapOf(files)).layout.groups.map(({ name, units }) => [name, units.length]);
  const { 'shipping.yaml': shipping } = SMALL_FILES;
  expect(groups({ 'shipping.yaml': shipping })).toEqual([['shipping.yaml', 2]]);
  expect(groups({ 'a.yaml': shipping, 'b.yaml': shipping })).toEqual([
    ['a.yaml', 1],
    ['b.yaml', 1],
    ['Outside of the templates', 1],
  ]);
});

test('an empty map has an empty diagram', () => {
  expect(draw(mapOf({})).with().cards).toEqual([]);
});

describe('a system of 300 functions', () => {
  const { layout, index, on, ...drawn } = draw(systemOf(300));
  const collapsed = drawn.with();

  test('starts with collapsed stacks', () => {
    expect(on(collapsed)).toEqual([
      '[Orders]',
      '[Payments]',
      '[Shipping]',
      '[Catalog]',
      '[Accounts]',
      '[Search]',
    ]);
    expect(layout.groups.slice(0, 6).map(({ summary }) => summary.functions)).toEqual([
      50, 50, 50, 50, 50, 50,
    ]);
    expectToBeTidy(collapsed);
  });

  test('has each unit in one group', () => {
    layout.groupOf.forEach((group, unit) => expect(layout.groups[group].units).toContain(unit));
    expect(layout.groups.flatMap(({ units }) => units)).toHaveLength(index.units.length);
  });

  test.each([[['Shipping']], [['Orders', 'Search']], [['Catalog', 'Accounts', 'Payments']]])(
    'makes room for the expanded %j, and keeps the order of the others',
    (names) => {
      const diagram = drawn.with(...names);
      expectToBeTidy(diagram);
      expect(diagram.frames).toHaveLength(names.length);
      const places = (own: Diagram) =>
        own.cards.flatMap(({ shows, x, y }) => ('group' in shows ? [{ group: shows.group, x, y }] : []));
      const before = new Map(places(collapsed).map((place) => [place.group, place]));
      const after = places(diagram);
      for (const a of after) {
        expect(a.x >= before.get(a.group)!.x && a.y >= before.get(a.group)!.y).toBe(true);
        for (const b of after) {
          const [was, than] = [before.get(a.group)!, before.get(b.group)!];
          if (was.x < than.x) expect(a.x).toBeLessThan(b.x);
          if (was.y < than.y) expect(a.y).toBeLessThan(b.y);
        }
      }
    },
  );

  test('collapsing returns everything to its place', () => {
    expect(drawn.with()).toEqual(collapsed);
  });

  test('shows each call of an expanded stack', () => {
    const orders = layout.groups.findIndex(({ name }) => name === 'Orders');
    const calls = index.edges.filter(({ from, to }) =>
      [from, to].some((unit) => layout.groupOf[unit] === orders),
    );
    const shown = new Set(drawn.with('Orders').edges.flatMap(({ edges }) => edges));
    expect(calls.every((call) => shown.has(call.index))).toBe(true);
  });

  test('has the number of calls that are not drawn', () => {
    const between = new Set(
      index.edges.flatMap(({ from, to }) => {
        const [a, b] = [layout.groupOf[from], layout.groupOf[to]];
        return a === b ? [] : [`${a} ${b}`];
      }),
    );
    expect(collapsed.edges.length + collapsed.hidden).toBe(between.size);
  });
});

test('collapsing a stack of a small system leaves the others where they are', () => {
  const { on, layout, ...drawn } = draw(smallMap());
  const [before, after] = [drawn.initial(), drawn.with('orders.yaml')];
  expect(on(after)).toEqual(['Intake', 'Worker', 'Changes', 'Api', 'Jobs', 'Table', '[shipping.yaml]']);
  const shipping = layout.groups.findIndex(({ name }) => name === 'shipping.yaml');
  const { x, y } = before.frames.find(({ group }) => group === shipping)!;
  expect(after.cards.at(-1)).toMatchObject({ x, y });
  expect(after.cards.slice(0, 6)).toEqual(before.cards.slice(0, 6));
});

test('a single stack with a cycle of 600 functions is laid out in rows', () => {
  const resources = Object.fromEntries<object>(
    Array.from({ length: 600 }, (_, i): [string, object][] => [
      [
        `Fn${i}`,
        { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': [`Role${i}`, 'Arn'] } } },
      ],
      [`Role${i}`, roleThatCalls({ 'Fn::GetAtt': [`Fn${(i + 1) % 600}`, 'Arn'] })],
    ]).flat(),
  );
  const diagram = draw(
    mapOfTemplates([{ id: 'one', file: 'one', template: { Resources: resources } }]),
  ).initial();
  expect(diagram.cards).toHaveLength(600);
  expect(diagram.edges).toHaveLength(600);
  expectToBeTidy(diagram);
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
    ['among others', { 'one.yaml': self, 'two.yaml': 'Resources: { Fn: { Type: AWS::Lambda::Function } }' }],
  ])('goes around its card, within the diagram: %s', (_, files) => {
    const { cards, edges, width, height } = draw(mapOf(files)).initial();
    const { points, middle, from } = edges.find((edge) => edge.from === edge.to)!;
    const { x, y, ...size } = cards[from];
    const [right, bottom] = [x + size.width, y + size.height];
    expect([points[0].y, points.at(-1)!.y]).toEqual([bottom, y]);
    for (const point of points) {
      expect(point.x >= 0 && point.x <= width && point.y >= 0 && point.y <= height).toBe(true);
      expect(point.x > x && point.x < right && point.y > y && point.y < bottom).toBe(false);
    }
    expect(middle.x).toBeGreaterThan(right);
  });
});
