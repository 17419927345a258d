export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', sans-serif";
export const MONOSPACED = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** How pictures look: on a light ground, unless the reader wants it dark; on paper always light. */
export function diagramStyle(): string {
  return `${SHAPES}${colors(LIGHT)}@media screen and (prefers-color-scheme:dark){${colors(DARK)}}`;
}

/** What is the same in any colours. What is lost is broken and dashed, what isn't known is dotted. */
const SHAPES = `
.picture text{font-family:${FONT};font-size:11px}
.picture .name{font-size:13px;font-weight:600}
.picture .origin{font-family:${MONOSPACED};font-size:10px}
.picture .state{font-weight:500}
.picture .initials{font-weight:700;text-anchor:middle}
.picture .sign text,.picture .count{font-weight:700}
.picture .sign text{font-size:10.5px;text-anchor:middle;paint-order:stroke;stroke-width:4px;stroke-linejoin:round}
.picture .frame>rect{stroke-width:1.5}
.picture .frame text{font-size:12.5px;font-weight:600}
.picture .wire .line{fill:none;stroke-width:1.8}
.picture .wire .tip,.picture .wire .root{stroke-width:1.6;stroke-linejoin:round}
.picture .wire.starts .line{stroke-width:2.8}
.picture .wire.links .line{stroke-dasharray:7 5}
.picture .wire.breaks .line{stroke-dasharray:2 5;stroke-width:2.2}
.picture .wire.broken .line{stroke-dasharray:9 6;stroke-width:2.8}
.picture .wire.possible .line{stroke-width:1.1}
.picture .card .body{stroke-width:1.4}
.picture .card.gap .body{stroke-width:2.2;stroke-dasharray:8 5}
.picture .card.unknown .body{stroke-dasharray:2 4;stroke-width:2;stroke-linecap:round}
.picture .card .part{stroke-width:1.3}
.picture .card.no .part,.picture .card.gap .part{stroke-dasharray:5 4}
.picture .card.unknown .part{stroke-dasharray:1.5 3.5;stroke-linecap:round}
.picture .card .thread{fill:none;stroke-width:1.8}
.picture .card.no .thread,.picture .card.gap .thread{stroke-dasharray:3 3}
.picture .symbol{stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
.picture .hatch{stroke-width:5;stroke-opacity:.1}
`;

function colors(palette: Palette): string {
  const { ground, card, ink, muted, line, border } = palette;
  const { records, broken, silent, unknown, unsupported, warning, info } = palette;
  return `
.picture .ground{fill:${ground}}
.picture text{fill:${ink}}
.picture .muted{fill:${muted}}
.picture .frame>rect{fill:${ink};fill-opacity:.025;stroke:${border}}
.picture .frame text{fill:${muted}}
.picture .card .body,.picture .card .sheet{fill:${card};stroke:${border}}
.picture .card.yes .body{stroke:${records}}
.picture .card .chip{fill:${palette.silentTint}}
.picture .initials{fill:${silent}}
.picture .card .part{fill:${palette.silentTint};stroke:${silent}}
.picture .card .thread{stroke:${silent}}
.picture .card .thread.tip{fill:${silent}}
${tinted('yes', records, palette.recordsTint)}
${tinted('unknown', unknown, palette.unknownTint)}
${tinted('gap', broken, palette.brokenTint)}
${tinted('unsupported', unsupported, palette.unsupportedTint)}
.picture .card.no .state{fill:${silent}}
.picture .card.no .symbol{stroke:${silent}}
.picture .card .symbol.full{fill:${records}}
.picture .card.gap .body,.picture .card.unknown .body,.picture .card.unsupported .body{fill:${card}}
.picture .hatch{stroke:${broken}}
.picture .unsupported .hatch{stroke:${unsupported}}
.picture .bar-Active{fill:${records}}
.picture .bar-PassThrough{fill:${silent}}
.picture .bar-Unset{fill:${border}}
.picture .bar-Unknown{fill:${unknown}}
.picture .wire .line{stroke:${line}}
.picture .wire .tip,.picture .wire .root{fill:${line};stroke:${line}}
.picture .wire.starts .line{stroke:${records}}
.picture .wire.starts .tip,.picture .wire.starts .root{fill:${records};stroke:${records}}
.picture .wire.breaks .tip{fill:${ground}}
.picture .wire.broken .line{stroke:${broken}}
.picture .wire.broken .tip{stroke:${broken}}
.picture .wire.possible .tip{fill:${ground}}
.picture .unfold{stroke:${muted}}
.picture .sign text{stroke:${ground}}
.picture .sign .disc{fill:${ground};stroke:${line}}
.picture .sign .symbol{stroke:${line};fill:none}
.picture .broken .sign .disc{fill:${broken};stroke:${ground}}
.picture .broken .sign .symbol{stroke:${ground}}
.picture .broken .sign text{fill:${broken}}
.picture .finding.error .shape{fill:${broken}}
.picture .finding.warning .shape{fill:${warning}}
.picture .finding.info .shape{fill:${info}}
.picture .finding .mark{stroke:${card};stroke-width:1.8;stroke-linecap:round;fill:none}
.picture .finding.error text{fill:${broken}}
.picture .finding.warning text{fill:${warning}}
.picture .finding.info text{fill:${info}}
.picture .lost{fill:${broken}}
.picture .lost .symbol,.picture .symbol.lost{stroke:${broken};fill:none}
`;
}

function tinted(state: string, color: string, tint: string): string {
  return `.picture .card.${state} .body{stroke:${color}}
.picture .card.${state} .part,.picture .card.${state} .chip{fill:${tint};stroke:${color}}
.picture .card.${state} .chip{stroke:none}
.picture .card.${state} .initials,.picture .card.${state} .state{fill:${color}}
.picture .card.${state} .thread,.picture .card.${state} .symbol{stroke:${color}}
.picture .card.${state} .thread.tip{fill:${color}}
`;
}

/** The colours of pictures and pages, on light and on dark grounds: text is told apart by 4.5 to 1 at the least, and lines by 3 to 1. */
export interface Palette {
  readonly ground: string;
  readonly card: string;
  readonly raised: string;
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly border: string;
  readonly focus: string;
  readonly records: string;
  readonly recordsTint: string;
  readonly broken: string;
  readonly brokenTint: string;
  readonly silent: string;
  readonly silentTint: string;
  readonly unknown: string;
  readonly unknownTint: string;
  readonly unsupported: string;
  readonly unsupportedTint: string;
  readonly warning: string;
  readonly info: string;
}

export const LIGHT: Palette = {
  ground: '#f4f6f8',
  card: '#ffffff',
  raised: '#ffffff',
  ink: '#17202a',
  muted: '#566270',
  line: '#66758a',
  border: '#c3ccd6',
  focus: '#1257d6',
  records: '#00705a',
  recordsTint: '#e0f3ed',
  broken: '#b3202c',
  brokenTint: '#fdeaea',
  silent: '#59636f',
  silentTint: '#eef1f4',
  unknown: '#7d5200',
  unknownTint: '#fff3d9',
  unsupported: '#6a3aa8',
  unsupportedTint: '#f1eafb',
  warning: '#8a5a00',
  info: '#1a5fb4',
};

export const DARK: Palette = {
  ground: '#11161c',
  card: '#1a212a',
  raised: '#1f2833',
  ink: '#e9eef4',
  muted: '#a5b1bf',
  line: '#8796a8',
  border: '#3d4a59',
  focus: '#7fb2ff',
  records: '#4fd3ab',
  recordsTint: '#123a31',
  broken: '#ff8b8b',
  brokenTint: '#421c20',
  silent: '#aab4c0',
  silentTint: '#27303b',
  unknown: '#f2c35c',
  unknownTint: '#3c2f10',
  unsupported: '#cba8f8',
  unsupportedTint: '#33244c',
  warning: '#f2c35c',
  info: '#84b9ff',
};
