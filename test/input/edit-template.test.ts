import type { TemplateEdit } from '../../lib/cloudformation/template-edit';
import { EditableTemplate, editTemplate } from '../../lib/input/edit-template';

const PROPERTIES = ['Resources', 'Fn', 'Properties'];
const TRACING: TemplateEdit = { path: [...PROPERTIES, 'Tracing'], set: 'Active' };
const MODE: TemplateEdit = { path: [...PROPERTIES, 'TracingConfig', 'Mode'], set: 'Active' };
const GLOBALS: TemplateEdit = { path: ['Globals', 'Function', 'Tracing'], set: 'Active' };
const POLICY: TemplateEdit = { path: [...PROPERTIES, 'Policies'], append: 'AWSXRayDaemonWriteAccess' };
const SUB: TemplateEdit = {
  path: [...PROPERTIES, 'ManagedPolicyArns'],
  append: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/AWSXRayDaemonWriteAccess' },
};
const VARIABLE: TemplateEdit = { path: [...PROPERTIES, 'Environment', 'Variables', 'A'], remove: true };

describe('edits', () => {
  test.each<[string, TemplateEdit, string, string]>([
    [
      'a value, and keeps the comment beside it',
      TRACING,
      'Resources:\n  Fn:\n    Properties:\n      Tracing: PassThrough # why\n      Role: !GetAtt R.Arn\n',
      'Resources:\n  Fn:\n    Properties:\n      Tracing: Active # why\n      Role: !GetAtt R.Arn\n',
    ],
    ...['', ' ~', ' null # none'].map((empty): [string, TemplateEdit, string, string] => [
      `an object without a value, written as '${empty}'`,
      MODE,
      `Resources:\n  Fn:\n    Properties:\n      TracingConfig:${empty}\n      Role: r\n`,
      `Resources:\n  Fn:\n    Properties:\n      TracingConfig:\n        Mode: Active${empty.slice(5)}\n      Role: r\n`,
    ]),
    [
      'null in JSON',
      MODE,
      '{"Resources": {"Fn": {"Properties": {"TracingConfig": null}}}}',
      '{"Resources": {"Fn": {"Properties": {"TracingConfig": { "Mode": "Active" }}}}}',
    ],
    ...['', ','].map((comma): [string, TemplateEdit, string, string] => [
      `braces in lines, and keeps the comment after '${comma}' at the end`,
      TRACING,
      `Resources: {\r\n  Fn: {Properties: {\r\n    Timeout: 3${comma} # seconds \r\n  }}}\r\n`,
      `Resources: {\r\n  Fn: {Properties: {\r\n    Timeout: 3, # seconds \r\n    Tracing: Active${comma}\r\n  }}}\r\n`,
    ]),
    [
      'a value in single quotes',
      TRACING,
      "Resources: {Fn: {Properties: {Tracing: 'PassThrough'}}}",
      "Resources: {Fn: {Properties: {Tracing: 'Active'}}}",
    ],
    [
      'a value that is a function',
      TRACING,
      'Resources:\n  Fn:\n    Properties:\n      Tracing: !Ref Mode # ref\n',
      'Resources:\n  Fn:\n    Properties:\n      Tracing: Active # ref\n',
    ],
    [
      'an object in place of a string',
      { path: [...PROPERTIES, 'TracingConfig'], set: { Mode: 'Active' } },
      'Resources:\n  Fn:\n    Properties:\n      TracingConfig: Active # a\n      Role: r\n',
      'Resources:\n  Fn:\n    Properties:\n      TracingConfig:\n        Mode: Active # a\n      Role: r\n',
    ],
    [
      'a string in place of an object',
      TRACING,
      'Resources:\n  Fn:\n    Properties:\n      Tracing:\n        Mode: Active\n      Role: r\n',
      'Resources:\n  Fn:\n    Properties:\n      Tracing: Active\n      Role: r\n',
    ],
    [
      'properties beside the other settings',
      MODE,
      'Resources:\n  Fn:\n    Properties:\n      Handler: a\n      Timeout: 3 # s\n      # Its code:\n      Code:\n        ZipFile: |\n          a\n\nOutputs: {}\n',
      'Resources:\n  Fn:\n    Properties:\n      Handler: a\n      Timeout: 3 # s\n      TracingConfig:\n        Mode: Active\n      # Its code:\n      Code:\n        ZipFile: |\n          a\n\nOutputs: {}\n',
    ],
    [
      'properties below a text that keeps its line breaks',
      MODE,
      'Resources:\n  Fn:\n    Properties:\n      Code: |+\n        a\n\n',
      'Resources:\n  Fn:\n    Properties:\n      TracingConfig:\n        Mode: Active\n      Code: |+\n        a\n\n',
    ],
    [
      'a resource without properties, with line ends of Windows',
      TRACING,
      'Resources:\r\n  Fn:\r\n    Type: T\r\n  B: 1\r\n',
      'Resources:\r\n  Fn:\r\n    Type: T\r\n    Properties:\r\n      Tracing: Active\r\n  B: 1\r\n',
    ],
    [
      'a resource with empty properties',
      MODE,
      'Resources:\n    Fn:\n        Properties:\n        Type: T',
      'Resources:\n    Fn:\n        Properties:\n            TracingConfig:\n                Mode: Active\n        Type: T',
    ],
    [
      'braces',
      MODE,
      'Resources:\n  Fn: { Properties: { Role: !Ref R } }\n',
      'Resources:\n  Fn: { Properties: { Role: !Ref R, TracingConfig: { Mode: Active } } }\n',
    ],
    [
      'Globals above the resources and their comments',
      GLOBALS,
      'Transform: T\n\n# All of them.\nResources:\n  A: 1\n',
      'Transform: T\n\nGlobals:\n  Function:\n    Tracing: Active\n\n# All of them.\nResources:\n  A: 1\n',
    ],
    [
      'Globals in JSON',
      GLOBALS,
      '{\n\t"Resources": {\n\t\t"A": 1\n\t}\n}',
      '{\n\t"Globals": {\n\t\t"Function": {\n\t\t\t"Tracing": "Active"\n\t\t}\n\t},\n\t"Resources": {\n\t\t"A": 1\n\t}\n}',
    ],
    [
      'JSON in lines',
      MODE,
      '{\n  "Resources": {\n    "Fn": {\n      "Properties": {\n        "Role": "r"\n      }\n    }\n  }\n}\n',
      '{\n  "Resources": {\n    "Fn": {\n      "Properties": {\n        "Role": "r",\n        "TracingConfig": {\n          "Mode": "Active"\n        }\n      }\n    }\n  }\n}\n',
    ],
    [
      'JSON without spaces',
      MODE,
      '{"Resources":{"Fn":{"Properties":{"Role":"r"}}}}',
      '{"Resources":{"Fn":{"Properties":{"Role":"r","TracingConfig":{"Mode":"Active"}}}}}',
    ],
    [
      'a list in lines',
      SUB,
      'Resources:\n  Fn:\n    Properties:\n      ManagedPolicyArns:\n      - !Sub a # one\n      # two\n      Path: /\n',
      'Resources:\n  Fn:\n    Properties:\n      ManagedPolicyArns:\n      - !Sub a # one\n      - !Sub arn:${AWS::Partition}:iam::aws:policy/AWSXRayDaemonWriteAccess\n      # two\n      Path: /\n',
    ],
    [
      'a list in brackets',
      SUB,
      'Resources:\n  Fn:\n    Properties: { ManagedPolicyArns: [a] }\n',
      'Resources:\n  Fn:\n    Properties: { ManagedPolicyArns: [a, { "Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AWSXRayDaemonWriteAccess" }] }\n',
    ],
    [
      'an item of a list in lines, and keeps its quotes',
      { path: [...PROPERTIES, 'Layers', '1'], set: 'c' },
      "Resources:\n  Fn:\n    Properties:\n      Layers:\n        - a\n        - 'b' # two\n",
      "Resources:\n  Fn:\n    Properties:\n      Layers:\n        - a\n        - 'c' # two\n",
    ],
    [
      'an item of a list in JSON',
      { path: [...PROPERTIES, 'Layers', '0'], set: 'c' },
      '{"Resources": {"Fn": {"Properties": {"Layers": ["a", "b"]}}}}',
      '{"Resources": {"Fn": {"Properties": {"Layers": ["c", "b"]}}}}',
    ],
    [
      'one object in a list in JSON',
      POLICY,
      '{"Resources": {"Fn": {"Properties": {"Policies": {"A": {}}}}}}',
      '{"Resources": {"Fn": {"Properties": {"Policies": [{"A": {}}, "AWSXRayDaemonWriteAccess"]}}}}',
    ],
    [
      'a resource, between empty lines like the others',
      { path: ['Resources', 'New'], set: { Type: 'T', Properties: { A: '{"b":1}' } } },
      'Resources:\n  A:\n    Type: T # a\n\n  B:\n    Type: T\n\nOutputs: {}\n',
      'Resources:\n  A:\n    Type: T # a\n\n  B:\n    Type: T\n\n  New:\n    Type: T\n    Properties:\n      A: \'{"b":1}\'\n\nOutputs: {}\n',
    ],
    [
      'a resource beside a bracket that closes at the indentation of its key',
      TRACING,
      'Resources:\n  Fn:\n    Properties:\n      Role: r\n      Layers: [\n        a\n      ]\n  B: 1\n',
      'Resources:\n  Fn:\n    Properties:\n      Role: r\n      Tracing: Active\n      Layers: [\n        a\n      ]\n  B: 1\n',
    ],
    [
      'a list that is missing',
      POLICY,
      'Resources:\n  Fn:\n    Properties:\n      Role: r\n',
      'Resources:\n  Fn:\n    Properties:\n      Role: r\n      Policies:\n        - AWSXRayDaemonWriteAccess\n',
    ],
    [
      'a list in JSON',
      POLICY,
      '{\n  "Resources": {"Fn": {"Properties": {"Policies": [\n    "a"\n  ]}}}\n}',
      '{\n  "Resources": {"Fn": {"Properties": {"Policies": [\n    "a",\n    "AWSXRayDaemonWriteAccess"\n  ]}}}\n}',
    ],
    [
      'a variable that is removed',
      VARIABLE,
      'Resources:\n  Fn:\n    Properties:\n      Environment:\n        Variables:\n          A: 1 # a\n          B: 2\n',
      'Resources:\n  Fn:\n    Properties:\n      Environment:\n        Variables:\n          B: 2\n',
    ],
    [
      'a last variable that is removed',
      VARIABLE,
      'Resources:\n  Fn:\n    Properties:\n      Environment:\n        Variables:\n          A: 1\n      Role: r\n',
      'Resources:\n  Fn:\n    Properties:\n      Role: r\n',
    ],
    [
      'a variable that is removed in JSON',
      VARIABLE,
      '{"Resources": {"Fn": {"Properties": {"Environment": {"Variables": {"B": 1, "A": 2}}}}}}',
      '{"Resources": {"Fn": {"Properties": {"Environment": {"Variables": {"B": 1}}}}}}',
    ],
    [
      'a value that a merge key gives',
      TRACING,
      'X: &x { Tracing: PassThrough }\nResources:\n  Fn:\n    Properties:\n      <<: *x\n      Role: r\n',
      'X: &x { Tracing: PassThrough }\nResources:\n  Fn:\n    Properties:\n      <<: *x\n      Role: r\n      Tracing: Active\n',
    ],
  ])('%s', (_, edit, before, after) => {
    expect(editTemplate('template.yaml', before, [edit])).toEqual({ text: after, applied: [edit] });
  });
});

test.each<[string, string]>([
  ['an alias', 'X: &x { Role: r }\nResources:\n  Fn:\n    Properties: *x\n'],
  ['an anchor that others use', 'Resources:\n  Fn:\n    Properties: &x\n      Role: r\n  B: *x\n'],
  ['a function', 'Resources:\n  Fn:\n    Properties: !If [a, {}, {}]\n'],
  ['a loop', 'Resources:\n  Fn::ForEach::A: [a, [Fn], {}]\n  B: [a]\n  Fn: text\n'],
  ['a text that is not valid', 'Resources:\n  Fn:\n\tProperties: {}\n'],
])('leaves %s as it is', (_, text) => {
  expect(editTemplate('template.yaml', text, [TRACING])).toEqual({ text, applied: [] });
});

test('applies the edits that have a place, and leaves out the others', () => {
  const text = 'Resources:\n  Fn:\n    Properties:\n      Tracing: &mode PassThrough\n      Mode: *mode\n';
  const result = editTemplate('template.yaml', text, [TRACING, MODE]);
  expect(result.applied).toEqual([MODE]);
  expect(result.text).toBe(`${text}      TracingConfig:\n        Mode: Active\n`);
});

test('returns the replaced parts of a text', () => {
  const text = 'Resources: { Fn: { Properties: { Tracing: PassThrough } } }';
  expect(new EditableTemplate('template.yaml', text).splicesFor([TRACING])).toEqual([
    { offset: text.indexOf('PassThrough'), length: 11, text: 'Active' },
  ]);
});
