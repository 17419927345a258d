import { h, markup, type Value } from '../../../../lib/report/map/draw/element';

test.each<[string, Value, string]>([
  ['text', 'a', '<p class="x">a</p>'],
  ['markup, as text', '</p><script>', '<p class="x">&#60;/p&#62;&#60;script&#62;</p>'],
  ['what looks like a place of a value', '\ue0000\ue000', '<p class="x">\ue0000\ue000</p>'],
  ['a number', 0, '<p class="x">0</p>'],
  ['nothing', [undefined, false, ''], '<p class="x"></p>'],
  ['lists of elements', ['a', [h`<b>${'c'}</b>`]], '<p class="x">a<b>c</b></p>'],
])('a template contains %s', (_, value, expected) => {
  expect(markup(h`<p class="x">${value}</p>`)).toBe(expected);
});

test('attributes have values, parts of values, or are left out', () => {
  const more = { title: '"><script>', hidden: undefined };
  expect(markup(h`<a id=${1} class="a ${'b'} c" href=${undefined} ...${more} rel="x"/>`)).toBe(
    '<a id="1" class="a b c" title="&#34;&#62;&#60;script&#62;" rel="x"></a>',
  );
});

test('line breaks are left out, and spaces within a line are kept', () => {
  const written = h`
    <p>
      a <b>b</b> ${'c'}
      <input type="text"/>
      d
    </p>`;
  expect(markup(written)).toBe('<p>a <b>b</b> c<input type="text">d</p>');
});
