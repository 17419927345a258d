import { join } from 'node:path';
import { checkModel } from '../../lib/checker/check';
import { NO_CONFIG } from '../../lib/config/config';
import { checkChange } from '../../lib/guard/check-change';
import { buildTracingModel } from '../../lib/model/build-model';
import { bundledCommand, folderWith, runShared } from '../cli/bundled-command';

interface JsonFinding {
  readonly ruleId: string;
  readonly logicalId: string;
  readonly property: string;
  readonly severity: string;
  readonly message: string;
  readonly fix: string;
  readonly acknowledged?: unknown;
}

/** Returns the fields of a finding that are the same at the door and in reports. */
export const inOneLine = ({ ruleId, logicalId, property, severity, message, fix }: JsonFinding): string =>
  JSON.stringify([ruleId, logicalId, property, severity, message, fix]);

/** Returns the findings of the guard, and those that it counts as added. */
export function atTheDoor(template: string, previousTemplate: string) {
  const { findings, added } = checkChange(
    { stack: { name: 'Stack' }, template, previousTemplate },
    NO_CONFIG,
  );
  const flat = findings.map((one) => ({ ...one, ruleId: one.rule.id }));
  return {
    findings: flat.map(inOneLine).sort(),
    added: findings
      .flatMap((one, i) => (added.has(one) && !one.acknowledged ? [inOneLine(flat[i])] : []))
      .sort(),
  };
}

/** Returns the findings of the guard, and those of a check with a baseline. */
export function atTheDoorAndChecked(template: unknown, previousTemplate: unknown): [string[], string[]] {
  const [after, before] = [template, previousTemplate].map((one) => JSON.stringify(one));
  const source = (text: string) => ({
    id: 'Stack',
    stackName: 'Stack',
    template: JSON.parse(text) as unknown,
  });
  const checked = checkModel(buildTracingModel([source(after)], [source(before)]));
  return [
    atTheDoor(after, before).findings,
    checked.map((one) => inOneLine({ ...one, ruleId: one.rule.id })).sort(),
  ];
}

/** Runs the command with a baseline, and returns the findings of `check` and the new ones of `diff`. */
export async function byCommand(template: string, previousTemplate: string) {
  const cwd = folderWith({ 'before/stack.template': previousTemplate, 'after/stack.template': template });
  const command = await bundledCommand();
  const [before, after] = ['before', 'after'].map((folder) => join(folder, 'stack.template'));
  const results = [];
  for (const args of [
    ['check', after, '--baseline', before],
    ['diff', before, after],
  ]) {
    const { stdout, stderr, status } = await runShared(command, [...args, '--format', 'json'], { cwd });
    if (status === null || status > 1) throw new Error(stderr);
    results.push(JSON.parse(stdout) as unknown);
  }
  const [checked, changes] = results as [{ findings: JsonFinding[] }, { findings: { new: JsonFinding[] } }];
  return {
    findings: checked.findings.map(inOneLine).sort(),
    added: changes.findings.new
      .filter(({ acknowledged }) => !acknowledged)
      .map(inOneLine)
      .sort(),
  };
}
