/** What `--format` may name. */
export const MAP_FORMAT_NAMES = ['html', 'svg', 'mermaid', 'dot', 'json'] as const;
export type MapFormatName = (typeof MAP_FORMAT_NAMES)[number];

/** The options of `map`, as commander hands them over. */
export interface MapOptions {
  readonly format: MapFormatName;
  readonly output?: string;
  readonly open?: boolean;
  readonly config?: string;
}
