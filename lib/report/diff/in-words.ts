import { count } from '../in-words';
import { SEVERITIES } from '../severities';
import { type Diff, isChanged } from './diff';
import { summaryOf } from './summary';

/** The changes in a few words, such as `1 new error, 2 gone`. */
export function verdict(diff: Diff): string {
  if (!diff.isCompared) return 'Nothing could be compared';
  if (!isChanged(diff)) return 'Nothing changed';
  const { findings } = summaryOf(diff);
  const fresh = SEVERITIES.filter((severity) => findings.new[severity] > 0).map((severity) =>
    count(findings.new[severity], `new ${severity}`, severity === 'info' ? 'new info' : undefined),
  );
  const gone = SEVERITIES.reduce((sum, severity) => sum + findings.gone[severity], 0);
  return [
    ...(fresh.length > 0 ? fresh : ['No new findings']),
    ...(gone > 0 ? [`${gone} gone`] : []),
    ...(findings.acknowledged > 0 ? [`${findings.acknowledged} acknowledged`] : []),
  ].join(', ');
}

/** The verdict and the numbers, on one line. */
export function summaryLine(diff: Diff): string {
  return `${verdict(diff)}. ${numbersInWords(diff)}`.trimEnd();
}

/** What becomes of how many functions, and whether all could be read; nothing where there is nothing to say. */
export function numbersInWords(diff: Diff): string {
  return [functionsInWords(diff), unreadInWords(diff)].filter((sentence) => sentence !== '').join(' ');
}

/** Such as `2 functions changed, 1 added, 5 unchanged, 1 of them published anew.` */
function functionsInWords(diff: Diff): string {
  const { changed, added, removed, republished, unchanged } = summaryOf(diff).functions;
  const [first, ...others] = (
    [
      [changed, 'changed'],
      [added, 'added'],
      [removed, 'removed'],
      [unchanged + republished, 'unchanged'],
    ] as const
  ).filter(([number]) => number > 0);
  if (!first) return '';
  const parts = [
    `${count(first[0], 'function')} ${first[1]}`,
    ...others.map(([number, what]) => `${number} ${what}`),
    ...(republished > 0 ? [`${republished} of them published anew`] : []),
  ];
  return `${parts.join(', ')}.`;
}

function unreadInWords({ before, after, isCompared }: Diff): string {
  const errors = before.errors.length + after.errors.length;
  if (errors === 0) return '';
  const effect = isCompared ? ': what is in it may look added or removed' : '';
  return `${count(errors, 'part')} of the input could not be read${effect}.`;
}
