import { createHash } from 'node:crypto';
import { atlasOf } from './atlas/atlas-of';
import { MapIndex } from './atlas/map-index';
import { element } from './drawing/element';
import { markup } from './drawing/markup';
import type { MapDocument } from './map-document';
import { pageBody } from './page-body';
import { pageScript } from './page-script';
import { pageStyle } from './page-style';
import { scriptData } from './script-data';

/**
 * A page with every picture of the system, to be looked at from disk: it needs no network, and may not use any. What
 * comes from templates is in it as text and as data, never as markup.
 */
export function html(document: MapDocument): string {
  const index = new MapIndex(document);
  const atlas = atlasOf(index);
  const [style, script] = [pageStyle(), pageScript()];
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  const head = [
    element('meta', { charset: 'utf-8' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { name: 'generator', content: `${document.tool.name} ${document.tool.version}` }),
    element('title', {}, 'Trace map'),
  ].map(markup);
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<head>${head.join('')}<style>${style}</style></head>`,
    `<body>${pageBody(index, atlas).map(markup).join('\n')}`,
    `<script type="application/json" id="data">${scriptData({ document, atlas })}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>\n',
  ].join('\n');
}

/** By which the policy knows what is the page's own. */
function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
