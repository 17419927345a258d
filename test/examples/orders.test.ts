import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import type { OrdersApp } from '../../examples/orders/orders-app';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';
import { TracingAssertions } from '../../lib/testing/tracing-assertions';
import { bundledCommand, run } from '../cli/bundled-command';
import { ordersApp } from './orders-app';

// Bundling takes several seconds, and longer on a busy machine.
jest.setTimeout(60_000);

/** The file that `check --format posture` writes, for reviews. */
const TRACING = join(__dirname, '..', '..', 'examples', 'orders', 'tracing.json');

const RULE = 'LambdaXRay-UnsupportedEventSource';

describe('templates', () => {
  const app = ordersApp();

  test.each<[string, Stack]>([
    ['Orders', app.orders],
    ['Orders/NightlyReport', app.orders.nightlyReport],
    ['Shipments', app.shipments],
  ])('%s', (_, stack) => {
    expect(withoutCodeHashes(Template.fromStack(stack))).toMatchSnapshot();
  });

  test('have the tracing of examples/orders/tracing.json', async () => {
    const { directory } = ordersApp().synth();
    const { status, stdout } = await run(await bundledCommand(), [
      'check',
      directory,
      ...['--format', 'posture'],
      ...['--config', 'none'],
    ]);
    expect(status).toBe(0);
    expect(stdout).toBe(readFileSync(TRACING, 'utf-8'));
  });

  test('are identical when synthesized again', () => {
    const bundled = () => templates(ordersApp({ 'aws:cdk:bundling-stacks': ['**'] }));
    expect(bundled()).toEqual(bundled());
  });
});

describe('tracing', () => {
  const { orders, shipments } = ordersApp();

  test.each<[string, Stack, Tracing]>([
    ['Orders/Intake', orders, Tracing.ACTIVE],
    ['Orders/Acceptance', orders, Tracing.ACTIVE],
    ['Orders/AuditTrail/Function', orders, Tracing.ACTIVE],
    ['Orders/NightlyReport/Function', orders, Tracing.ACTIVE],
    ['Shipments/Consumer', shipments, Tracing.PASS_THROUGH],
  ])('%s', (path, stack, mode) => {
    TracingAssertions.fromStack(stack).hasMode(path, mode);
  });

  test('stays as it is', () => {
    const posture = TracingAssertions.fromApp(orders.node.root as OrdersApp).posture();
    expect(posture).toMatchSnapshot();
    expect(posture).toEqual((JSON.parse(readFileSync(TRACING, 'utf-8')) as { functions: object }).functions);
  });

  test('is on for all functions that X-Ray supports', () => {
    TracingAssertions.fromStack(orders).allFunctionsTraced();
    TracingAssertions.fromStack(shipments).allFunctionsTraced({ exclude: ['Shipments/Consumer'] });
  });

  test('has no findings', () => {
    TracingAssertions.fromStack(orders).hasNoFindings();
    TracingAssertions.fromStack(shipments).hasNoFindings();
  });
});

describe('broken=true', () => {
  test('is reported at the event source mapping', () => {
    const report = new LambdaXRayChecks().validateScope(ordersApp({ broken: 'true' }));

    expect(report.success).toBe(false);
    expect(report.violations).toMatchObject([
      {
        ruleName: RULE,
        violatingResources: [
          {
            constructPath: expect.stringMatching(
              /^Shipments\/ActiveConsumer\/Function\/KafkaEventSource:/,
            ) as string,
          },
        ],
      },
    ]);
  });

  test.each([
    ['fails', 'true', 1],
    ['succeeds without it', 'false', 0],
  ])('%s when the CDK CLI runs examples/orders/app.ts', (_, broken, status) => {
    const run = runAsCli({ broken });
    expect(run).toMatchObject({ status });
    expect(run.output.includes(RULE)).toBe(status === 1);
  });
});

/** Removes hashes of code, which depend on the version of esbuild and on the project's folder. */
function withoutCodeHashes(template: Template): unknown {
  const text = JSON.stringify(template.toJSON())
    .replaceAll(/\b[0-9a-f]{64}\b/g, 'HASH')
    .replaceAll(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, '$1HASH');
  return JSON.parse(text);
}

function templates(app: OrdersApp): Record<string, string> {
  const { directory } = app.synth();
  const files = readdirSync(directory).filter((file) => file.endsWith('.template.json'));
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(directory, file), 'utf-8')]));
}

/** Runs the app with the environment variables of the CDK CLI. */
function runAsCli(context: object): { status: number | null; output: string } {
  const project = join(__dirname, '..', '..');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'examples/orders/app.ts'],
    {
      cwd: project,
      encoding: 'utf-8',
      env: {
        ...process.env,
        CDK_OUTDIR: mkdtempSync(join(tmpdir(), 'orders-')),
        CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:bundling-stacks': [], ...context }),
      },
    },
  );
  return { status, output: stdout + stderr };
}
