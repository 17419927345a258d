import { createHash } from 'node:crypto';
import { plainJson } from '../formats/json';
import type { MapDocument } from './document';
import { h, markup } from './draw/element';
import { layOut } from './layout/layout';
import { MapIndex } from './layout/units';
import { pageScript } from './page-script';
import { pageStyle } from './page-style';
import { type PageData, PageState } from './page/state';
import { pageView, titleOf } from './page/view';

export type PageOptions = Pick<PageData, 'app' | 'editor'>;

/**
 * Writes the map as a page. It opens from disk, and its policy allows no network. Content from templates is embedded as
 * text and data, never as markup.
 */
export function html(document: MapDocument, options: PageOptions = {}): string {
  const index = new MapIndex(document);
  const data: PageData = { document, layout: layOut(index), ...options };
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
    h`<meta charset="utf-8"/>`,
    h`<meta http-equiv="Content-Security-Policy" content=${policy}/>`,
    h`<meta name="viewport" content="width=device-width, initial-scale=1"/>`,
    h`<meta name="generator" content="${document.tool.name} ${document.tool.version}"/>`,
    h`<title>${titleOf(options)}</title>`,
  ].map(markup);
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<head>${head.join('')}<style>${style}</style></head>`,
    `<body>${markup(pageView(new PageState(data, index)))}`,
    `<script type="application/json" id="data">${scriptData(data)}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>\n',
  ].join('\n');
}

/** Returns the hash that allows an inline script or style in the policy. */
function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Returns JSON for a script element. It cannot end the element or begin a comment. */
function scriptData(data: unknown): string {
  return plainJson(data).replaceAll('<', '\\u003c');
}
