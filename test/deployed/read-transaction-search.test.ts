import { GetIndexingRulesCommand, GetTraceSegmentDestinationCommand, XRayClient } from '@aws-sdk/client-xray';
import { mockClient } from 'aws-sdk-client-mock';
import { readTransactionSearch } from '../../lib/deployed/read-functions';
import { denied, inAccount, PRINCIPAL, withNobody } from './account';

withNobody();
afterAll(() => xray.restore());

const xray = mockClient(XRayClient);
beforeEach(() => xray.reset());

function read(...regions: readonly string[]) {
  return inAccount((account) => readTransactionSearch(regions, account));
}

test('reads the destination of each region once, and the percentage where spans go to CloudWatch Logs', async () => {
  xray
    .on(GetTraceSegmentDestinationCommand)
    .resolvesOnce({ Destination: 'XRay', Status: 'ACTIVE' })
    .resolves({ Destination: 'CloudWatchLogs', Status: 'PENDING' });
  xray.on(GetIndexingRulesCommand).resolves({
    IndexingRules: [
      { Name: 'Other', Rule: { Probabilistic: { DesiredSamplingPercentage: 7 } } },
      { Name: 'Default', Rule: { Probabilistic: { DesiredSamplingPercentage: 5 } } },
    ],
  });
  expect(await read('eu-west-1', 'eu-west-1')).toEqual([{ region: 'eu-west-1', isOn: false }]);
  expect(await read('eu-west-1')).toEqual([
    { region: 'eu-west-1', isOn: true, isPending: true, indexingPercentage: 5 },
  ]);
  expect(xray.commandCalls(GetIndexingRulesCommand)).toHaveLength(1);
});

test('keeps the reason of a request that fails', async () => {
  xray.on(GetTraceSegmentDestinationCommand).rejects(denied('xray:GetTraceSegmentDestination'));
  expect(await read('eu-west-1')).toEqual([
    {
      region: 'eu-west-1',
      error: `Access denied. Allow xray:GetTraceSegmentDestination for ${PRINCIPAL}.`,
    },
  ]);
});
