import { initialsOf } from '../../../../lib/report/map/draw/text-width';
import { SERVICES } from '../../../../lib/trace-map/services';

test.each([
  ['Amazon SQS', 'SQS'],
  ['Amazon EventBridge', 'EB'],
  ['AWS Step Functions', 'SF'],
  ['Amazon API Gateway (REST API)', 'API'],
  ['Application Load Balancer', 'ALB'],
  ['', ''],
])('the initials of %j are %j', (title, initials) => {
  expect(initialsOf(title)).toBe(initials);
});

test('every service has initials', () => {
  for (const { title } of Object.values(SERVICES)) expect(initialsOf(title)).toMatch(/^[A-Z0-9]{1,4}$/);
});
