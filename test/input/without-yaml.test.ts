import { loaded, template, TEMPLATE } from './temporary';

const load = jest.fn();

jest.mock('js-yaml', () => {
  load('js-yaml');
  return jest.requireActual<object>('js-yaml');
});

jest.mock('yaml', () => {
  load('yaml');
  return jest.requireActual<object>('yaml');
});

test('JSON needs no YAML library, and YAML needs the slower one only for errors', () => {
  expect(template(JSON.stringify(TEMPLATE))).toEqual(TEMPLATE);
  expect(load.mock.calls).toEqual([]);
  const { templates } = loaded('Resources: {}');
  templates[0].locate!(['Resources']);
  expect(load.mock.calls).toEqual([['js-yaml']]);
  loaded('Resources: [');
  expect(load.mock.calls).toEqual([['js-yaml'], ['yaml']]);
});
