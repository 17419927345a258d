/** The functions that have a short form in YAML, such as `!Sub`, but for those whose long form has no `Fn::`. */
const FUNCTIONS = [
  'And',
  'Base64',
  'Cidr',
  'Contains',
  'EachMemberEquals',
  'EachMemberIn',
  'Equals',
  'FindInMap',
  'GetAtt',
  'GetAZs',
  'GetStackOutput',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'RefAll',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
  'ValueOf',
  'ValueOfAll',
];

/** Long forms of intrinsic functions, by their tags in YAML. */
const LONG_FORMS: ReadonlyMap<string, string> = new Map([
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...FUNCTIONS.map((name): [string, string] => [`!${name}`, `Fn::${name}`]),
]);

/** Whether a tag is one of CloudFormation's. */
export function isShortForm(tag: string): boolean {
  return LONG_FORMS.has(tag);
}

/** The key of the long form; of a tag that CloudFormation doesn't know, a function that nobody knows. */
export function longFormOf(tag: string): string {
  return LONG_FORMS.get(tag) ?? `Fn::${tag.slice(1)}`;
}

/** `!GetAtt Nested.Outputs.Arn` and the like, as JSON. */
export function inLongForm(tag: string, content: unknown): unknown {
  return { [longFormOf(tag)]: tag === '!GetAtt' ? attribute(content) : content };
}

/** A logical ID has no dots, an attribute may. */
function attribute(content: unknown): unknown {
  const dot = typeof content === 'string' ? content.indexOf('.') : -1;
  return dot === -1 ? content : [(content as string).slice(0, dot), (content as string).slice(dot + 1)];
}
