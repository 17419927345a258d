import { type CheckConfig, checkModel } from '../../../lib/checker/check';
import { reportedConfiguration } from '../../../lib/cli/config';
import { load } from '../../../lib/input/load';
import type { LoadedTemplate, LoadError } from '../../../lib/input/loaded-template';
import { buildTracingModel } from '../../../lib/model/build-model';
import type { Threshold } from '../../../lib/report/configuration';
import { type Diff, diffOn } from '../../../lib/report/diff/diff';
import { RULES } from '../../../lib/rules';
import type { Files } from '../small-system';

/** Optional input of a diff. */
interface More {
  readonly settings?: Settings;
  /** The configuration of the baseline. */
  readonly previous?: Settings;
  readonly errors?: { readonly before?: readonly LoadError[]; readonly after?: readonly LoadError[] };
  readonly notes?: readonly string[];
}

interface Settings extends CheckConfig {
  readonly failOn?: Threshold;
}

/** Returns the diff of two sets of templates. */
export function diffOf(
  before: Files,
  after: Files,
  { settings = {}, previous, errors, notes = [] }: More = {},
): Diff {
  const [old, now] = [templatesOf(before, 'main:'), templatesOf(after)];
  const model = buildTracingModel(now, old);
  const baseline = model.baseline!;
  return diffOn({
    tool: { name: 'cdk-lambda-xray', version: '1.2.3', homepage: 'https://example.com/cdk-lambda-xray' },
    before: {
      loaded: { templates: old, errors: errors?.before ?? [] },
      model: baseline,
      findings: checkModel(baseline, {
        ...settings,
        acknowledgements: (previous ?? settings).acknowledgements,
      }),
    },
    after: {
      loaded: { templates: now, errors: errors?.after ?? [] },
      model,
      findings: checkModel(model, settings),
    },
    rules: RULES,
    configuration: reportedConfiguration(settings, settings.failOn ?? 'error'),
    previous: previous && {
      configuration: reportedConfiguration(previous, previous.failOn ?? 'error'),
      findings: checkModel(model, { ...settings, severities: previous.severities }),
    },
    sourceRoot: { root: '/work', workingDirectory: '/work' },
    runName: 'diff/template.yaml',
    notes,
  });
}

/** Returns the diff of the resources of a template. */
export function changeOf(before: object, after: object, more?: More): Diff {
  const file = (resources: object) => ({ 't.json': JSON.stringify({ Resources: resources }) });
  return diffOf(file(before), file(after), more);
}

function templatesOf(files: Files, prefix = ''): LoadedTemplate[] {
  return Object.entries(files).flatMap(([file, text]) =>
    load(['-'], { readStdin: () => text }).templates.map((template) => ({
      ...template,
      id: file,
      file: prefix + file,
    })),
  );
}

const ROLE = `
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess]`;

const KAFKA = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123';

const BEFORE: Files = {
  'orders.yaml': `Resources:
  Legacy:
    Type: AWS::Lambda::Function
    Properties: { Role: !GetAtt Role.Arn, TracingConfig: { Mode: Active }, Layers: [!Ref Telemetry] }
  Intake:
    Type: AWS::Lambda::Function
    Metadata: { aws:cdk:path: Orders/Intake/Resource }
    Properties: { Role: !GetAtt BareRole.Arn }
  IntakeVersion:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Intake }
  Consumer:
    Type: AWS::Lambda::Function
    Properties: { Role: !GetAtt Role.Arn, TracingConfig: { Mode: Active } }
  Search:
    Type: AWS::Lambda::Function
    Properties: { Role: !GetAtt Role.Arn, TracingConfig: { Mode: Active }, MemorySize: 512 }
  SearchCurrentVersion0123ABCD11111111111111111111111111111111:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Search }
  BareRole:
    Type: AWS::IAM::Role${ROLE}
`,
  'reports.yaml': `Resources:
  Nightly:
    Type: AWS::Serverless::Function
    Properties: { AutoPublishAlias: live, CodeUri: ./nightly, MemorySize: 512 }
  Weekly:
    Type: AWS::Lambda::Function
    Properties: { Role: !ImportValue Role }
`,
};

const AFTER: Files = {
  'orders.yaml': `Resources:
  Intake:
    Type: AWS::Lambda::Function
    Metadata: { aws:cdk:path: Orders/Intake/Resource }
    Properties: { Role: !GetAtt Role.Arn, TracingConfig: { Mode: Active }, MemorySize: 512 }
  IntakeVersion:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Intake }
  Consumer:
    Type: AWS::Lambda::Function
    Properties: { Role: !GetAtt Role.Arn, TracingConfig: { Mode: Active } }
  Orders:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { FunctionName: !Ref Consumer, EventSourceArn: '${KAFKA}' }
  Search:
    Type: AWS::Lambda::Function
    Properties: { Role: !GetAtt Role.Arn, TracingConfig: { Mode: Active }, MemorySize: 1024 }
  SearchCurrentVersion0123ABCD22222222222222222222222222222222:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Search }
  Archive:
    Type: AWS::Lambda::Function
    Properties: { TracingConfig: { Mode: PassThrough } }${ROLE}
`,
  'reports.yaml': `Resources:
  Nightly:
    Type: AWS::Serverless::Function
    Properties: { AutoPublishAlias: live, CodeUri: ./nightly, MemorySize: 512, Tracing: Active }
  Weekly:
    Type: AWS::Lambda::Function
    Metadata:
      cdk_nag: { rules_to_suppress: [{ id: LambdaXRay-ActiveTracing, reason: Nobody looks at its traces. }] }
    Properties: { Role: !ImportValue Role, TracingConfig: { Mode: PassThrough } }
`,
};

/** Returns a diff with every kind of change, and an unreadable file. */
export function smallChange(): Diff {
  return diffOf(BEFORE, AFTER, {
    errors: { before: [{ file: 'main:broken.yaml', line: 3, column: 5, message: 'A map is not closed.' }] },
    notes: ['The stack Audit is not deployed yet.'],
  });
}

/** Returns the diff of equal templates. */
export function noChange(): Diff {
  return diffOf(AFTER, AFTER);
}
