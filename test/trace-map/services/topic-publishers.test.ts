import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { PUBLISHERS } from '../../../lib/trace-map/services/sns';
import { topicPublishers } from '../../../scripts/topic-publishers';

test('the table of publishers is that of the resource schemas', () => {
  expect(PUBLISHERS).toEqual(topicPublishers(loadAwsServiceSpecSync()));
});
