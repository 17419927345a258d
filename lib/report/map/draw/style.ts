export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', sans-serif";
export const MONOSPACED = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** Returns the style sheet of diagrams: light or dark by the reader's preference, and light in print. */
export function diagramStyle(): string {
  return `${SHAPES}${colors(LIGHT)}@media screen and (prefers-color-scheme:dark){${colors(DARK)}}`;
}

/** Styles without colors. Dashed lines mean lost traces, dotted lines mean unknown states. */
const SHAPES = `
.diagram text{font-family:${FONT};font-size:12px}
.diagram .name,.diagram .frame text{font-size:13px;font-weight:600}
.diagram .state{font-weight:500}
.diagram .count,.diagram .edge text,.diagram text.lost{font-weight:700}
.diagram .edge text{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}
.diagram .frame>rect{stroke-width:1.5}
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
.diagram .symbol,.diagram .glyph{fill:none;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
.diagram .glyph{stroke:#fff}
`;

function colors(palette: Palette): string {
  const { ground, card, ink, muted, line, border } = palette;
  const { records, broken, silent, unknown, warning, info } = palette;
  return `
.diagram .ground{fill:${ground}}
.diagram text{fill:${ink}}
.diagram .muted,.diagram .frame text{fill:${muted}}
.diagram .frame>rect{fill:${ink};fill-opacity:.025;stroke:${border}}
.diagram .card .body,.diagram .card .sheet,.diagram .pill{fill:${card};stroke:${border}}
.diagram .marks path,.diagram .expand,.diagram .collapse path{stroke:${muted}}
${tinted('recorded', records, palette.recordsTint)}
${tinted('silent', silent, palette.silentTint)}
${tinted('unknown', unknown, palette.unknownTint)}
${tinted('gap', broken, palette.brokenTint)}
${tinted('untraceable', palette.unsupported, palette.unsupportedTint)}
.diagram .card.gap .body{fill:${palette.brokenTint}}
.diagram .card .symbol.full,.diagram .bar-Active{fill:${records}}
.diagram .bar-PassThrough{fill:${silent}}
.diagram .bar-Unset{fill:${border}}
.diagram .bar-Unknown{fill:${unknown}}
.diagram .edge .line,.diagram .sign .symbol,.diagram .sign .disc{stroke:${line}}
.diagram .edge .tip,.diagram .edge .root{fill:${line};stroke:${line}}
.diagram .edge.starts .line,.diagram .starts .disc{stroke:${records}}
.diagram .edge.starts .tip,.diagram .edge.starts .root{fill:${records};stroke:${records}}
.diagram .edge.breaks .tip,.diagram .edge.possible .tip,.diagram .sign .disc{fill:${ground}}
.diagram .edge.broken .line,.diagram .edge.broken .tip{stroke:${broken}}
.diagram .edge text{stroke:${ground}}
.diagram .sign.broken .disc{fill:${broken};stroke:${ground}}
.diagram .sign.broken .symbol{stroke:${ground}}
.diagram .broken text,.diagram text.lost{fill:${broken}}
${Object.entries({ error: broken, warning, info })
  .map(([severity, color]) => `.diagram .${severity} .shape,.diagram .${severity} text{fill:${color}}`)
  .join('\n')}
.diagram .finding .mark{stroke:${card};stroke-width:1.8;stroke-linecap:round;fill:none}
.diagram .lost .symbol{stroke:${broken}}
`;
}

function tinted(look: string, color: string, tint: string): string {
  return `.diagram .card.${look} .body,.diagram .card.${look} .symbol{stroke:${color}}
.diagram .card.${look} .part{fill:${tint};stroke:${color}}
.diagram .card.${look} .state{fill:${color}}
`;
}

/**
 * Colors of diagrams and pages, light and dark. Contrast is at least 4.5:1 for text and 3:1 for lines ("Web Content
 * Accessibility Guidelines" 2.2, level AA).
 */
const COLORS = {
  ground: ['#f4f6f8', '#11161c'],
  card: ['#ffffff', '#1a212a'],
  raised: ['#ffffff', '#1f2833'],
  ink: ['#17202a', '#e9eef4'],
  muted: ['#566270', '#a5b1bf'],
  line: ['#66758a', '#8796a8'],
  border: ['#c3ccd6', '#3d4a59'],
  focus: ['#1257d6', '#7fb2ff'],
  records: ['#00705a', '#4fd3ab'],
  recordsTint: ['#e0f3ed', '#123a31'],
  broken: ['#b3202c', '#ff8b8b'],
  brokenTint: ['#fdeaea', '#421c20'],
  silent: ['#59636f', '#aab4c0'],
  silentTint: ['#eef1f4', '#27303b'],
  unknown: ['#7d5200', '#f2c35c'],
  unknownTint: ['#fff3d9', '#3c2f10'],
  unsupported: ['#6a3aa8', '#cba8f8'],
  unsupportedTint: ['#f1eafb', '#33244c'],
  warning: ['#8a5a00', '#f2c35c'],
  info: ['#1a5fb4', '#84b9ff'],
};

export type Palette = Readonly<Record<keyof typeof COLORS, string>>;

export const LIGHT = paletteOf(0);
export const DARK = paletteOf(1);

function paletteOf(i: number): Palette {
  return Object.fromEntries(Object.entries(COLORS).map(([name, pair]) => [name, pair[i]])) as Palette;
}
