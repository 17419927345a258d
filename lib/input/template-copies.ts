import { objectAt } from '../cloudformation/json';
import { listNames } from '../text/printable';
import type { LoadedTemplate } from './loaded-template';

/** The part of the logical IDs that copies share. A tool that packages a template may add a few resources. */
const SHARED = 0.9;

/** A single resource of a common name, such as `Function`, is in many templates. */
const MIN_RESOURCES = 2;

const MAX_NOTES = 5;

const FUNCTIONS: readonly unknown[] = ['AWS::Lambda::Function', 'AWS::Serverless::Function'];

/** Words in the names of files and folders that tools write. */
const BUILD =
  /^(?:backup|bak|build|built|bundled?|copy|dist|generated|old|out|output|package|packaged|target|te?mp)$/;

/** Words in the names of files and folders that are copied by hand, to deploy each. */
const STAGE =
  /^(?:alpha|beta|blue|canary|demo|dev|develop|development|dr|e2e|gamma|green|int|integration|live|pr|preprod|primary|prod|production|qa|sandbox|secondary|stage|staging|test|testing|uat)\d*$/;

const REGION = /(?:^|[^a-z])(?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-[a-z]{1,12}){1,3}-\d/;

/** A template with the names of its resources. */
interface Named {
  readonly template: LoadedTemplate;
  readonly resources: ReadonlySet<string>;
}

/**
 * Returns notes on templates with nearly the same logical IDs, such as a template and the output of a build. Checked
 * together, each function counts twice. Copies for several regions or stages are no reason for a note, nor are
 * templates of services that were created alike.
 */
export function copyNotes(templates: readonly LoadedTemplate[]): string[] {
  const groups: Named[][] = [];
  for (const template of templates) {
    if (template.nestedIn || !hasFunctions(template)) continue;
    const resources = namesIn(template);
    if (resources.size < MIN_RESOURCES) continue;
    const named = { template, resources };
    const group = groups.find(([first]) => isCopy(first, named));
    if (group) group.push(named);
    else groups.push([named]);
  }
  const copies = groups.filter(({ length }) => length > 1);
  const more = copies.length - MAX_NOTES;
  return [
    ...copies.slice(0, MAX_NOTES).map((group) => noteOn(group.map(({ template }) => template.file))),
    ...(more > 0 ? [`${more} more groups of templates have nearly the same logical IDs.`] : []),
  ];
}

function noteOn(files: readonly string[]): string {
  return (
    `These templates have nearly the same logical IDs, but are checked as one system: ${listNames(files)}. If one is ` +
    'generated from another, exclude it in the configuration, or pass only the others. If each is deployed, check one at a time.'
  );
}

function hasFunctions({ template }: LoadedTemplate): boolean {
  const resources = Object.values(objectAt(template, 'Resources'));
  return resources.some((resource) => FUNCTIONS.includes(objectAt({ resource }, 'resource').Type));
}

/** Returns the logical IDs of a template. Copies of a CDK stack differ in their construct paths. */
function namesIn({ template, constructPaths }: LoadedTemplate): Set<string> {
  const resources = Object.entries(objectAt(template, 'Resources'));
  return new Set(
    resources.map(([logicalId, resource]) => {
      const path = constructPaths?.[logicalId] ?? objectAt(resource, 'Metadata')['aws:cdk:path'];
      return JSON.stringify([logicalId, path]);
    }),
  );
}

function isCopy(first: Named, second: Named): boolean {
  const most = Math.max(first.resources.size, second.resources.size);
  let missing = 0;
  for (const name of first.resources) {
    if (!second.resources.has(name) && ++missing > most * (1 - SHARED)) return false;
  }
  const shared = first.resources.size - missing;
  return shared >= most * SHARED && !areSeparate(first.template, second.template);
}

/** True if each of two templates is deployed, according to their stacks and their paths. */
function areSeparate(first: LoadedTemplate, second: LoadedTemplate): boolean {
  const isOther = (key: 'account' | 'region' | 'stackName') =>
    first[key] !== undefined && second[key] !== undefined && first[key] !== second[key];
  if (isOther('account') || isOther('region') || isOther('stackName')) return true;
  if (first.sourceOf && second.sourceOf && first.group === second.group) return true;
  return haveSeparatePaths(first.file.split('/'), second.file.split('/'));
}

/** True for paths that differ by a stage or region, or are in folders beside each other of which no tool writes one. */
function haveSeparatePaths(first: readonly string[], second: readonly string[]): boolean {
  const length = Math.min(first.length, second.length);
  const common = first.findIndex((name, i) => i >= length || name !== second[i]);
  const [own, other] = [first.slice(common), second.slice(common)];
  const names = [
    ...own.filter((name) => !other.includes(name)),
    ...other.filter((name) => !own.includes(name)),
  ];
  const words = names.flatMap(wordsIn);
  if (words.some((word) => STAGE.test(word)) || names.some((name) => REGION.test(name.toLowerCase())))
    return true;
  const areBeside = own.length > 1 && other.length > 1;
  // Of files with the same name, the name can be the one that a tool writes, such as `output.yaml`.
  const isWritten = [...words, ...wordsIn(own[own.length - 1])].some((word) => BUILD.test(word));
  return areBeside && !isWritten;
}

function wordsIn(name: string): string[] {
  return name.toLowerCase().split(/[^a-z0-9]+/);
}
