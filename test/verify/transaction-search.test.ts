import { buildTracingModel } from '../../lib/model/build-model';
import type { ObservedTransactionSearch } from '../../lib/verify/deployed-functions';
import { transactionSearchNotes } from '../../lib/verify/verify';
import { lambda, stack } from '../rules/templates';

const ON = { isOn: true, isPending: false, indexingPercentage: 1 };

/** Returns the notes for a stack in eu-west-1. */
function notes(search: object | undefined, state: Omit<ObservedTransactionSearch, 'region'>): string[] {
  const resources = { Fn: lambda('Active'), ...(search && { Search: search }) };
  const model = buildTracingModel([stack('orders', resources, { account: '1', region: 'eu-west-1' })]);
  const stacks = [{ template: 'orders', name: 'Orders', region: 'eu-west-1', resources: [] }];
  const transactionSearch = [{ region: 'eu-west-1', ...state }];
  return transactionSearchNotes(model, { stacks, functions: [], roles: [], transactionSearch });
}

function config(properties: object = {}, more: object = {}) {
  return { Type: 'AWS::XRay::TransactionSearchConfig', Properties: properties, ...more };
}

test.each<[string, object | undefined, Omit<ObservedTransactionSearch, 'region'>]>([
  ['on in both', config(), ON],
  ['off in both', undefined, { isOn: false }],
  ['on in both, without a known percentage', config({ IndexingPercentage: 5 }), { isOn: true }],
  ['on by a condition', config({}, { Condition: 'IsProd' }), { isOn: false }],
  ['not known, and not in the templates', undefined, { error: 'Access denied.' }],
])('are empty if it is %s', (_, search, state) => {
  expect(notes(search, state)).toEqual([]);
});

test.each<[string, object | undefined, Omit<ObservedTransactionSearch, 'region'>, RegExp]>([
  [
    'on in the account only',
    undefined,
    ON,
    /^Transaction Search is on in eu-west-1, and these templates do not/,
  ],
  [
    'on in the templates only',
    config(),
    { isOn: false },
    /^'Search' turns on Transaction Search, but X-Ray does not/,
  ],
  [
    'pending',
    config(),
    { ...ON, isPending: true },
    /^X-Ray is still turning on Transaction Search in eu-west-1\.$/,
  ],
  [
    'on with another percentage',
    config({ IndexingPercentage: 5 }),
    ON,
    /^X-Ray indexes 1 percent of the spans in eu-west-1, and 'Search' sets 5 percent\./,
  ],
  [
    'not known',
    config(),
    { error: 'Access denied.' },
    /^Transaction Search in eu-west-1 could not be compared with the templates\. Access denied\.$/,
  ],
])('are about what is %s', (_, search, state, expected) => {
  expect(notes(search, state)).toEqual([expect.stringMatching(expected)]);
});
