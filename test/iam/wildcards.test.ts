import { matchesPattern } from '../../lib/iam/policy-document';

// "IAM JSON policy elements: Resource" (IAM User Guide): `*` matches any number of characters, `?` one.
test.each([
  ['s3:getobject', 's3:getobject'],
  ['*', 's3:getobject'],
  ['*', ''],
  ['*', '*'],
  ['', ''],
  ['s3:*', 's3:getobject'],
  ['s3:getobject*', 's3:getobject'],
  ['s3:getobject**', 's3:getobject'],
  ['*object', 's3:getobject'],
  ['*s3:get?bject', 's3:getobject'],
  ['s3:*getobject', 's3:getobject'],
  ['s3:*ob*ct', 's3:getobject'],
  ['s3:*object', 's3:getobject-object'],
  ['s3:get?bject', 's3:getobject'],
  ['??:get*', 's3:getobject'],
  ['a*c', 'a*bc'],
  ['a?c', 'a*c'],
])("'%s' matches '%s'", (pattern, candidate) => {
  expect(matchesPattern(pattern, candidate)).toBe(true);
});

test.each([
  ['', 's3:getobject'],
  ['s3:getobject', ''],
  ['s3:getobject', 's3:getobjects'],
  ['s3:getobjects', 's3:getobject'],
  ['object', 's3:getobject'],
  ['*objects', 's3:getobject'],
  ['s3:*get', 's3:getobject'],
  ['s3:getobject?', 's3:getobject'],
  ['s3:?object', 's3:getobject'],
  ['arn:aws:s3:::orders', '*'],
  ['arn:*', '*'],
])("'%s' does not match '%s'", (pattern, candidate) => {
  expect(matchesPattern(pattern, candidate)).toBe(false);
});
