import { load } from '../../../lib/input/load';
import type { LoadError } from '../../../lib/input/loaded-template';
import { buildTracingModel } from '../../../lib/model/build-model';
import { type VerifyReport, createVerifyReport } from '../../../lib/report/verify/report';
import type { ObservedAccount, ObservedVersion } from '../../../lib/verify/deployed-functions';
import { verify } from '../../../lib/verify/verify';

const TEMPLATE = `Resources:
  Intake:
    Type: AWS::Lambda::Function
    Metadata: { aws:cdk:path: Orders/Intake/Resource }
    Properties:
      TracingConfig: { Mode: Active }
  Acceptance:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: Active }
  Report:
    Type: AWS::Lambda::Function
  Audit:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: !Ref Mode }
  New:
    Type: AWS::Lambda::Function
  Sometimes:
    Type: AWS::Lambda::Function
    Condition: IsProd
`;

const REGION = 'eu-west-1';
const ROLE = 'arn:aws:iam::111122223333:role/intake';
const ACTIONS = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

const fn = (logicalId: string) => ({
  logicalId,
  type: 'AWS::Lambda::Function',
  physicalId: `${logicalId.toLowerCase()}-1A2B`,
});

const version = (number: string, mode: ObservedVersion['mode'], role = ROLE) => ({ number, mode, role });

const ACCOUNT: ObservedAccount = {
  stacks: [
    {
      template: 'template.yaml',
      name: 'Orders',
      region: REGION,
      account: '111122223333',
      updated: '2026-11-02T10:11:12.000Z',
      resources: ['Intake', 'Acceptance', 'Report', 'Audit'].map(fn),
    },
  ],
  functions: [
    {
      name: 'intake-1A2B',
      region: REGION,
      versions: [version('$LATEST', 'PassThrough')],
      aliases: [],
    },
    {
      name: 'acceptance-1A2B',
      region: REGION,
      versions: [
        version('$LATEST', 'Active', 'arn:aws:iam::111122223333:role/acceptance'),
        version('1', 'Active'),
        version('2', 'PassThrough'),
      ],
      aliases: [
        { name: 'live', versions: ['1'] },
        { name: 'next', versions: ['1', '2'] },
      ],
    },
    { name: 'report-1A2B', region: REGION, versions: [], aliases: [] },
    { name: 'audit-1A2B', region: REGION },
  ],
  roles: [
    {
      arn: ROLE,
      region: REGION,
      exists: true,
      decisions: ACTIONS.map((action) => ({ action, isAllowed: true, policies: [], dependsOn: [] })),
    },
    {
      arn: 'arn:aws:iam::111122223333:role/acceptance',
      region: REGION,
      exists: true,
      decisions: ACTIONS.map((action) => ({
        action,
        isAllowed: false,
        deniedBy: 'organization' as const,
        policies: [],
        dependsOn: [],
      })),
    },
  ],
};

const UNREAD: LoadError = {
  file: 'deployed',
  message: "Can't read the function 'audit-1A2B' in eu-west-1: Access denied.",
};

/** A stack of four functions: one changed manually, one with a split alias, one deleted, one that can't be read. */
export function smallAccount(account = ACCOUNT, errors: readonly LoadError[] = [UNREAD]): VerifyReport {
  const templates = load(['-'], { readStdin: () => TEMPLATE }).templates.map((template) => ({
    ...template,
    id: 'template.yaml',
    file: 'template.yaml',
  }));
  const model = buildTracingModel(templates, templates);
  return createVerifyReport({
    tool: { name: 'cdk-lambda-xray', version: '1.2.3', homepage: 'https://example.com/cdk-lambda-xray' },
    loaded: { templates, errors },
    model,
    stacks: account.stacks,
    results: verify(model, account),
    notes: ["The stack 'Billing' is not deployed in eu-west-1 yet, so it was not verified."],
  });
}

/** An account without stacks. */
export function emptyAccount(): VerifyReport {
  return smallAccount({ stacks: [], functions: [], roles: [] }, []);
}

/** An account with a name that an attacker put into a template. */
export function hostileAccount(name: string): VerifyReport {
  const [stack] = ACCOUNT.stacks;
  const [intake] = ACCOUNT.functions;
  return smallAccount({
    ...ACCOUNT,
    stacks: [{ ...stack, name, resources: [{ ...fn('Intake'), physicalId: name }] }],
    functions: [{ ...intake, name, aliases: [{ name, versions: [name] }] }],
  });
}
