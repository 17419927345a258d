import { chosenStacks } from '../deployed/chosen-stacks';
import { DeployedAccount } from '../deployed/deployed-account';
import { inTheirPlaces } from '../deployed/deployed-places';
import { readFunctions } from '../deployed/read-functions';
import { readRoles } from '../deployed/read-roles';
import { readStacks } from '../deployed/read-stacks';
import type { Loaded } from '../load/loaded';
import { buildTracingModel } from '../model/model-builder';
import { count } from '../report/in-words';
import { summaryLine } from '../report/verify/in-words';
import { type VerifyReport, verifyReportOn } from '../report/verify/verify-report';
import { activeRolesOf } from '../verify/active-roles';
import { deployedFunctions } from '../verify/deployed-function';
import { verify as compare } from '../verify/verify';
import { usesColor } from './color';
import { deliver } from './deliver';
import { readInput } from './input';
import { ProgressLine } from './progress-line';
import { terminalWidth } from './terminal-width';
import { TOOL } from './tool';
import { UsageError } from './usage-error';
import { VERIFY_FORMATS } from './verify-formats';
import type { VerifyOptions } from './verify-options';

/** What is blamed for errors that are in no template. */
const DEPLOYED = 'deployed';

/** More than this only makes AWS refuse requests. */
const MAX_CONCURRENCY = 64;

/**
 * `cdk-lambda-xray verify [PATH...]`
 *
 * @returns the exit status
 * @throws UsageError if the options or the output file are wrong
 */
export async function verify(paths: readonly string[], options: VerifyOptions): Promise<number> {
  const { format, output, quiet = false, region, profile } = options;
  const account = new DeployedAccount({ region, profile, concurrency: concurrencyOf(options) });
  const progress = new ProgressLine(process.stderr);
  try {
    const input = await readInput(paths, {}, progress);
    const report = await verified(input.loaded, account, options, progress);
    const written = VERIFY_FORMATS[format](report, {
      quiet,
      color: output === undefined && usesColor(options),
      width: output === undefined ? terminalWidth(process.stdout) : undefined,
    });
    progress.clear();
    deliver(written, { summary: summaryLine(report), errors: report.errors }, input, options);
    return statusOf(report);
  } finally {
    progress.clear();
    await account.close();
  }
}

/** From the templates and the account to what there is to tell of both. */
async function verified(
  loaded: Loaded,
  account: DeployedAccount,
  { stack: names = [], profile }: VerifyOptions,
  progress: ProgressLine,
): Promise<VerifyReport> {
  const show = (what: string) => progress.show(what);
  const chosen = chosenStacks(names, loaded.templates);
  const deployed = await readStacks(chosen, loaded.templates, account, show);
  show(`Linking ${count(loaded.templates.length, 'template')}`);
  const { stacks, places } = deployed;
  const model = buildTracingModel(
    inTheirPlaces(loaded.templates, places),
    inTheirPlaces(deployed.templates, places),
  );
  const targets = deployedFunctions(model, stacks);
  const { functions, failures: unread } = await readFunctions(targets, account, show);
  const wanted = activeRolesOf(targets, functions);
  const { roles, failures: unknown } = await readRoles(wanted, account, show);
  const failures = [...chosen.errors, ...deployed.failures, ...unread, ...unknown];
  const blamed = failures.map((message) => ({ file: DEPLOYED, message }));
  return verifyReportOn({
    tool: TOOL,
    loaded: { ...loaded, errors: [...loaded.errors, ...deployed.errors, ...blamed] },
    model,
    stacks,
    verified: compare(model, { stacks, functions, roles }, profile),
    notes: deployed.notes,
  });
}

function concurrencyOf({ concurrency }: VerifyOptions): number {
  const number = /^\d+$/.test(concurrency) ? Number(concurrency) : NaN;
  if (number >= 1 && number <= MAX_CONCURRENCY) return number;
  throw new UsageError(`--concurrency ${concurrency}: write a whole number from 1 to ${MAX_CONCURRENCY}.`);
}

function statusOf({ functions, errors }: VerifyReport): number {
  if (errors.length > 0) return 2;
  return functions.some(({ deviations }) => deviations.length > 0) ? 1 : 0;
}
