import { alignBaseline } from '../../lib/baseline/align';
import { notesOnOthers, notesOnPairs, whyNotCompared } from '../../lib/baseline/messages';
import type { TemplateSource } from '../../lib/cloudformation/template';

type Source = TemplateSource & { readonly file?: string };

function template(id: string, more: Partial<Source> = {}): Source {
  return { id, template: { Resources: { Fn: { Type: 'AWS::Lambda::Function' } } }, ...more };
}

function stack(stackName: string, more: Partial<Source> = {}): Source {
  return template(`${stackName}.json`, { stackName, ...more });
}

function stacks(...names: readonly string[]): Source[] {
  return names.map((name) => stack(name));
}

const OLD = { account: '111111111111', region: 'eu-west-1' };

describe('why nothing is compared', () => {
  test.each<[string, Source[], Source[], string | undefined]>([
    ['something is', stacks('Orders'), stacks('Orders', 'Billing'), undefined],
    ['there is nothing yet', [], stacks('Orders'), undefined],
    ['there is nothing any more', stacks('Orders'), [], undefined],
    [
      'it is another app',
      stacks('Orders', 'Net'),
      stacks('Billing'),
      'The baseline is of another app: it has Orders, Net, and nothing of what is judged (Billing). Name the one that ' +
        'this has come of.',
    ],
    [
      'it is another account',
      [stack('Orders', OLD)],
      [stack('Orders', { ...OLD, account: '222222222222' })],
      'The baseline is of another account: Orders is in 111111111111/eu-west-1 there, and in 222222222222/eu-west-1 ' +
        'here. Name one that is of the same.',
    ],
    [
      'it is another region',
      [stack('Orders', { region: 'eu-west-1' })],
      [stack('Orders', { region: 'us-east-1', account: '222222222222' })],
      'The baseline is of another region: Orders is in eu-west-1 there, and in 222222222222/us-east-1 here. Name one ' +
        'that is of the same.',
    ],
    [
      'it is both',
      [stack('Orders', OLD)],
      [stack('Orders', { account: '222222222222', region: 'us-east-1' })],
      'The baseline is of another account and region: Orders is in 111111111111/eu-west-1 there, and in ' +
        '222222222222/us-east-1 here. Name one that is of the same.',
    ],
    [
      'it is another region, and an account that only one side knows',
      [stack('Orders', OLD)],
      [stack('Orders', { region: 'us-east-1' })],
      'The baseline is of another region: Orders is in 111111111111/eu-west-1 there, and in us-east-1 here. Name one ' +
        'that is of the same.',
    ],
    [
      'there is more than one',
      ['a', 'b'].map((name) => template(`main/${name}/template.yaml`, { group: 'main' })),
      [template('template.yaml')],
      'template.yaml may have come of any of main/a/template.yaml, main/b/template.yaml: name that one as the baseline.',
    ],
    [
      'one may have become more than one',
      [template('old/template.yaml')],
      [template('a/template.yaml'), template('b/template.yaml')],
      'Any of a/template.yaml, b/template.yaml may have come of old/template.yaml: judge that one alone.',
    ],
  ])('%s', (_, baseline, current, expected) => {
    expect(whyNotCompared(alignBaseline(baseline, current), 'The baseline')).toBe(expected);
  });
});

const MANY = Array.from({ length: 12 }, (_, i) => String(i));
const FEW = MANY.slice(0, 5);

describe('notes', () => {
  test.each<[string, Source[], Source[], string[]]>([
    ['none, where all is as anybody would expect', stacks('Orders', 'Net'), stacks('Net', 'Orders'), []],
    [
      'on what is gone, and what is new',
      stacks('Orders', 'Billing'),
      stacks('Orders', 'Search'),
      [
        'There is no baseline for Search: nothing in ../main is known to be the same.',
        'Billing in the baseline is compared with nothing: nothing that is judged is known to be the same.',
      ],
    ],
    [
      'on very many',
      stacks('Orders', ...MANY.map((i) => `Old${i}`)),
      stacks('Orders', ...MANY.map((i) => `New${i}`)),
      [
        'There is no baseline for New0, New1, New2, New3, New4, 7 more: nothing in ../main is known to be the same.',
        'Old0, Old1, Old2, Old3, Old4, 7 more in the baseline are compared with nothing: nothing that is judged is ' +
          'known to be the same.',
      ],
    ],
    [
      'by the files, where the names do not tell',
      stacks('Orders'),
      [
        ...stacks('Orders'),
        ...['eu', 'us'].map((id) => template(id, { file: `${id}.json`, stackName: 'New' })),
      ],
      ['There is no baseline for eu.json, us.json: nothing in ../main is known to be the same.'],
    ],
    [
      'on one that has moved, and one that has not',
      ['eu', 'us'].map((region) => stack('Orders', { id: `old/${region}.json`, region })),
      ['eu', 'ap'].map((region) => stack('Orders', { id: `new/${region}.json`, region })),
      ['In another account or region in the baseline: Orders (us there, ap here).'],
    ],
    [
      'by the files, where only one of the same name is compared',
      ['eu', 'us'].map((region) => stack('Orders', { id: `old/${region}.json`, region })),
      [stack('Orders', { region: 'eu' })],
      [
        'old/us.json in the baseline is compared with nothing: nothing that is judged is known to be the same.',
      ],
    ],
    [
      'on stacks of other names',
      ['Orders', 'Billing'].map((path) => stack(`${path}-main`, { constructPath: path })),
      ['Orders', 'Billing'].map((path) => stack(`${path}-pr1`, { constructPath: path })),
      ['Stacks of different names are compared: Orders-pr1 with Orders-main, Billing-pr1 with Billing-main.'],
    ],
    [
      'none on a name that only one side knows',
      [template('Orders.json'), stack('Billing')],
      [stack('Orders'), template('Billing.json')],
      [],
    ],
    [
      'on one for several',
      stacks('Orders'),
      ['eu', 'us'].map((region) => template(`${region}.json`, { stackName: 'Orders', region })),
      [
        'Orders is in no certain account and region in the baseline: eu.json, us.json are each compared with it.',
      ],
    ],
    [
      'on other accounts',
      [stack('Net'), stack('Orders', OLD)],
      [stack('Net'), stack('Orders', { ...OLD, account: '222222222222' })],
      [
        'In another account or region in the baseline: Orders (111111111111/eu-west-1 there, 222222222222/eu-west-1 here).',
      ],
    ],
    [
      'on what can not be told',
      [stack('Net'), ...['a', 'b'].map((id) => stack('Orders', { id, file: `old/${id}.json` }))],
      [stack('Net'), stack('Orders', { id: 'c', file: 'new/c.json' })],
      ['new/c.json may have come of any of old/a.json, old/b.json: name that one as the baseline.'],
    ],
    [
      'on what is by itself of its name, among others',
      ['a', 'b'].map((name) => template(`main/${name}/template.yaml`, { group: 'main' })),
      ['a', 'c'].map((name) => template(`${name}/template.yaml`, { group: name })),
      ['c/template.yaml may have come of main/b/template.yaml: compare the two alone.'],
    ],
    [
      'on as many as anybody reads that can not be told',
      [stack('Net'), ...FEW.flatMap((i) => ['a', 'b'].map((id) => stack(`S${i}`, { id: `${id}${i}` })))],
      [stack('Net'), ...FEW.map((i) => stack(`S${i}`, { id: `c${i}` }))],
      FEW.map((i) => `c${i} may have come of any of a${i}, b${i}: name that one as the baseline.`),
    ],
    [
      'on very many that can not be told',
      [stack('Net'), ...MANY.flatMap((i) => ['a', 'b'].map((id) => stack(`S${i}`, { id: `${id}${i}` })))],
      [stack('Net'), ...MANY.map((i) => stack(`S${i}`, { id: `c${i}` }))],
      [
        ...MANY.slice(0, 5).map(
          (i) => `c${i} may have come of any of a${i}, b${i}: name that one as the baseline.`,
        ),
        'And 7 more of this kind.',
      ],
    ],
  ])('%s', (_, baseline, current, expected) => {
    const aligned = alignBaseline(baseline, current);
    expect([...notesOnPairs(aligned), ...notesOnOthers(aligned, '../main')]).toEqual(expected);
  });
});
