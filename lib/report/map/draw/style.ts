export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', sans-serif";
export const MONOSPACED = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** Returns the style sheet of diagrams: light or dark by the reader's preference, and light in print. */
export function diagramStyle(): string {
  return `${SHAPES}${colors(LIGHT)}@media screen and (prefers-color-scheme:dark){${colors(DARK)}}`;
}

/** Styles without colors. Dashed lines mean lost traces, dotted lines mean unknown states. */
const SHAPES = `
.diagram text{font-family:${FONT};font-size:11px}
.diagram .name{font-size:13px;font-weight:600}
.diagram .origin{font-family:${MONOSPACED};font-size:10px}
.diagram .state{font-weight:500}
.diagram .initials{font-weight:700;text-anchor:middle}
.diagram .sign text,.diagram .count{font-weight:700}
.diagram .sign text{font-size:10.5px;text-anchor:middle;paint-order:stroke;stroke-width:4px;stroke-linejoin:round}
.diagram .frame>rect{stroke-width:1.5}
.diagram .frame text{font-size:12.5px;font-weight:600}
.diagram .edge .line{fill:none;stroke-width:1.8}
.diagram .edge .tip,.diagram .edge .root{stroke-width:1.6;stroke-linejoin:round}
.diagram .edge.starts .line{stroke-width:2.8}
.diagram .edge.links .line{stroke-dasharray:7 5}
.diagram .edge.breaks .line{stroke-dasharray:2 5;stroke-width:2.2}
.diagram .edge.broken .line{stroke-dasharray:9 6;stroke-width:2.8}
.diagram .edge.possible .line{stroke-width:1.1}
.diagram .card .body{stroke-width:1.4}
.diagram .card.gap .body{stroke-width:2.2;stroke-dasharray:8 5}
.diagram .card.unknown .body{stroke-dasharray:2 4;stroke-width:2;stroke-linecap:round}
.diagram .card .part{stroke-width:1.3}
.diagram .card.no .part,.diagram .card.gap .part{stroke-dasharray:5 4}
.diagram .card.unknown .part{stroke-dasharray:1.5 3.5;stroke-linecap:round}
.diagram .card .thread{fill:none;stroke-width:1.8}
.diagram .card.no .thread,.diagram .card.gap .thread{stroke-dasharray:3 3}
.diagram .symbol{stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
.diagram .hatch{stroke-width:5;stroke-opacity:.1}
`;

function colors(palette: Palette): string {
  const { ground, card, ink, muted, line, border } = palette;
  const { records, broken, silent, unknown, unsupported, warning, info } = palette;
  return `
.diagram .ground{fill:${ground}}
.diagram text{fill:${ink}}
.diagram .muted{fill:${muted}}
.diagram .frame>rect{fill:${ink};fill-opacity:.025;stroke:${border}}
.diagram .frame text{fill:${muted}}
.diagram .card .body,.diagram .card .sheet{fill:${card};stroke:${border}}
.diagram .card.yes .body{stroke:${records}}
.diagram .card .chip{fill:${palette.silentTint}}
.diagram .initials{fill:${silent}}
.diagram .card .part{fill:${palette.silentTint};stroke:${silent}}
.diagram .card .thread{stroke:${silent}}
.diagram .card .thread.tip{fill:${silent}}
${tinted('yes', records, palette.recordsTint)}
${tinted('unknown', unknown, palette.unknownTint)}
${tinted('gap', broken, palette.brokenTint)}
${tinted('unsupported', unsupported, palette.unsupportedTint)}
.diagram .card.no .state{fill:${silent}}
.diagram .card.no .symbol{stroke:${silent}}
.diagram .card .symbol.full{fill:${records}}
.diagram .card.gap .body,.diagram .card.unknown .body,.diagram .card.unsupported .body{fill:${card}}
.diagram .hatch{stroke:${broken}}
.diagram .unsupported .hatch{stroke:${unsupported}}
.diagram .bar-Active{fill:${records}}
.diagram .bar-PassThrough{fill:${silent}}
.diagram .bar-Unset{fill:${border}}
.diagram .bar-Unknown{fill:${unknown}}
.diagram .edge .line{stroke:${line}}
.diagram .edge .tip,.diagram .edge .root{fill:${line};stroke:${line}}
.diagram .edge.starts .line{stroke:${records}}
.diagram .edge.starts .tip,.diagram .edge.starts .root{fill:${records};stroke:${records}}
.diagram .edge.breaks .tip{fill:${ground}}
.diagram .edge.broken .line{stroke:${broken}}
.diagram .edge.broken .tip{stroke:${broken}}
.diagram .edge.possible .tip{fill:${ground}}
.diagram .expand{stroke:${muted}}
.diagram .sign text{stroke:${ground}}
.diagram .sign .disc{fill:${ground};stroke:${line}}
.diagram .sign .symbol{stroke:${line};fill:none}
.diagram .broken .sign .disc{fill:${broken};stroke:${ground}}
.diagram .broken .sign .symbol{stroke:${ground}}
.diagram .broken .sign text{fill:${broken}}
.diagram .finding.error .shape{fill:${broken}}
.diagram .finding.warning .shape{fill:${warning}}
.diagram .finding.info .shape{fill:${info}}
.diagram .finding .mark{stroke:${card};stroke-width:1.8;stroke-linecap:round;fill:none}
.diagram .finding.error text{fill:${broken}}
.diagram .finding.warning text{fill:${warning}}
.diagram .finding.info text{fill:${info}}
.diagram .lost{fill:${broken}}
.diagram .lost .symbol,.diagram .symbol.lost{stroke:${broken};fill:none}
`;
}

function tinted(state: string, color: string, tint: string): string {
  return `.diagram .card.${state} .body{stroke:${color}}
.diagram .card.${state} .part,.diagram .card.${state} .chip{fill:${tint};stroke:${color}}
.diagram .card.${state} .chip{stroke:none}
.diagram .card.${state} .initials,.diagram .card.${state} .state{fill:${color}}
.diagram .card.${state} .thread,.diagram .card.${state} .symbol{stroke:${color}}
.diagram .card.${state} .thread.tip{fill:${color}}
`;
}

/**
 * Colors of diagrams and pages. Contrast is at least 4.5:1 for text and 3:1 for lines ("Web Content Accessibility
 * Guidelines" 2.2, level AA).
 */
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
