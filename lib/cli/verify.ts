import { DeployedAccount, withLocations } from '../deployed/account';
import { readFunctions, readRoles } from '../deployed/read-functions';
import { readStacks } from '../deployed/read-stacks';
import { selectStacks } from '../input/deployed-stacks';
import type { Loaded } from '../input/loaded-template';
import { buildTracingModel } from '../model/build-model';
import type { TextOptions } from '../report/formats/text';
import { verifyJson } from '../report/verify/json';
import { type VerifyReport, verifyReportOn } from '../report/verify/report';
import { summaryLine, verifyText } from '../report/verify/text';
import { count } from '../report/wording';
import { activeRolesOf, deployedFunctions } from '../verify/deployed-functions';
import { verify as compare } from '../verify/verify';
import { TOOL } from '../version';
import { UsageError } from './errors';
import { readInput } from './input';
import type { VerifyFormatName, VerifyOptions } from './options';
import { writeResult } from './output';
import { ProgressLine, terminalWidth, usesColor } from './terminal';

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
    const report = await createReport(input.loaded, account, options, progress);
    const written = VERIFY_FORMATS[format](report, {
      quiet,
      color: output === undefined && usesColor(options),
      width: output === undefined ? terminalWidth(process.stdout) : undefined,
    });
    progress.clear();
    writeResult(written, { summary: summaryLine(report), errors: report.errors }, input, options);
    return statusOf(report);
  } finally {
    progress.clear();
    await account.close();
  }
}

/** From the templates and the account to what there is to tell of both. */
async function createReport(
  loaded: Loaded,
  account: DeployedAccount,
  { stack: names = [], profile }: VerifyOptions,
  progress: ProgressLine,
): Promise<VerifyReport> {
  const show = (what: string) => progress.show(what);
  const selected = selectStacks(names, loaded.templates, '--stack');
  const deployed = await readStacks(selected, loaded.templates, account, show);
  show(`Linking ${count(loaded.templates.length, 'template')}`);
  const { stacks, locations } = deployed;
  const model = buildTracingModel(
    withLocations(loaded.templates, locations),
    withLocations(deployed.templates, locations),
  );
  const targets = deployedFunctions(model, stacks);
  const { functions, failures: unread } = await readFunctions(targets, account, show);
  const wanted = activeRolesOf(targets, functions);
  const { roles, failures: unknown } = await readRoles(wanted, account, show);
  const failures = [...selected.errors, ...deployed.failures, ...unread, ...unknown];
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
  return functions.some(({ drift }) => drift.length > 0) ? 1 : 0;
}

/** What `--format` may name. */
const VERIFY_FORMATS: Readonly<
  Record<VerifyFormatName, (report: VerifyReport, options: TextOptions) => string>
> = { text: verifyText, json: verifyJson };
