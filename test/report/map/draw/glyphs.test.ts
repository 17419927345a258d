import { drawGlyph } from '../../../../lib/report/map/draw/glyphs';
import { markup } from '../../../../lib/report/map/draw/element';
import { SERVICES } from '../../../../lib/trace-map/services';

const glyphOf = (kind: string) => / d="([^"]*)"/.exec(markup(drawGlyph(kind, 0, 0)))?.[1];

test.each(Object.keys(SERVICES).filter((kind) => kind !== 'service'))('%s has a glyph of its own', (kind) => {
  expect(glyphOf(kind)).toMatch(/^M/);
  expect(glyphOf(kind)).not.toBe(glyphOf('service'));
});
