/**
 * Makes a release from the current commit: builds, tests, writes the changelog, and puts the packages of all languages with
 * their checksums into `packages`.
 *
 *   npm run release -- 0.2.0           tries it, and changes nothing else
 *   npm run release -- 0.2.0 --commit  also commits the version and its changelog, and tags it
 *
 * The work is done in a clone with its own installation, so that only what is committed is released. Pushing the tag
 * publishes the packages: see .github/workflows/release.yml.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import semver from 'semver';
import { problemOf } from './package.mjs';

const PROJECT = join(dirname(fileURLToPath(import.meta.url)), '..');
const PACKAGES = join(PROJECT, 'packages');
const USAGE = `Usage: npm run release -- VERSION [--commit] [--skip-tests] [--language js]...`;

class ReleaseError extends Error {}

/** Runs a program. Returns its output, or shows it if it takes long. */
function run(cwd, program, args, { show = false } = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf-8',
    stdio: show ? 'inherit' : 'pipe',
  });
  if (error) throw new ReleaseError(`${program} could not be started: ${error.message}`);
  if (status !== 0) throw new ReleaseError(`${program} ${args.join(' ')} failed.\n${stderr ?? ''}`.trim());
  return (stdout ?? '').trim();
}

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        commit: { type: 'boolean', default: false },
        'skip-tests': { type: 'boolean', default: false },
        language: { type: 'string', multiple: true, default: [] },
      },
    });
    if (positionals.length !== 1) throw new Error('Pass one version.');
    return { version: positionals[0], ...values, skipTests: values['skip-tests'] };
  } catch ({ message }) {
    throw new ReleaseError(`${message}\n${USAGE}`);
  }
}

/** Refuses a release that would be wrong, before anything is done. */
function validate({ version, commit, skipTests, language }) {
  const { version: current } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf-8'));
  const tags = run(PROJECT, 'git', ['tag', '--list', 'v*']).split('\n');
  if (semver.valid(version) !== version) {
    throw new ReleaseError(`${version} is not a version such as ${semver.inc(current, 'minor')}.`);
  }
  if (tags.includes(`v${version}`))
    throw new ReleaseError(`${version} is released already: the tag v${version} exists.`);
  if (semver.lt(version, current))
    throw new ReleaseError(`${version} is lower than ${current}, the current version.`);
  const problem = problemOf(language);
  if (problem !== undefined) throw new ReleaseError(problem);
  if (commit && (skipTests || language.length > 0)) {
    throw new ReleaseError(
      '--commit releases what was built and tested as a whole: omit --skip-tests and --language.',
    );
  }
  // Git refuses to commit without an identity, which would end a release after its tests.
  if (commit) run(PROJECT, 'git', ['var', 'GIT_COMMITTER_IDENT']);
  if (run(PROJECT, 'git', ['status', '--porcelain'])) {
    throw new ReleaseError('There are changes that are not committed. Commit them, or stash them.');
  }
}

/**
 * Returns the changelog with a section for the version: the one that is there as "Unreleased", or the features, fixes and
 * improvements since the last release, from the messages of the commits.
 */
export async function changelog(folder, version) {
  const file = join(folder, 'CHANGELOG.md');
  const text = readFileSync(file, 'utf-8');
  const date = new Date().toISOString().slice(0, 10);
  const title = `## ${version} (${date})`;
  const unreleased = new RegExp(`^## Unreleased: ${version.replaceAll('.', '\\.')}$`, 'm');
  if (unreleased.test(text)) return text.replace(unreleased, title);

  const { ConventionalChangelog } = await import('conventional-changelog');
  const generator = new ConventionalChangelog(folder)
    .loadPreset('conventionalcommits')
    .readPackage()
    .tags({ prefix: 'v' })
    .context({ version, date });
  const sections = [];
  for await (const section of generator.write()) sections.push(section);
  const [, ...lines] = sections.join('').trim().split('\n');
  const section = [title, '', lines.join('\n').trim() || 'No changes for users.'].join('\n');
  const first = text.search(/^## /m);
  return first < 0
    ? `${text.trimEnd()}\n\n${section}\n`
    : `${text.slice(0, first)}${section}\n\n${text.slice(first)}`;
}

/** Returns the part of a changelog about a version. */
function sectionOf(text, version) {
  const [, section] = text.split(new RegExp(`^## (?=${version.replaceAll('.', '\\.')} )`, 'm'));
  return `## ${section.split(/^## /m)[0].trim()}`;
}

/** Copies a setting of Git to a clone, which does not have those of its origin. */
function copySetting(key, folder) {
  const { stdout } = spawnSync('git', ['config', '--get', key], { cwd: PROJECT, encoding: 'utf-8' });
  if (stdout.trim()) run(folder, 'git', ['config', key, stdout.trim()]);
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .sort();
}

async function release() {
  const chosen = options();
  validate(chosen);
  const { version, commit, skipTests, language } = chosen;
  const folder = mkdtempSync(join(tmpdir(), 'release-'));
  try {
    run(PROJECT, 'git', ['clone', '--quiet', PROJECT, folder]);
    // The history of releases, also if the checkout has it from another place.
    run(folder, 'git', ['fetch', '--quiet', '--tags', PROJECT]);
    writeFileSync(join(folder, 'CHANGELOG.md'), await changelog(folder, version));
    run(folder, 'npm', [
      'version',
      version,
      '--no-git-tag-version',
      '--allow-same-version',
      '--ignore-scripts',
    ]);
    run(folder, 'npm', ['ci'], { show: true });
    run(folder, 'npx', ['oxfmt', 'CHANGELOG.md']);
    if (skipTests) run(folder, 'npm', ['run', 'build'], { show: true });
    else run(folder, 'npm', ['test'], { show: true });
    run(folder, 'npm', ['run', 'package', '--', ...language], { show: true });

    const built = join(folder, 'packages');
    cpSync(join(folder, 'dist', 'cdk-lambda-xray.cdx.json'), join(built, 'cdk-lambda-xray.cdx.json'));
    const notes = sectionOf(readFileSync(join(folder, 'CHANGELOG.md'), 'utf-8'), version);
    writeFileSync(join(built, 'RELEASE_NOTES.md'), `${notes}\n`);
    const files = filesIn(built);
    const sums = files.map(
      (file) =>
        `${createHash('sha256')
          .update(readFileSync(join(built, file)))
          .digest('hex')}  ${file}`,
    );
    writeFileSync(join(built, 'SHA256SUMS'), `${sums.join('\n')}\n`);
    rmSync(PACKAGES, { recursive: true, force: true });
    cpSync(built, PACKAGES, { recursive: true });

    if (commit) {
      run(folder, 'git', ['add', 'CHANGELOG.md', 'package.json', 'package-lock.json']);
      for (const key of ['user.name', 'user.email']) copySetting(key, folder);
      run(folder, 'git', ['commit', '--quiet', '--allow-empty', '--message', `chore: release ${version}`]);
      run(PROJECT, 'git', ['pull', '--quiet', '--ff-only', folder, 'HEAD']);
      run(PROJECT, 'git', ['tag', '--annotate', `v${version}`, '--message', notes]);
    }
    const sizes = files.map(
      (file) => `  ${file} (${Math.ceil(statSync(join(PACKAGES, file)).size / 1000)} kB)`,
    );
    console.log(`\n${notes}\n\nIn packages:\n${sizes.join('\n')}\n`);
    console.log(
      commit
        ? `Committed and tagged v${version}. To publish it: git push --follow-tags`
        : `Nothing was changed but packages. To commit and tag it: npm run release -- ${version} --commit`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await release();
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
