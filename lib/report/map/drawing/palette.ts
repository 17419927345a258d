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
