import { existsSync } from 'node:fs';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { baselineSpec } from '../input/baseline/baseline-spec';
import type { GitRevision } from '../input/baseline/git-repository';
import { displayed, isFolder, repositoryAround, STDIN } from '../input/text-files';
import { type Config, ConfigError, NO_CONFIG } from '../config/config';
import { CONFIG_FILES, findConfig, foldersToSearch, IGNORE, readConfigText } from '../config/config-file';

/** The configuration of a baseline. */
interface BaselineConfig {
  /** Undefined if it is not known. */
  readonly config?: Config;
  readonly notes: readonly string[];
}

/** The text of a configuration file. */
interface ConfigText {
  readonly file: string;
  readonly text: string;
}

/** A file, `absent` if the baseline has none, or undefined if that is not known. */
type Found = ConfigText | 'absent' | undefined;

/**
 * Reads the configuration of a baseline: of a Git revision, or around a path. Deployed stacks have none.
 *
 * @param spec the source of the baseline
 * @param option the value of `--config`. The baseline has its file at the same path of the repository
 */
export async function readBaselineConfig(spec: string, option: string | undefined): Promise<BaselineConfig> {
  const source = baselineSpec(spec);
  if (option === IGNORE || source.kind === 'deployed') return { notes: [] };
  try {
    const found =
      source.kind === 'git' ? await inRevision(source.revision, option) : around(source.path, option);
    if (found === undefined) return { notes: [] };
    if (found === 'absent') return { config: NO_CONFIG, notes: [] };
    const { parseConfig } = await import('../config/parse-config.js');
    return { config: parseConfig(found.text, found.file), notes: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const note = `The configuration of the baseline is invalid, so changes of the configuration are not shown. ${error.problems[0]}`;
    return { notes: [note] };
  }
}

async function inRevision(name: string, option: string | undefined): Promise<Found> {
  const { GitError, GitRevision } = await import('../input/baseline/git-repository.js');
  try {
    const revision = new GitRevision(name);
    const candidates =
      option === undefined
        ? foldersToSearch(process.cwd()).flatMap((folder) => CONFIG_FILES.map((name) => join(folder, name)))
        : [option];
    const paths = candidates.flatMap((path) => revision.pathOf(path) ?? []);
    if (paths.length === 0) return undefined;
    const files = revision.filesAt(paths);
    const nearest = paths.find((path) => files.some((file) => file.path === path));
    return nearest === undefined
      ? 'absent'
      : { file: `${name}:${nearest}`, text: textAt(revision, nearest) ?? '' };
  } catch (error) {
    // Reading the templates reports it.
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

/** The maximum number of links to follow, which may point to each other. */
const MAX_LINKS = 10;

/** Returns the text of a file of a revision. Follows links. */
function textAt(revision: GitRevision, path: string, links = MAX_LINKS): string | undefined {
  const file = revision.filesAt([path]).find((one) => one.path === path);
  if (!file) return undefined;
  const [[, content]] = revision.contentsOf([file]);
  const text = content.toString('utf-8');
  if (!file.isLink) return text;
  return links > 0 ? textAt(revision, posix.join(posix.dirname(path), text), links - 1) : undefined;
}

/** Without a file, a baseline in another repository has no configuration. A folder with copied templates may have lost it. */
function around(path: string, option: string | undefined): Found {
  if (path === STDIN) return undefined;
  const folder = isFolder(path) ? resolve(path) : dirname(resolve(path));
  const [root, ownRoot] = [repositoryAround(folder), repositoryAround(process.cwd())];
  const isOther = root !== undefined && root !== ownRoot;
  const file = option === undefined ? findConfig(folder) : isOther && samePath(option, ownRoot, root);
  if (!file || !existsSync(file)) return isOther ? 'absent' : undefined;
  return { file: displayed(file), text: readConfigText(file) };
}

/** Returns the path of a file in another copy of the repository. */
function samePath(path: string, ownRoot: string | undefined, root: string): string | undefined {
  const inside = relative(ownRoot ?? process.cwd(), resolve(path));
  return inside.startsWith('..') ? undefined : join(root, inside);
}
