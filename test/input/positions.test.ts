import type { LoadedTemplate } from '../../lib/input/loaded-template';
import { loaded } from './temporary';

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

test('accepts line ends of Windows', () => {
  const { locate } = loaded(YAML.replaceAll('\n', '\r\n')).templates[0];
  expect(locate!(['Resources', 'Fn', 'Properties', 'Role'])).toEqual({ line: 5, column: 7 });
});
