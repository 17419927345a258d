import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { load } from '../../lib/input/load';
import type { LoadedTemplate } from '../../lib/input/loaded-template';
import { directoryWith, loaded } from './temporary';

const YAML = `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      Layers:
        - a
        - !Sub
          - b
          - {C: d}
      TracingConfig: {Mode: Active}
  Other: &other
    Type: X
    Type: Y
`;

const JSON_TEXT = `{
  "Resources": {
    "Fn": { "Type": "AWS::Lambda::Function",
      "Properties": { "Role": { "Fn::GetAtt": ["Role", "Arn"] }, "Layers": ["a", "\\"{,", {"Fn::Sub": ["b", {"C": "d"}]} ],
        "TracingConfig" : {"Mode":"Active"} } },
    "Ot\\u0068er": { "Type": "X", "Type": "Y" } } }`;

/** Returns the positions of paths. */
function places({ locate }: LoadedTemplate, paths: Record<string, string>) {
  return Object.keys(paths).map((path) => {
    const { line, column } = locate!(path === '' ? [] : path.split(' '))!;
    return [path, `${line}:${column}`];
  });
}

test.each<[string, string, Record<string, string>]>([
  [
    'YAML',
    YAML,
    {
      '': '1:1',
      Resources: '1:1',
      'Resources Fn': '2:3',
      'Resources Fn Type': '3:5',
      'Resources Fn Properties Role': '5:7',
      'Resources Fn Properties Role Fn::GetAtt 0': '5:7',
      'Resources Fn Properties Layers': '6:7',
      'Resources Fn Properties Layers 0': '7:11',
      'Resources Fn Properties Layers 1 Fn::Sub 1 C': '10:14',
      'Resources Fn Properties TracingConfig Mode': '11:23',
      'Resources Fn Properties Tracing Mode': '4:5',
      'Resources Gone Properties': '1:1',
      'Resources Other Type': '14:5',
      Outputs: '1:1',
    },
  ],
  [
    'JSON',
    JSON_TEXT,
    {
      '': '1:1',
      Resources: '2:3',
      'Resources Fn': '3:5',
      'Resources Fn Type': '3:13',
      'Resources Fn Properties Role': '4:23',
      'Resources Fn Properties Role Fn::GetAtt 0': '4:48',
      'Resources Fn Properties Layers': '4:66',
      'Resources Fn Properties Layers 1': '4:82',
      'Resources Fn Properties Layers 2 Fn::Sub 1 C': '4:109',
      'Resources Fn Properties TracingConfig Mode': '5:28',
      'Resources Fn Properties Tracing Mode': '4:7',
      'Resources Gone Properties': '2:3',
      'Resources Other Type': '6:34',
      Outputs: '1:1',
    },
  ],
])('%s: has the position of the key, or of the longest part of the path that exists', (_, text, expected) => {
  expect(places(loaded(text).templates[0], expected)).toEqual(Object.entries(expected));
});

test('finds positions in flow collections that end left of their key', () => {
  const { templates } = loaded(`Resources:
  Fn: {
"Type": X, # comment
"List": [-, a,
  !Sub b, {c: d}, e: !If [f, g: h]
]
}
  Other:
    Text: "a
b"
    # comment
    Value: !Sub
      - &anchor c
      -
        d: 'e'
`);
  const expected = {
    'Resources Fn Type': '3:1',
    'Resources Fn List 0': '4:10',
    'Resources Fn List 1': '4:13',
    'Resources Fn List 2': '5:8',
    'Resources Fn List 3 c': '5:12',
    'Resources Fn List 4': '5:19',
    'Resources Fn List 4 e Fn::If 0': '5:27',
    'Resources Fn List 4 e Fn::If 1 g': '5:30',
    'Resources Other': '8:3',
    'Resources Other Text': '9:5',
    'Resources Other Value': '12:5',
    'Resources Other Value Fn::Sub 0': '13:17',
    'Resources Other Value Fn::Sub 1 d': '15:9',
  };
  expect(places(templates[0], expected)).toEqual(Object.entries(expected));
});

test('accepts line ends of Windows', () => {
  const { locate } = loaded(YAML.replaceAll('\n', '\r\n')).templates[0];
  expect(locate!(['Resources', 'Fn', 'Properties', 'Role'])).toEqual({ line: 5, column: 7 });
});

test('reads a text again for positions and fixes if the texts together are large', () => {
  const padding = ' '.repeat(4_000_001);
  const text = '{\n"Resources": {\n"Fn": { "Type": "AWS::Lambda::Function" } } }';
  const directory = directoryWith({ 'a.template.json': `${text}${padding}`, 'b.template.json': text });
  const { templates } = load([directory]);
  const file = join(directory, 'b.template.json');
  const last = templates.find((template) => template.file === file)!;
  expect(last.locate!(['Resources', 'Fn'])).toEqual({ line: 3, column: 1 });
  expect(last.text!.read()).toBe(text);

  const again = load([directory]).templates.find((template) => template.file === file)!;
  rmSync(file);
  expect(again.locate!(['Resources', 'Fn'])).toBeUndefined();
  expect(again.text!.read()).toBeUndefined();
});
