import { diffText } from '../../../lib/report/diff/text';
import type { Files } from '../small-system';
import { changeOf, diffOf, noChange, smallChange } from './small-change';

const PLAIN = { color: false, quiet: false };
const UNREAD = [{ file: 'broken.yaml', message: 'A map is not closed.' }];
const FN = { Fn: { Type: 'AWS::Lambda::Function' } };

test('writes changed functions, new and resolved findings, errors and notes', () => {
  expect(diffText(smallChange(), { ...PLAIN, width: 100 })).toBe(`\
orders.yaml
  orders.yaml:2  changed  Orders/Intake (Intake)  Unset (PassThrough) → Active
    Permissions gained: xray:PutTraceSegments, xray:PutTelemetryRecords
    Version IntakeVersion stays on PassThrough
  orders.yaml:9  changed  Consumer  Active
    New event source that X-Ray does not support: Amazon MSK, mapped by Orders (orders.yaml:12)
  orders.yaml:21  added  Archive  PassThrough
  main:orders.yaml:2  removed  Legacy  Active

reports.yaml
  reports.yaml:2  changed  Nightly  Unset (PassThrough) → Active
    Permissions gained: xray:PutTraceSegments, xray:PutTelemetryRecords
    The version that SAM publishes stays on PassThrough, unless its code changes
  reports.yaml:5  changed  Weekly  Unset (PassThrough) → PassThrough
    Both modes have the same effect

New findings
  orders.yaml
    8:5    error    The tracing mode of 'Orders/Intake' changes from PassThrough to Active. Version
                    'IntakeVersion' keeps its logical ID and properties, so CloudFormation publishes
                    no new version and 'IntakeVersion' stays on PassThrough.  VersionLock
                    Fix: Add "X-Ray tracing: Active" to the Description of 'IntakeVersion', so
                    CloudFormation replaces it when the mode changes.
    14:48  error    Function 'Consumer' is Active, but this event source mapping connects it to
                    Amazon MSK, which X-Ray does not support.  UnsupportedEventSource
                    Fix: Set TracingConfig.Mode of 'Consumer' to PassThrough, or use a separate
                    PassThrough function for Amazon MSK.
    23:36  warning  Function 'Archive' is PassThrough, so it records no traces, even for requests
                    that its callers trace.  ActiveTracing
                    Fix: Set TracingConfig.Mode of 'Archive' to Active.
  reports.yaml
    4:19  warning  The tracing mode of 'Nightly' changes from PassThrough to Active. SAM publishes
                   no new version of the function, so the alias 'live' of 'Nightly' stays on
                   PassThrough, unless the code of the function changes in the same deployment.
                   VersionLock
                   Fix: Set AutoPublishAliasAllProperties of 'Nightly' to true.

Resolved findings
  main:orders.yaml:8  warning  ActiveTracing  Orders/Intake (Intake)
  main:orders.yaml:4  info  DaemonMemory  Legacy
  main:reports.yaml:4  warning  ActiveTracing  Nightly
  reports.yaml:9  warning  ActiveTracing  Weekly
    Acknowledged: Nobody looks at its traces.

Not read
  main:broken.yaml:3:5: A map is not closed.

The stack Audit is not deployed yet.

2 new errors, 2 new warnings, 3 resolved, 1 acknowledged. 4 functions changed, 1 added, 1 removed, 1 unchanged, 1 of them republished. 1 part of the input could not be read, so some resources may look added or removed.
For the reason of a finding, run cdk-lambda-xray explain VersionLock. To accept a finding,
acknowledge it in .cdk-lambda-xray.yaml.
`);
});

test('writes only the summary if nothing changed', () => {
  expect(diffText(noChange(), PLAIN)).toBe('No changes. 6 functions unchanged.\n');
});

test('counts functions with new versions in the same mode as unchanged', () => {
  const version = (digit: string) => ({
    Fn: { ...FN.Fn, Properties: { Code: { S3Key: `${digit}.zip` } } },
    [`FnCurrentVersion0123ABCD${digit.repeat(32)}`]: {
      Type: 'AWS::Lambda::Version',
      Properties: { FunctionName: { Ref: 'Fn' } },
    },
  });
  expect(diffText(changeOf(version('1'), version('2')), PLAIN)).toBe(
    'No changes. 1 function unchanged, 1 of them republished.\n',
  );
});

test('compares empty templates', () => {
  expect(diffText(changeOf({}, {}), PLAIN)).toBe('No changes.\n');
});

describe('unreadable input', () => {
  test.each(['before', 'after'] as const)('prevents the comparison if it is all templates %s', (side) => {
    const templates = (part: string): Files =>
      part === side ? {} : { 't.json': JSON.stringify({ Resources: FN }) };
    const diff = diffOf(templates('before'), templates('after'), { errors: { [side]: UNREAD } });
    expect(diffText(diff, PLAIN)).toBe(`\
Not read
  broken.yaml: A map is not closed.

Comparison not possible. 1 part of the input could not be read.
`);
  });

  test('does not prevent the comparison of the rest', () => {
    expect(diffText(changeOf(FN, FN, { errors: { after: UNREAD } }), PLAIN)).toBe(`\
Not read
  broken.yaml: A map is not closed.

No changes. 1 function unchanged. 1 part of the input could not be read, so some resources may look added or removed.
`);
  });
});

describe('quiet', () => {
  const quiet = { ...PLAIN, quiet: true };

  test('writes changes and errors', () => {
    const written = diffText(smallChange(), quiet);
    expect(written).toMatch(/^orders\.yaml\n/);
    expect(written).toMatch(/main:broken\.yaml:3:5: A map is not closed\.\n$/);
  });

  test('writes nothing if nothing changed', () => {
    expect(diffText(noChange(), quiet)).toBe('');
  });
});

test('breaks lines between words', () => {
  expect(diffText(smallChange(), { ...PLAIN, width: 60 })).toContain(`\
    Permissions gained: xray:PutTraceSegments,
    xray:PutTelemetryRecords
`);
});

test('writes colors if enabled', () => {
  const written = diffText(smallChange(), { ...PLAIN, color: true });
  for (const colored of ['33mchanged', '32madded', '31mremoved', '31mVersion IntakeVersion stays']) {
    expect(written).toContain(`\u001b[${colored}`);
  }
  expect(diffText(smallChange(), PLAIN)).not.toContain('\u001b');
});
