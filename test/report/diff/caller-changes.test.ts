import { estimateOf } from '../../../lib/estimate/estimate';
import { buildTracingModel } from '../../../lib/model/build-model';
import { callerChanges, callerChangeText, costChange, costChangeText } from '../../../lib/report/diff/diff';
import { diffJson } from '../../../lib/report/diff/json';
import { diffMarkdown } from '../../../lib/report/diff/markdown';
import { diffText } from '../../../lib/report/diff/text';
import { summaryLine } from '../../../lib/report/diff/wording';
import { lambda, type Resources, stack } from '../../rules/templates';
import { changeOf } from './small-change';

const MACHINE = (TracingConfiguration?: object): Resources => ({
  Flow: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      TracingConfiguration,
      DefinitionString: {
        'Fn::Sub': '{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"${Fn.Arn}","End":true}}}',
      },
    },
  },
});

const TOPIC = (TracingConfig?: string): Resources => ({
  Topic: {
    Type: 'AWS::SNS::Topic',
    Properties: {
      TracingConfig,
      Subscription: [{ Protocol: 'lambda', Endpoint: { 'Fn::GetAtt': ['Fn', 'Arn'] } }],
    },
  },
});

const [ON, OFF] = [true, false].map((Enabled) => MACHINE({ Enabled }));

/** Returns the models of a change of what invokes an Active function. */
function models(before: Resources, after: Resources) {
  const [old, now] = [before, after].map((resources) => [stack('t', { Fn: lambda('Active'), ...resources })]);
  const model = buildTracingModel(now, old);
  return { before: model.baseline!, after: model };
}

function changes(before: Resources, after: Resources): string[] {
  const both = models(before, after);
  return callerChanges(both.before.traceMap, both.after.traceMap, new Map()).map(
    (caller) => `${caller.logicalId} ${callerChangeText(caller)}`,
  );
}

test.each<[string, Resources, Resources, string[]]>([
  ['that is turned on', OFF, ON, ['Flow turned on']],
  ['that is turned on from no setting', MACHINE(), ON, ['Flow turned on']],
  ['that is turned off', ON, OFF, ['Flow turned off']],
  [
    'whose setting is left out, which keeps it on',
    ON,
    MACHINE(),
    ['Flow stays on: an update without TracingConfiguration.Enabled does not turn it off'],
  ],
  ['of a service whose omitted setting turns it off', TOPIC('Active'), TOPIC(), ['Topic turned off']],
  ['that stays as it is', ON, ON, []],
  ['that is new', {}, ON, []],
  ['that is removed', ON, {}, []],
])('the tracing of a caller %s', (_, before, after, expected) => {
  expect(changes(before, after)).toEqual(expected);
});

test('the change in cost is that of all traces', () => {
  const { before, after } = models(OFF, ON);
  const [old, now] = [before, after].map((model) => estimateOf(model, { default: 100, of: () => undefined }));
  const cost = costChange(old, now);
  expect(cost.after.recorded).toBeGreaterThan(0);
  expect(costChangeText(cost)).toMatch(
    /^Estimated cost: USD [\d.,]+ → USD [\d.,]+ per month, [\d,]+ → [\d,]+ traces\.$/,
  );
  expect(costChangeText(undefined)).toContain('requestsPerSecond');
});

describe('is in the report', () => {
  const changed = changeOf({ Fn: lambda('Active'), ...OFF }, { Fn: lambda('Active'), ...ON });

  test('as text', () => {
    expect(diffText(changed, { color: false, quiet: false })).toContain(
      `Services
  t.json:1  turned on  Flow  AWS Step Functions, TracingConfiguration.Enabled
  To see the change in cost, set requestsPerSecond in the configuration.
`,
    );
  });

  test('as Markdown', () => {
    expect(diffMarkdown(changed)).toContain(
      '| **Flow**<br>t.json:1 | turned on<br>AWS Step Functions, TracingConfiguration.Enabled |',
    );
  });

  test('as JSON', () => {
    expect(JSON.parse(diffJson(changed))).toMatchObject({
      callers: [
        {
          change: 'turned on',
          template: 't.json',
          logicalId: 'Flow',
          property: 'TracingConfiguration.Enabled',
        },
      ],
    });
  });

  test('in the summary', () => {
    expect(summaryLine(changed)).toContain('tracing turned on for 1 service');
  });
});
