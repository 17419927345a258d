/** The URI of a file: relative where its path is, with everything that isn't plain in it percent-encoded. */
export function fileUri(path: string): string {
  const segments = path
    .replaceAll('\\', '/')
    .replace(/^(\.\/+)+/, '')
    .split('/');
  const encoded = segments
    .map((segment) => encodeURIComponent(segment.replace(/\p{Surrogate}/gu, '\ufffd')))
    .join('/');
  if (path.startsWith('/')) return `file://${encoded}`;
  return /^[A-Za-z]:\//.test(segments.join('/')) ? `file:///${encoded}` : encoded;
}
