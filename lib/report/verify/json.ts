import { printable } from '../../text/printable';
import { contractJson, errorOf, resourceOf } from '../formats/json';
import { summaryOf, type VerifiedFunction, type VerifyReport } from './report';

/** Formats a report as JSON, as defined in docs/verify-report.schema.json. */
export function verifyJson(report: VerifyReport): string {
  return contractJson(report.tool, {
    summary: summaryOf(report),
    functions: report.functions.map(functionOf),
    notes: report.notes,
    errors: report.errors.map(errorOf),
  });
}

function functionOf(fn: VerifiedFunction): object {
  const {
    stack,
    region,
    account,
    stackUpdated,
    functionName,
    expectedMode,
    mode,
    versions,
    aliases,
    permissions,
    drift,
    notCompared,
  } = fn;
  return {
    ...resourceOf(fn),
    stack,
    region,
    account,
    stackUpdated,
    functionName,
    expectedMode,
    mode,
    versions,
    aliases,
    permissions,
    drift: drift.map(({ kind, message, fix, commands, about }) => ({
      kind,
      about,
      message,
      fix,
      // Users run commands or paste them into a terminal, which acts on control characters even within quotes.
      commands: commands.map(printable),
    })),
    notCompared: notCompared.map(({ what, reason }) => ({ what, reason })),
  };
}
