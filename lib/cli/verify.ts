import { DeployedAccount, withLocations } from '../deployed/account';
import { readAllStacks, readStacks } from '../deployed/read-stacks';
import { readFunctions, readRoles, readTransactionSearch } from '../deployed/read-functions';
import { selectStacks } from '../input/read-deployed-stacks';
import type { Loaded } from '../input/loaded-template';
import { buildTracingModel } from '../model/build-model';
import { createVerifyReport, type VerifyReport } from '../report/verify/report';
import { summaryLine } from '../report/verify/text';
import { count } from '../report/wording';
import { activeRolesOf, deployedFunctions, expectedModeOf } from '../verify/deployed-functions';
import { transactionSearchNotes, verify as verifyFunctions } from '../verify/verify';
import { TOOL } from '../version';
import { UsageError } from './errors';
import { render, VERIFY_FORMATS } from './formats';
import { NO_CONFIG } from '../config/config';
import { type Input, readInput } from './input';
import type { VerifyOptions } from './options';
import { writeResult } from './output';
import { ProgressLine, textOptions } from './terminal';

/** The file name of errors that do not concern a template. */
const DEPLOYED = 'deployed';

/** With more concurrent requests, AWS throttles them. */
const MAX_CONCURRENCY = 64;

/**
 * Runs `cdk-lambda-xray verify [PATH...]`.
 *
 * @returns the exit status
 * @throws UsageError if the options or the output file are invalid
 */
export async function verify(paths: readonly string[], options: VerifyOptions): Promise<number> {
  const { region, profile } = options;
  const account = new DeployedAccount({ region, profile, concurrency: concurrencyOf(options) });
  const progress = new ProgressLine(process.stderr);
  try {
    const { input, notes } = options.allStacks
      ? await allStacks(paths, options, account, progress)
      : { input: await readInput(paths, {}, NO_CONFIG, progress), notes: [] };
    const report = await createReport(input.loaded, notes, account, options, progress);
    const text = await render(VERIFY_FORMATS[options.format], report, textOptions(options));
    progress.clear();
    writeResult(text, { summary: summaryLine(report), errors: report.errors }, input, options);
    return statusOf(report);
  } finally {
    progress.clear();
    await account.close();
  }
}

/**
 * Reads the deployed templates of all stacks, in place of templates that the user passes.
 *
 * @throws UsageError if the user also passes templates or stacks
 */
async function allStacks(
  paths: readonly string[],
  { stack: names = [] }: VerifyOptions,
  account: DeployedAccount,
  progress: ProgressLine,
): Promise<{ readonly input: Input; readonly notes: readonly string[] }> {
  if (paths.length > 0 || names.length > 0) {
    throw new UsageError(
      '--all-stacks verifies the stacks with their deployed templates. Omit PATH and --stack.',
    );
  }
  const { loaded, failures, notes } = await readAllStacks(account, (step) => progress.show(step));
  const errors = failures.map((message) => ({ file: DEPLOYED, message }));
  return { input: { loaded: { ...loaded, errors: [...loaded.errors, ...errors] } }, notes };
}

async function createReport(
  loaded: Loaded,
  notes: readonly string[],
  account: DeployedAccount,
  { stack: names = [], profile }: VerifyOptions,
  progress: ProgressLine,
): Promise<VerifyReport> {
  const onProgress = (step: string) => progress.show(step);
  const selected = selectStacks(names, loaded.templates, '--stack');
  const deployed = await readStacks(selected, loaded.templates, account, onProgress);
  const { stacks, locations } = deployed;

  onProgress(`Linking ${count(loaded.templates.length, 'template')}`);
  const model = buildTracingModel(
    withLocations(loaded.templates, locations),
    withLocations(deployed.templates, locations),
  );

  const targets = deployedFunctions(model, stacks);
  const searching = readTransactionSearch(regionsWithTraces(targets), account);
  const { functions, failures: functionFailures } = await readFunctions(targets, account, onProgress);
  const { roles, failures: roleFailures } = await readRoles(
    activeRolesOf(targets, functions),
    account,
    onProgress,
  );

  const observed = { stacks, functions, roles, transactionSearch: await searching };

  const failures = [...selected.errors, ...deployed.failures, ...functionFailures, ...roleFailures];
  const accountErrors = failures.map((message) => ({ file: DEPLOYED, message }));
  return createVerifyReport({
    tool: TOOL,
    loaded: { ...loaded, errors: [...loaded.errors, ...deployed.errors, ...accountErrors] },
    model,
    stacks,
    results: verifyFunctions(model, observed, profile),
    notes: [...notes, ...deployed.notes, ...transactionSearchNotes(model, observed)],
  });
}

/** Returns the regions with functions that may record traces. Transaction Search does not matter to the others. */
function regionsWithTraces(targets: ReturnType<typeof deployedFunctions>): string[] {
  return targets.flatMap(({ function: fn, region }) =>
    expectedModeOf(fn) === 'PassThrough' ? [] : [region],
  );
}

function concurrencyOf({ concurrency }: VerifyOptions): number {
  const number = /^\d+$/.test(concurrency) ? Number(concurrency) : NaN;
  if (number >= 1 && number <= MAX_CONCURRENCY) return number;
  throw new UsageError(`--concurrency ${concurrency}: expected a whole number from 1 to ${MAX_CONCURRENCY}.`);
}

function statusOf({ functions, errors }: VerifyReport): number {
  if (errors.length > 0) return 2;
  return functions.some(({ drift }) => drift.length > 0) ? 1 : 0;
}
