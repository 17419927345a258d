import { NEVER_SAMPLED } from '../../lib/rules/never-sampled';
import { TRANSACTION_SEARCH_POLICY } from '../../lib/rules/transaction-search-policy';
import { findingsIn, parseCloudFormation, type Resources, ruleTester, stack } from './templates';

const CONFIG = { Type: 'AWS::XRay::TransactionSearchConfig', Properties: { IndexingPercentage: 1 } };
const GROUPS = ['aws/spans', '/aws/application-signals/data'];

const statement = (groups: readonly string[] = GROUPS, more: object = {}) => ({
  Effect: 'Allow',
  Principal: { Service: 'xray.amazonaws.com' },
  Action: 'logs:PutLogEvents',
  Resource: groups.map((name) => `arn:aws:logs:eu-west-1:111122223333:log-group:${name}:*`),
  ...more,
});
const policy = (document: unknown) => ({
  Type: 'AWS::Logs::ResourcePolicy',
  Properties: { PolicyName: 'p', PolicyDocument: document },
});
const system = (...statements: object[]): Resources => ({
  Search: CONFIG,
  Policy: policy(JSON.stringify({ Statement: statements })),
});

ruleTester(TRANSACTION_SEARCH_POLICY, {
  valid: [
    ['a system without Transaction Search', { Policy: policy('{}') }],
    ['a policy', system(statement())],
    ['a policy for each log group', system(statement([GROUPS[0]]), statement([GROUPS[1]]))],
    [
      'all actions, principals and log groups',
      system({ Effect: 'Allow', Principal: '*', Action: 'logs:*', Resource: '*' }),
    ],
    [
      'a policy in another stack',
      stack('a', { Search: CONFIG }),
      stack('b', { Policy: system(statement()).Policy }),
    ],
    ['a document known only at deployment', { Search: CONFIG, Policy: policy({ Ref: 'Document' }) }],
    [
      'a macro, which can add the policy',
      stack('t', { Search: CONFIG }, { sections: { Transform: ['Own'] } }),
    ],
  ],
  invalid: [
    ['Search ', 'no policy', { Search: CONFIG }],
    ['Search ', 'a policy for one of the log groups', system(statement([GROUPS[0]]))],
    [
      'Search ',
      'a policy for another service',
      system(statement(GROUPS, { Principal: { Service: 'es.amazonaws.com' } })),
    ],
    ['Search ', 'a policy for another action', system(statement(GROUPS, { Action: 'logs:CreateLogStream' }))],
    ['Search ', 'a denial', system(statement(GROUPS, { Effect: 'Deny' }))],
    [
      'Search ',
      'a policy in another region',
      stack('a', { Search: CONFIG }, { region: 'eu-west-1' }),
      stack('b', { Policy: system(statement()).Policy }, { region: 'us-east-1' }),
    ],
    [
      'Search ',
      'a construct of CDK',
      stack('a', { Search: CONFIG }, { constructPaths: { Search: 'App/Search' } }),
    ],
  ],
});

test('with Transaction Search, functions are never reported as never sampled', () => {
  const template = parseCloudFormation(NEVER_SAMPLED.examples.incorrect) as { Resources: Resources };
  expect(findingsIn(NEVER_SAMPLED, template.Resources)).toHaveLength(1);
  expect(findingsIn(NEVER_SAMPLED, { ...template.Resources, Search: CONFIG })).toEqual([]);

  // Another stage can be in another account.
  const stages = [
    stack('a', template.Resources, { group: 'Dev' }),
    stack('b', { Search: CONFIG }, { group: 'Prod' }),
  ];
  expect(findingsIn(NEVER_SAMPLED, ...stages)).toHaveLength(1);
});
