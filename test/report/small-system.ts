import type { CheckedFinding } from '../../lib/checker/check';
import { load } from '../../lib/input/load';
import type { LoadError } from '../../lib/input/loaded-template';
import { buildTracingModel } from '../../lib/model/build-model';
import type { TracingModel } from '../../lib/model/tracing-model';
import type { Configuration } from '../../lib/report/configuration';
import { type Report, reportOn } from '../../lib/report/report';
import type { Rule } from '../../lib/rules/rule';

/** Texts of templates by file name. */
export type Files = Readonly<Record<string, string>>;
export type FindingsOf = (find: Find) => readonly CheckedFinding[];
type Find = (logicalId: string, more?: Partial<CheckedFinding>) => CheckedFinding;

const SMALL_SYSTEM: Files = {
  'template.yaml': `Resources:
  Intake:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig:
        Mode: Active
  Consumer:
    Type: AWS::Lambda::Function
    Metadata: { aws:cdk:path: Orders/Consumer/Resource }
    Properties:
      TracingConfig:
        Mode: !If [Traced, Active, PassThrough]
  Orders:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Consumer
      EventSourceArn: arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123
`,
  'reports/template.yaml': `Resources:
  Nightly:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Jobs: { Type: SQS }
`,
};

export const RULE = exampleRule('LambdaXRay-Example', 'error');
export const OTHER_RULE = exampleRule('LambdaXRay-Other', 'warning');

/** Returns a report on two templates with a finding of each kind, and an unreadable file. */
export function smallSystem(): Report {
  return reportOf(
    SMALL_SYSTEM,
    (found) => [
      found('Nightly', { severity: 'info', property: 'Tracing', rule: OTHER_RULE }),
      found('Consumer', { severity: 'warning', property: 'Role', message: 'Its role may not.' }),
      found('Orders', {
        property: 'EventSourceArn',
        message: "It feeds 'Orders/Consumer'.",
        related: [found('Consumer').resource],
      }),
      found('Intake', { property: 'TracingConfig.Mode', acknowledged: { reason: 'It is intended.' } }),
    ],
    [{ file: 'broken.yaml', line: 3, column: 5, message: 'A map is not closed.' }],
  );
}

/** Returns a report on templates with the given findings. */
export function reportOf(
  files: Files,
  findings: FindingsOf = () => [],
  errors: readonly LoadError[] = [],
  configuration: Partial<Configuration> = {},
  warnings: readonly LoadError[] = [],
): Report {
  const templates = Object.entries(files).flatMap(([file, text]) =>
    load(['-'], { readStdin: () => text }).templates.map((template) => ({ ...template, id: file, file })),
  );
  const model = buildTracingModel(templates);
  return reportOn({
    tool: { name: 'cdk-lambda-xray', version: '1.2.3', homepage: 'https://example.com/cdk-lambda-xray' },
    loaded: { templates, errors, warnings },
    model,
    findings: findings((logicalId, more) => ({ ...findingOn(model, logicalId), ...more })),
    rules: [RULE, OTHER_RULE],
    configuration: { rules: [], failOn: 'error', ...configuration },
    sourceRoot: { root: '/home/orders', workingDirectory: '/home/orders' },
    runName: 'check/template.yaml',
  });
}

/** Returns a report on a function with a configuration that turns a rule off and changes the severity of another. */
export function configuredSystem(acknowledged = false): Report {
  const configuration: Configuration = {
    file: '.cdk-lambda-xray.yaml',
    rules: [
      { ruleId: 'LambdaXRay-ActiveTracing', severity: 'off', defaultSeverity: 'warning' },
      { ruleId: 'LambdaXRay-VersionLock', severity: 'info', defaultSeverity: 'error' },
    ],
    failOn: 'never',
  };
  const acknowledgement = acknowledged ? { acknowledged: { reason: 'It is intended.' } } : {};
  return reportOf({ 't.yaml': functionNamed('Fn') }, (on) => [on('Fn', acknowledgement)], [], configuration);
}

/** Returns a report on a template with a mistake that CloudFormation accepts. */
export function smallSystemWithWarning(): Report {
  const warning = { file: 't.yaml', line: 4, column: 3, message: "Duplicate key 'A'." };
  return reportOf({ 't.yaml': functionNamed('Fn') }, () => [], [], {}, [warning]);
}

/** Returns a template with a single function. */
export function functionNamed(logicalId: string): string {
  return JSON.stringify({ Resources: { [logicalId]: { Type: 'AWS::Lambda::Function' } } });
}

function findingOn(model: TracingModel, logicalId: string): CheckedFinding {
  return {
    resource: model.resources.find((resource) => resource.logicalId === logicalId)!,
    logicalId,
    rule: RULE,
    severity: 'error',
    property: '',
    message: 'It is wrong.',
    fix: 'Correct it.',
    related: [],
  };
}

function exampleRule(id: string, severity: Rule['severity']): Rule {
  return {
    id,
    title: 'It is right',
    problem: 'It is wrong',
    severity,
    rationale: 'It matters.',
    fix: 'Correct it.',
    source: { title: 'A page', url: 'https://example.com/page' },
    examples: { incorrect: 'Resources: {}', correct: 'Resources: {}', typescript: '' },
    check: () => [],
  };
}
