import { Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnTransactionSearchConfig } from 'aws-cdk-lib/aws-xray';
import { TransactionSearch } from '../../lib/constructs/transaction-search';
import { app } from '../apps/app';
import { findings, only } from './traced-stacks';

const ENV = { account: '111122223333', region: 'eu-west-1' };

test('turns Transaction Search on, after the policy that it needs', () => {
  const stack = new Stack(app(), 'Stack', { env: ENV });
  new TransactionSearch(stack, 'Search');
  const template = Template.fromStack(stack);
  const [policyId] = Object.keys(template.findResources('AWS::Logs::ResourcePolicy'));
  expect(Object.values(template.findResources('AWS::XRay::TransactionSearchConfig'))).toEqual([
    {
      Type: 'AWS::XRay::TransactionSearchConfig',
      Properties: { IndexingPercentage: 1 },
      DependsOn: [policyId],
    },
  ]);
  const { PolicyDocument: document } = only(template, 'AWS::Logs::ResourcePolicy');
  const text = JSON.stringify(document);
  expect(text).toContain(':logs:eu-west-1:111122223333:log-group:aws/spans:*');
  expect(text).toContain(':logs:eu-west-1:111122223333:log-group:/aws/application-signals/data:*');
  expect(text).toContain('xray.amazonaws.com');
  expect(findings(stack, 'error')).toEqual([]);
});

test('has no findings in a stack without an account and region', () => {
  const stack = new Stack(app(), 'Stack');
  new TransactionSearch(stack, 'Search');
  expect(findings(stack, 'error')).toEqual([]);
});

test.each([0, 2.5, 100])('indexes %s percent', (indexingPercentage) => {
  const stack = new Stack(app(), 'Stack');
  new TransactionSearch(stack, 'Search', { indexingPercentage });
  expect(only(Template.fromStack(stack), 'AWS::XRay::TransactionSearchConfig')).toEqual({
    IndexingPercentage: indexingPercentage,
  });
});

test.each([-1, 101, NaN])('rejects %s percent', (indexingPercentage) => {
  const stack = new Stack(app(), 'Stack');
  expect(() => new TransactionSearch(stack, 'Search', { indexingPercentage })).toThrow(
    `Stack/Search: indexingPercentage must be from 0 to 100, but is ${indexingPercentage}.`,
  );
});

describe('two in an app', () => {
  test.each([
    ['the same region', ENV, ENV],
    ['regions known only at deployment', undefined, undefined],
  ])('are an error in %s', (_, one, other) => {
    const root = app();
    const stack = new Stack(root, 'A', { env: one });
    new TransactionSearch(stack, 'Search');
    new CfnTransactionSearchConfig(new Stack(root, 'B', { env: other }), 'Config');
    expect(() => root.synth()).toThrow(
      /'A\/Search' and 'B\/Config' turn Transaction Search on in the same account and region/,
    );
  });

  test('are reported once', () => {
    const root = app();
    for (const id of ['A', 'B']) new TransactionSearch(new Stack(root, id, { env: ENV }), 'Search');
    expect(() => root.synth()).toThrow(
      /^(?:(?!turn Transaction)[^])*'B\/Search' and 'A\/Search' turn Transaction(?:(?!turn Transaction)[^])*$/,
    );
  });

  test('are accepted in two regions, in a region known only at deployment, and in two stages', () => {
    const root = app();
    new TransactionSearch(new Stack(root, 'Any'), 'Search');
    new TransactionSearch(new Stack(root, 'A', { env: ENV }), 'Search');
    new TransactionSearch(new Stack(root, 'B', { env: { ...ENV, region: 'us-east-1' } }), 'Search');
    new TransactionSearch(
      new Stack(new Stage(root, 'Prod'), 'C', { env: { account: '444455556666' } }),
      'Search',
    );
    expect(() => root.synth()).not.toThrow();
  });
});
