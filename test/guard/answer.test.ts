import { NO_CONFIG } from '../../lib/config/config';
import { parseConfig } from '../../lib/config/parse-config';
import { answer } from '../../lib/guard/answer';
import type { GuardOptions } from '../../lib/guard/options';
import { readRequest } from '../../lib/guard/request';
import { answerWithoutPayload, type HookResponse } from '../../lib/guard/response';
import { changeSetRequest, functions, resourceRequest, stackRequest } from './requests';

const OPTIONS: GuardOptions = { config: NO_CONFIG, failOn: 'error', onError: 'ALLOW', exemptStacks: [] };

/** A mode that does not exist, which is an error. */
const WRONG = 'Enabled';

function create(template: string, options: Partial<GuardOptions> = {}): HookResponse {
  return answer(readRequest(stackRequest('CREATE')), JSON.stringify({ template }), {
    ...OPTIONS,
    ...options,
  });
}

function update(
  previousTemplate: string,
  template: string,
  options: Partial<GuardOptions> = {},
): HookResponse {
  const body = JSON.stringify({ template, previousTemplate });
  return answer(readRequest(stackRequest('UPDATE')), body, { ...OPTIONS, ...options });
}

/** Returns the status and the name of each annotation. */
function annotated({ annotations = [] }: HookResponse): string[] {
  return annotations.map(({ status, annotationName }) => `${status} ${annotationName}`);
}

test('allows a stack without findings', () => {
  expect(create(functions({ Fn: 'Active' }))).toEqual({
    hookStatus: 'SUCCESS',
    message: "No new findings on X-Ray tracing that fail the stack 'Orders'.",
    clientRequestToken: 'f8da6d11-b23f-48f4-814c-0fb6a667f50e',
    annotations: [
      {
        annotationName: 'LambdaXRay',
        status: 'PASSED',
        statusMessage: 'No findings on X-Ray tracing.',
        severityLevel: 'INFORMATIONAL',
      },
    ],
  });
});

test('fails a new stack with an error', () => {
  expect(create(functions({ Fn: WRONG }))).toMatchSnapshot();
});

test('fails only what an update adds', () => {
  const response = update(functions({ Old: WRONG }), functions({ Old: WRONG, New: WRONG }));
  expect(annotated(response)).toEqual([
    'FAILED LambdaXRay-InvalidMode/New/TracingConfig.Mode',
    'SKIPPED LambdaXRay-InvalidMode/Old/TracingConfig.Mode',
  ]);
  expect(response).toMatchObject({ hookStatus: 'FAILED', errorCode: 'NonCompliant' });
  expect(response.message).toMatch(
    /^1 new finding on X-Ray tracing in the stack 'Orders'\. LambdaXRay-InvalidMode: /,
  );
  expect(response.annotations![1].statusMessage).toMatch(/The operation does not add this finding/);
});

test('allows an update of a stack that was already wrong', () => {
  const response = update(functions({ Old: WRONG }), functions({ Old: WRONG, New: 'Active' }));
  expect(response.hookStatus).toBe('SUCCESS');
  expect(response.message).toMatch(/1 other in the annotations\.$/);
});

test('fails an update that makes a finding more severe', () => {
  // Inactive tracing is a warning, and a mode that does not exist an error.
  const response = update(functions({ Fn: undefined }), functions({ Fn: WRONG }));
  expect(annotated(response)[0]).toBe('FAILED LambdaXRay-InvalidMode/Fn/TracingConfig.Mode');
});

test('compares versions with the previous template', () => {
  const version = { Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } } };
  const response = update(functions({ Fn: 'PassThrough' }, version), functions({ Fn: 'Active' }, version));
  expect(annotated(response)).toContain('FAILED LambdaXRay-VersionLock/Version/Description');
});

test('counts the findings on changed resources of a change set as new', () => {
  const body = JSON.stringify({
    template: functions({ Old: WRONG, New: WRONG }),
    changedResources: [{ logicalResourceId: 'New', action: 'UPDATE' }],
  });
  expect(annotated(answer(readRequest(changeSetRequest()), body, OPTIONS))).toEqual([
    'FAILED LambdaXRay-InvalidMode/New/TracingConfig.Mode',
    'SKIPPED LambdaXRay-InvalidMode/Old/TracingConfig.Mode',
  ]);
});

test('fails findings of the severity that is set, or higher', () => {
  const untraced = functions({ Fn: undefined });
  expect(create(untraced)).toMatchObject({
    hookStatus: 'SUCCESS',
    annotations: [
      { status: 'SKIPPED', statusMessage: expect.stringMatching(/this severity do not fail/) as string },
    ],
  });
  expect(create(untraced, { failOn: 'warning' }).hookStatus).toBe('FAILED');
  expect(create(functions({ Fn: WRONG }), { failOn: 'never' }).hookStatus).toBe('SUCCESS');
});

test('applies the severities and acknowledgements of a configuration, and selects stacks by name', () => {
  const config = parseConfig(
    `rules: { InvalidMode: warning }
acknowledge:
  - { rule: InvalidMode, logicalId: Known, template: Orders, reason: Known since May }
  - { rule: InvalidMode, logicalId: Other, template: Payments, reason: Not this stack }
  - { rule: InvalidMode, logicalId: Absent, reason: Not in this stack }`,
    'guard.yaml',
  );
  const response = create(functions({ Known: WRONG, Other: WRONG }), { config });
  expect(response.hookStatus).toBe('SUCCESS');
  expect(annotated(response)).toEqual([
    'SKIPPED LambdaXRay-InvalidMode/Other/TracingConfig.Mode',
    'SKIPPED LambdaXRay-InvalidMode/Known/TracingConfig.Mode',
  ]);
  expect(response.annotations![1].statusMessage).toMatch(/Acknowledged: Known since May$/);
  expect(response.annotations![0].severityLevel).toBe('MEDIUM');
});

test('takes the values of parameters from the configuration', () => {
  const config = parseConfig('parameters: { Orders: { Mode: Enabled } }', 'guard.yaml');
  const template = JSON.stringify({
    ...(JSON.parse(functions({})) as object),
    Parameters: { Mode: { Type: 'String' } },
    Resources: {
      Fn: { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode: { Ref: 'Mode' } } } },
    },
  });
  expect(annotated(create(template))).not.toContain('FAILED LambdaXRay-InvalidMode/Fn/TracingConfig.Mode');
  expect(annotated(create(template, { config }))).toContain(
    'FAILED LambdaXRay-InvalidMode/Fn/TracingConfig.Mode',
  );
});

test('names what could not be checked', () => {
  const nested = { Nested: { Type: 'AWS::CloudFormation::Stack', Properties: {} } };
  const template = JSON.stringify({
    ...(JSON.parse(functions({ Fn: 'Active' }, nested)) as object),
    Transform: 'TeamMacro',
  });
  const response = create(template);
  expect(response.annotations!.map(({ statusMessage }) => statusMessage)).toEqual([
    'The templates of nested stacks are not part of the request: CloudFormation calls the Hook again for each of these stacks when it creates or updates it. The links between this stack and Nested were not checked.',
    expect.stringMatching(/^The template has macros, modules or loops/),
  ]);
});

test('checks a nested stack, which has a request of its own, under its own name', () => {
  const stackId =
    'arn:aws:cloudformation:us-west-2:123456789012:stack/Orders-Nested-1ABCDEFGHIJKL/1a2345b6-0000-00a0-a123-00abc0abc001';
  const request = readRequest({ ...stackRequest('UPDATE'), stackId });
  const template = {
    Parameters: { Mode: { Type: 'String' } },
    Resources: {
      Fn: { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode: { Ref: 'Mode' } } } },
      Wrong: { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode: WRONG } } },
    },
  };
  const body = JSON.stringify({ template: JSON.stringify(template), previousTemplate: functions({}) });
  const response = answer(request, body, OPTIONS);
  expect(response.message).toMatch(
    /^1 new finding on X-Ray tracing in the stack 'Orders-Nested-1ABCDEFGHIJKL'\./,
  );
  const exempt = { ...OPTIONS, exemptStacks: [{ stackName: 'Orders*', reason: 'x' }] };
  expect(answerWithoutPayload(request, exempt)?.hookStatus).toBe('SUCCESS');
});

test('is not confused by names of the language', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const resources = names.map(
    (name) => `"${name}":{"Type":"AWS::Lambda::Function","Properties":{"TracingConfig":{"Mode":"${WRONG}"}}}`,
  );
  const before = JSON.stringify({ Resources: { Other: { Type: 'constructor' } } });
  expect(annotated(update(before, `{"Resources":{${resources.join()}}}`)).sort()).toEqual(
    names.map((name) => `FAILED LambdaXRay-InvalidMode/${name}/TracingConfig.Mode`).sort(),
  );
});

describe('a template that is hostile', () => {
  /** Returns YAML with 9 to the power of 9 values. */
  function laughs(): string {
    const names = [...'abcdefghi'];
    const lists = names.map((name, i) =>
      i === 0
        ? 'a: &a [x, x, x, x, x, x, x, x, x]'
        : `${name}: &${name} [${Array(9)
            .fill(`*${names[i - 1]}`)
            .join()}]`,
    );
    const fn = '{ Type: AWS::Lambda::Function, Properties: { Environment: { Variables: *i } } }';
    return [...lists, 'Resources:', `  Fn: ${fn}`].join('\n');
  }

  /** Returns a template with loops that make as many functions as the square of a number. */
  function loops(size: number): string {
    const items = (start: string) => Array.from({ length: size }, (_, i) => `${start}${i}`);
    const fn = { Type: 'AWS::Lambda::Function', Properties: {} };
    const inner = ['Y', items('b'), { 'F${X}${Y}': fn }];
    const Resources = { 'Fn::ForEach::Outer': ['X', items('a'), { 'Fn::ForEach::Inner': inner }] };
    return JSON.stringify({ Transform: 'AWS::LanguageExtensions', Resources });
  }

  test.each([
    ['many aliases', laughs(), /can't be read\. Line \d+: .*alias/i],
    [
      'an alias inside its own anchor',
      'Resources: &r\n  A: { Properties: *r }\n',
      /Line 2: The alias \*r is inside/,
    ],
    ['deep JSON', `{"Resources":{"F":${'['.repeat(6000)}${']'.repeat(6000)}}}`, /Line 1: .*500 levels deep/],
    ['much YAML', `Resources: { F: "${'x'.repeat(10_000_001)}" }`, /Line 1: The file has 11 MB of YAML/],
    ['JSON that ends', '{"Resources": {', /Line 1: This is not valid JSON/],
    ['no resources', '{}', /can't be read: This is not a CloudFormation template: it has no Resources/],
    ['a million copies', loops(1000), /Line 1 of the template was not checked: This loop exceeds/],
  ])('has an answer with the reason: %s', (_, template, message) => {
    const response = create(template);
    expect(response.hookStatus).toBe('SUCCESS');
    expect(response.message).toMatch(message);
  });

  test('is not the baseline if it is the previous one', () => {
    const response = update('{{', functions({ Fn: WRONG }));
    expect(response).toMatchObject({ hookStatus: 'SUCCESS', annotations: [{ status: 'SKIPPED' }] });
    expect(response.message).toMatch(/^The previous template of the stack can't be read\. Line 1: /);
    expect(update('{{', functions({ Fn: WRONG }), { onError: 'DENY' }).hookStatus).toBe('FAILED');
  });

  const values = [7, null, [], 'x', {}];
  const sections = [
    'Parameters',
    'Conditions',
    'Mappings',
    'Outputs',
    'Transform',
    'Metadata',
    'Globals',
    'Rules',
  ];
  const resource = (properties: unknown) => ({
    Fn: { Type: 'AWS::Lambda::Function', Properties: properties },
  });
  test.each(values)('has no value that ends the check: %j', (value) => {
    for (const template of [
      ...sections.map((section) => ({ [section]: value, Resources: resource({}) })),
      { Resources: value },
      { Resources: { Fn: value } },
      { Resources: { Fn: { Type: value, Properties: value } } },
      { Resources: resource(value) },
      ...['TracingConfig', 'Layers', 'Environment', 'Role', 'Code'].map((name) => ({
        Resources: resource({ [name]: value }),
      })),
    ]) {
      expect(create(JSON.stringify(template)).message).not.toMatch(/unexpected/);
    }
  });
});

describe('an operation that cannot be checked', () => {
  test.each([
    ['a payload without a template', '{}'],
    ['a template that is no template', JSON.stringify({ template: '[]' })],
    ['a template that is not YAML', JSON.stringify({ template: '{"Resources": {' })],
    ['a payload that is not JSON', '<Error/>'],
    ['a template that is nested too deep', JSON.stringify({ template: '{"Resources":'.repeat(100_000) })],
    ['YAML that is nested too deep', JSON.stringify({ template: `Resources: ${'['.repeat(100_000)}` })],
  ])('is allowed by default, with an annotation: %s', (_, body) => {
    const response = answer(readRequest(stackRequest('CREATE')), body, OPTIONS);
    expect(response).toMatchObject({ hookStatus: 'SUCCESS', annotations: [{ status: 'SKIPPED' }] });
    expect(response.message).toMatch(/X-Ray tracing was not checked, and the operation is allowed\.$/);
  });

  test('fails if the options say so', () => {
    expect(answer(readRequest(stackRequest('CREATE')), '{}', { ...OPTIONS, onError: 'DENY' })).toMatchObject({
      hookStatus: 'FAILED',
      errorCode: 'InternalFailure',
      message: expect.stringMatching(/^The payload of the request has no template\. /) as string,
    });
  });
});

describe('the limits of an answer', () => {
  test('keep the message within 4,096 characters, and fold annotations', () => {
    const names = Array.from({ length: 250 }, (_, i) => [`Function${i}`, WRONG]);
    const { message, annotations } = create(functions(Object.fromEntries(names) as Record<string, string>));
    expect(message).toHaveLength(4096);
    expect(annotations).toHaveLength(100);
    expect(annotations![99]).toMatchObject({
      status: 'FAILED',
      statusMessage:
        '151 more findings, 151 of which fail the operation. Run cdk-lambda-xray check with the template to see all.',
    });
  });

  test('hold for the longest names, and do not cut characters in half', () => {
    const name = `F${'\u{1F600}'.repeat(3000)}`;
    const { message, annotations } = create(functions({ [name]: WRONG }));
    expect(annotations![0].annotationName.length).toBeLessThanOrEqual(1024);
    expect(annotations![0].statusMessage.length).toBeLessThanOrEqual(16_384);
    expect(message.length).toBeLessThanOrEqual(4096);
    expect([message, annotations![0].annotationName].filter((text) => /\p{Surrogate}/u.test(text))).toEqual(
      [],
    );
  });

  test('leave no control characters of a template in the answer', () => {
    const response = create(functions({ 'F\u001b[31m\u202e': WRONG }));
    const { annotationName, statusMessage, remediationMessage } = response.annotations![0];
    expect([response.message, annotationName, statusMessage, remediationMessage].join()).not.toMatch(
      /[\p{Cc}\u202e]/u,
    );
  });
});

describe('without the payload', () => {
  const early = (event: object, options: Partial<GuardOptions> = {}) =>
    answerWithoutPayload(readRequest(event), { ...OPTIONS, ...options });

  test('allows the deletion of a stack, and operations that are not checked', () => {
    expect(early(stackRequest('DELETE'))).toMatchObject({ hookStatus: 'SUCCESS' });
    expect(early(resourceRequest())).toMatchObject({
      hookStatus: 'SUCCESS',
      annotations: [{ status: 'SKIPPED' }],
    });
  });

  test('allows exempt stacks with the reason', () => {
    const exemptStacks = [{ stackName: 'Ord*', reason: 'Moves to the new account in May' }];
    expect(early(stackRequest('CREATE'), { exemptStacks })?.message).toBe(
      "The stack 'Orders' is exempt from the checks of X-Ray tracing: Moves to the new account in May",
    );
    expect(
      early(stackRequest('CREATE'), { exemptStacks: [{ stackName: 'Or', reason: 'x' }] }),
    ).toBeUndefined();
  });

  test('asks for the payload of all others', () => {
    expect(
      [stackRequest('CREATE'), stackRequest('UPDATE'), changeSetRequest()].map((one) => early(one)),
    ).toEqual([undefined, undefined, undefined]);
  });
});
