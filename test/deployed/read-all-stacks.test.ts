import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { readAllStacks, readStacks } from '../../lib/deployed/read-stacks';
import { selectStacks } from '../../lib/input/read-deployed-stacks';
import { denied, inAccount, withNobody } from './account';

withNobody();
afterAll(() => cloudFormation.restore());

const cloudFormation = mockClient(CloudFormationClient);
beforeEach(() => cloudFormation.reset());

const FUNCTION = '{"Resources":{"Fn":{"Type":"AWS::Lambda::Function"}}}';
const TOPIC = '{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}';

function stack(name: string, status: Stack['StackStatus'] = 'CREATE_COMPLETE'): Stack {
  const StackId = `arn:aws:cloudformation:eu-west-1:111122223333:stack/${name}/0a1b`;
  return { StackName: name, StackId, CreationTime: new Date(0), StackStatus: status };
}

const read = () => inAccount((account) => readAllStacks(account, () => undefined));

test('reads all pages of stacks, without those that have no resources or functions', async () => {
  cloudFormation
    .on(DescribeStacksCommand)
    .resolves({ Stacks: [stack('Orders'), stack('Draft', 'REVIEW_IN_PROGRESS')], NextToken: 'more' })
    .on(DescribeStacksCommand, { NextToken: 'more' })
    .resolves({ Stacks: [stack('Topics'), stack('Shipments')] })
    .on(GetTemplateCommand)
    .resolves({ TemplateBody: FUNCTION })
    .on(GetTemplateCommand, { StackName: 'Topics' })
    .resolves({ TemplateBody: TOPIC });
  const { loaded, failures, notes } = await read();
  expect(loaded.templates).toMatchObject(
    ['Orders', 'Shipments'].map((stackName) => ({
      id: `deployed:${stackName}`,
      stackName,
      region: 'eu-west-1',
      account: '111122223333',
    })),
  );
  expect({ failures, errors: loaded.errors, notes }).toEqual({
    failures: [],
    errors: [],
    notes: ['1 other stack has no functions.'],
  });
});

test('reads the other stacks if a template is denied', async () => {
  cloudFormation
    .on(DescribeStacksCommand)
    .resolves({ Stacks: [stack('Orders'), stack('Secret')] })
    .on(GetTemplateCommand)
    .resolves({ TemplateBody: FUNCTION })
    .on(GetTemplateCommand, { StackName: 'Secret' })
    .rejects(denied('cloudformation:GetTemplate'));
  const { loaded, failures } = await read();
  expect(loaded.templates.map(({ stackName }) => stackName)).toEqual(['Orders']);
  expect(failures).toEqual([
    expect.stringMatching(/^Can't read the template of the stack 'Secret' in eu-west-1: Access denied\./),
  ]);
});

test('reports that the stacks cannot be listed', async () => {
  cloudFormation.on(DescribeStacksCommand).rejects(denied('cloudformation:DescribeStacks'));
  const { loaded, failures } = await read();
  expect(loaded.templates).toEqual([]);
  expect(failures).toEqual([expect.stringMatching(/^Can't list the stacks: Access denied\./)]);
});

test('reads each template once for both sides of a comparison', async () => {
  cloudFormation
    .on(DescribeStacksCommand)
    .resolves({ Stacks: [stack('Orders')] })
    .on(GetTemplateCommand)
    .resolves({ TemplateBody: FUNCTION })
    .on(ListStackResourcesCommand)
    .resolves({ StackResourceSummaries: [] });
  await inAccount(async (account) => {
    const { templates } = (await readAllStacks(account, () => undefined)).loaded;
    const resource = {
      LogicalResourceId: 'Fn',
      PhysicalResourceId: 'fn',
      ResourceType: 'AWS::Lambda::Function',
    };
    cloudFormation.on(ListStackResourcesCommand).resolves({
      StackResourceSummaries: [
        { ...resource, ResourceStatus: 'CREATE_COMPLETE', LastUpdatedTimestamp: new Date(0) },
      ],
    });
    const selected = selectStacks([], templates, '--stack');
    const { templates: deployed } = await readStacks(selected, templates, account, () => undefined);
    expect(deployed.map(({ id }) => id)).toEqual(['deployed:Orders']);
  });
  expect(cloudFormation.commandCalls(GetTemplateCommand)).toHaveLength(1);
});
