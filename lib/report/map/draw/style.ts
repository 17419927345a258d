export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', sans-serif";
export const MONOSPACED = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** Returns the style sheet of diagrams: light or dark by the reader's preference, and light in print. */
export function diagramStyle(): string {
  return `${SHAPES}${colors(LIGHT)}@media screen and (prefers-color-scheme:dark){${colors(DARK)}}`;
}

/** Styles without colors. Dashed lines mean lost traces, dotted lines mean unknown states. */
const SHAPES = `
.diagram text{font-family:${FONT};font-size:12px}
.diagram .name{font-size:13px;font-weight:600}
.diagram .state{font-weight:500}
.diagram .count,.diagram .edge text,.diagram text.lost{font-weight:700}
.diagram .edge text{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}
.diagram .frame>rect{stroke-width:1.5}
.diagram .frame text{font-size:13px;font-weight:600}
.diagram .edge .line{fill:none;stroke-width:1.8}
.diagram .hit{fill:none;stroke:transparent;stroke-width:16}
.diagram .edge .tip,.diagram .edge .root{stroke-width:1.6;stroke-linejoin:round}
.diagram .edge.starts .line{stroke-width:2.8}
.diagram .edge.links .line{stroke-dasharray:7 5}
.diagram .edge.breaks .line{stroke-dasharray:2 5;stroke-width:2.2}
.diagram .edge.broken .line{stroke-dasharray:9 6;stroke-width:2.8}
.diagram .edge.possible .line{stroke-width:1.1}
.diagram .card .body{stroke-width:1.4}
.diagram .card.gap .body{stroke-width:2.4;stroke-dasharray:8 5}
.diagram .card.unknown .body{stroke-dasharray:2 4;stroke-width:2;stroke-linecap:round}
.diagram .card.silent .body,.diagram .card.silent .part,.diagram .card.gap .part{stroke-dasharray:4 3}
.diagram .card.untraceable .body{stroke-width:2}
.diagram .symbol,.diagram .glyph{stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
.diagram .glyph{fill:none;stroke:#fff}
`;

function colors(palette: Palette): string {
  const { ground, card, ink, muted, line, border } = palette;
  const { records, broken, silent, unknown, warning, info } = palette;
  return `
.diagram .ground{fill:${ground}}
.diagram text{fill:${ink}}
.diagram .muted,.diagram .frame text{fill:${muted}}
.diagram .frame>rect{fill:${ink};fill-opacity:.025;stroke:${border}}
.diagram .card .body,.diagram .card .sheet{fill:${card};stroke:${border}}
.diagram .marks path,.diagram .expand,.diagram .collapse path{stroke:${muted};fill:none}
${tinted('recorded', records, palette.recordsTint)}
${tinted('silent', silent, palette.silentTint)}
${tinted('unknown', unknown, palette.unknownTint)}
${tinted('gap', broken, palette.brokenTint)}
${tinted('untraceable', palette.unsupported, palette.unsupportedTint)}
.diagram .card.gap .body{fill:${palette.brokenTint}}
.diagram .card .symbol.full{fill:${records}}
.diagram .bar-Active{fill:${records}}
.diagram .bar-PassThrough{fill:${silent}}
.diagram .bar-Unset{fill:${border}}
.diagram .bar-Unknown{fill:${unknown}}
.diagram .edge .line,.diagram .sign .symbol,.diagram .sign .disc{stroke:${line}}
.diagram .edge .tip,.diagram .edge .root{fill:${line};stroke:${line}}
.diagram .edge.starts .line,.diagram .starts .disc{stroke:${records}}
.diagram .edge.starts .tip,.diagram .edge.starts .root{fill:${records};stroke:${records}}
.diagram .edge.breaks .tip,.diagram .edge.possible .tip{fill:${ground}}
.diagram .edge.broken .line,.diagram .edge.broken .tip{stroke:${broken}}
.diagram .edge text{stroke:${ground}}
.diagram .sign .disc{fill:${ground}}
.diagram .sign .symbol{fill:none}
.diagram .sign.broken .disc{fill:${broken};stroke:${ground}}
.diagram .sign.broken .symbol{stroke:${ground}}
.diagram .broken text,.diagram text.lost{fill:${broken}}
${Object.entries({ error: broken, warning, info })
  .map(([severity, color]) => `.diagram .${severity} .shape,.diagram .${severity} text{fill:${color}}`)
  .join('\n')}
.diagram .finding .mark{stroke:${card};stroke-width:1.8;stroke-linecap:round;fill:none}
.diagram .pill{fill:${card};stroke:${border}}
.diagram .lost .symbol{stroke:${broken};fill:none}
`;
}

function tinted(look: string, color: string, tint: string): string {
  return `.diagram .card.${look} .body,.diagram .card.${look} .symbol{stroke:${color}}
.diagram .card.${look} .part{fill:${tint};stroke:${color}}
.diagram .card.${look} .state{fill:${color}}
`;
}

/**
 * Colors of diagrams and pages. Contrast is at least 4.5:1 for text and 3:1 for lines ("Web Content Accessibility
 * Guidelines" 2.2, level AA).
 */
export const LIGHT = {
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

export type Palette = Readonly<Record<keyof typeof LIGHT, string>>;

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
