import { alignBaseline, comparisonError, pairMessages, unmatchedMessages } from '../../lib/baseline/align';
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

describe('reports that no stack is compared', () => {
  test.each<[string, Source[], Source[], string | undefined]>([
    ['not if a stack is compared', stacks('Orders'), stacks('Orders', 'Billing'), undefined],
    ['not for an empty baseline', [], stacks('Orders'), undefined],
    ['not without current stacks', stacks('Orders'), [], undefined],
    [
      'for a different app',
      stacks('Orders', 'Net'),
      stacks('Billing'),
      'The baseline is from a different app: it contains Orders, Net, but none of Billing. Pass the previous version of ' +
        'this app.',
    ],
    [
      'not for a template whose resources are all new, at the same path',
      [template('base/app.yaml', { group: 'base' })],
      [template('app.yaml', { template: { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } } })],
      undefined,
    ],
    [
      'for several such templates',
      ['a', 'b'].map((name) => template(`base/${name}.yaml`, { group: 'base' })),
      ['a', 'b'].map((name) =>
        template(`${name}.yaml`, { template: { Resources: { [name]: { Type: 'AWS::SNS::Topic' } } } }),
      ),
      'The baseline is from a different app: it contains base/a.yaml, base/b.yaml, but none of a.yaml, b.yaml. Pass the ' +
        'previous version of this app.',
    ],
    [
      'for a different account',
      [stack('Orders', OLD)],
      [stack('Orders', { ...OLD, account: '222222222222' })],
      'The baseline is from a different account: Orders is in 111111111111/eu-west-1 there, but in ' +
        '222222222222/eu-west-1 here. Pass a baseline from the same account.',
    ],
    [
      'for a different region',
      [stack('Orders', { region: 'eu-west-1' })],
      [stack('Orders', { region: 'us-east-1', account: '222222222222' })],
      'The baseline is from a different region: Orders is in eu-west-1 there, but in 222222222222/us-east-1 here. Pass ' +
        'a baseline from the same region.',
    ],
    [
      'for a different account and region',
      [stack('Orders', OLD)],
      [stack('Orders', { account: '222222222222', region: 'us-east-1' })],
      'The baseline is from a different account and region: Orders is in 111111111111/eu-west-1 there, but in ' +
        '222222222222/us-east-1 here. Pass a baseline from the same account and region.',
    ],
    [
      'for a different region, with an account on one side only',
      [stack('Orders', OLD)],
      [stack('Orders', { region: 'us-east-1' })],
      'The baseline is from a different region: Orders is in 111111111111/eu-west-1 there, but in us-east-1 here. Pass ' +
        'a baseline from the same region.',
    ],
    [
      'for several matching templates of the baseline',
      ['a', 'b'].map((name) => template(`main/${name}/template.yaml`, { group: 'main' })),
      [template('template.yaml')],
      'Several templates of the baseline match template.yaml: main/a/template.yaml, main/b/template.yaml. Pass one of them as the baseline.',
    ],
    [
      'for several matching current templates',
      [template('old/template.yaml')],
      [template('a/template.yaml'), template('b/template.yaml')],
      'Several templates match old/template.yaml of the baseline: a/template.yaml, b/template.yaml. Check only one of them.',
    ],
  ])('%s', (_, baseline, current, expected) => {
    expect(comparisonError(alignBaseline(baseline, current), 'The baseline')).toBe(expected);
  });
});

const MANY = Array.from({ length: 12 }, (_, i) => String(i));
const FEW = MANY.slice(0, 5);

describe('notes', () => {
  test.each<[string, Source[], Source[], string[]]>([
    ['none if all stacks match', stacks('Orders', 'Net'), stacks('Net', 'Orders'), []],
    [
      'on removed and new stacks',
      stacks('Orders', 'Billing'),
      stacks('Orders', 'Search'),
      [
        '../main contains no baseline for Search.',
        'Only the baseline contains Billing, so it is not compared.',
      ],
    ],
    [
      'on many stacks',
      stacks('Orders', ...MANY.map((i) => `Old${i}`)),
      stacks('Orders', ...MANY.map((i) => `New${i}`)),
      [
        '../main contains no baseline for New0, New1, New2, New3, New4, 7 more.',
        'Only the baseline contains Old0, Old1, Old2, Old3, Old4, 7 more, so they are not compared.',
      ],
    ],
    [
      'with files if several stacks have the same name',
      stacks('Orders'),
      [
        ...stacks('Orders'),
        ...['eu', 'us'].map((id) => template(id, { file: `${id}.json`, stackName: 'New' })),
      ],
      ['../main contains no baseline for eu.json, us.json.'],
    ],
    [
      'on a stack that is in another region',
      ['eu', 'us'].map((region) => stack('Orders', { id: `old/${region}.json`, region })),
      ['eu', 'ap'].map((region) => stack('Orders', { id: `new/${region}.json`, region })),
      ['In a different account or region in the baseline: Orders (us there, ap here).'],
    ],
    [
      'with files if only one stack of the same name is compared',
      ['eu', 'us'].map((region) => stack('Orders', { id: `old/${region}.json`, region })),
      [stack('Orders', { region: 'eu' })],
      ['Only the baseline contains old/us.json, so it is not compared.'],
    ],
    [
      'on stacks with other names',
      ['Orders', 'Billing'].map((path) => stack(`${path}-main`, { constructPath: path })),
      ['Orders', 'Billing'].map((path) => stack(`${path}-pr1`, { constructPath: path })),
      [
        'Stacks with different names are compared: Orders-pr1 with Orders-main, Billing-pr1 with Billing-main.',
      ],
    ],
    [
      'none on a stack name on one side only',
      [template('Orders.json'), stack('Billing')],
      [stack('Orders'), template('Billing.json')],
      [],
    ],
    [
      'on one stack that is compared with several',
      stacks('Orders'),
      ['eu', 'us'].map((region) => template(`${region}.json`, { stackName: 'Orders', region })),
      [
        'The baseline contains no account and region for Orders, so it is compared with each of eu.json, us.json.',
      ],
    ],
    [
      'on a stack in another account',
      [stack('Net'), stack('Orders', OLD)],
      [stack('Net'), stack('Orders', { ...OLD, account: '222222222222' })],
      [
        'In a different account or region in the baseline: Orders (111111111111/eu-west-1 there, 222222222222/eu-west-1 here).',
      ],
    ],
    [
      'on ambiguous matches',
      [stack('Net'), ...['a', 'b'].map((id) => stack('Orders', { id, file: `old/${id}.json` }))],
      [stack('Net'), stack('Orders', { id: 'c', file: 'new/c.json' })],
      [
        'Several templates of the baseline match new/c.json: old/a.json, old/b.json. Pass one of them as the baseline.',
      ],
    ],
    [
      'on an uncertain match',
      ['a', 'b'].map((name) => template(`main/${name}/template.yaml`, { group: 'main' })),
      ['a', 'c'].map((name) => template(`${name}/template.yaml`, { group: name })),
      ['c/template.yaml may be a new version of main/b/template.yaml. To compare them, pass only these two.'],
    ],
    [
      'on as many ambiguous matches as are listed',
      [stack('Net'), ...FEW.flatMap((i) => ['a', 'b'].map((id) => stack(`S${i}`, { id: `${id}${i}` })))],
      [stack('Net'), ...FEW.map((i) => stack(`S${i}`, { id: `c${i}` }))],
      FEW.map(
        (i) =>
          `Several templates of the baseline match c${i}: a${i}, b${i}. Pass one of them as the baseline.`,
      ),
    ],
    [
      'on more ambiguous matches than are listed',
      [stack('Net'), ...MANY.flatMap((i) => ['a', 'b'].map((id) => stack(`S${i}`, { id: `${id}${i}` })))],
      [stack('Net'), ...MANY.map((i) => stack(`S${i}`, { id: `c${i}` }))],
      [
        ...MANY.slice(0, 5).map(
          (i) =>
            `Several templates of the baseline match c${i}: a${i}, b${i}. Pass one of them as the baseline.`,
        ),
        '7 more messages like this.',
      ],
    ],
  ])('%s', (_, baseline, current, expected) => {
    const aligned = alignBaseline(baseline, current);
    expect([...pairMessages(aligned), ...unmatchedMessages(aligned, '../main')]).toEqual(expected);
  });
});
