import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * Returns the links between the pages of a built site whose page or anchor does not exist.
 *
 * VitePress reads the links of the sources, where `rewrites` can hide that the address differs, and ignores anchors.
 */
export function deadLinks(folder: string): string[] {
  const pages = new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf-8' })
      .filter((file) => file.endsWith('.html'))
      .map((file) => [join(folder, file), readFileSync(join(folder, file), 'utf-8')]),
  );
  return [...pages].flatMap(([file, html]) =>
    [...html.matchAll(/<a [^>]*?href="(?!\w+:)([^"]*)"/g)]
      .map(([, link]) => link)
      .filter((link) => {
        const { pathname, hash } = new URL(link, `file://${file}`);
        const path = decodeURIComponent(link.startsWith('/') ? join(folder, pathname) : pathname);
        const target = pages.get(htmlOf(path));
        return (
          target === undefined ||
          (hash !== '' && !target.includes(` id="${decodeURIComponent(hash.slice(1))}"`))
        );
      })
      .map((link) => `${relative(folder, file)}: ${link}`),
  );
}

/** Returns the file that a server with clean URLs sends for a path. */
function htmlOf(path: string): string {
  if (path.endsWith('.html')) return path;
  return existsSync(path) && statSync(path).isDirectory() ? join(path, 'index.html') : `${path}.html`;
}
