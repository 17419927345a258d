import { loaded, template, TEMPLATE } from './temporary';

jest.mock('yaml', () => {
  throw new Error('The YAML library is loaded.');
});

test('the YAML library is loaded for YAML, and for nothing else', () => {
  expect(template(JSON.stringify(TEMPLATE))).toEqual(TEMPLATE);
  expect(() => loaded('Resources: {}')).toThrow('The YAML library is loaded.');
});
