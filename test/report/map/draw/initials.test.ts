import { initialsOf } from '../../../../lib/report/map/draw/text-width';
import { SERVICES } from '../../../../lib/trace-map/services';

test.each([
  ['Amazon SQS', 'SQS'],
  ['Amazon EventBridge', 'EB'],
  ['AWS Step Functions', 'SF'],
  ['Amazon API Gateway (REST API)', 'API'],
  ['Application Load Balancer', 'ALB'],
  ['', ''],
])('of %j: %j', (title, initials) => {
  expect(initialsOf(title)).toBe(initials);
});

test('no service is without', () => {
  for (const { title } of Object.values(SERVICES)) expect(initialsOf(title)).toMatch(/^[A-Z0-9]{1,4}$/);
});
