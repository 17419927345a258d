import { Template } from 'aws-cdk-lib/assertions';
import { stack as callers } from './callers';
import { stack as existingFunctions } from './existing-functions';
import { stack as tracedFunctions } from './traced-functions';

test.each([
  ['callers', callers],
  ['existing functions', existingFunctions],
  ['traced functions', tracedFunctions],
])('the template of %s', (_, stack) => {
  expect(Template.fromStack(stack).toJSON()).toMatchSnapshot();
});
