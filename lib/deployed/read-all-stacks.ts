import type { CloudFormationStacks, ListedStack } from '../aws/cloudformation';
import { AwsError, ReadFailures, STACKS } from '../aws/errors';
import { mayAddResources, Template, type TemplateSource } from '../cloudformation/template';
import type { Loaded } from '../input/loaded-template';
import { parseDeployedTemplate } from '../input/read-deployed-stacks';
import type { DeployedAccount } from './account';

/** The templates of all stacks of a region, and messages about stacks that could not be read. */
export interface ReadAllStacks {
  /** The templates of the stacks that have functions. Nested stacks are stacks of their own. */
  readonly loaded: Loaded;
  readonly failures: readonly string[];
  readonly notes: readonly string[];
}

/** The file name of errors that do not concern a stack. */
const DEPLOYED = 'deployed';

/**
 * Reads the templates that the stacks of a region were deployed with.
 *
 * @param account its options have the region
 * @param onProgress called with each step, for a progress line
 */
export async function readAllStacks(
  account: DeployedAccount,
  onProgress: (text: string) => void,
): Promise<ReadAllStacks> {
  const failures = new ReadFailures({ ...STACKS, of: 'the template of' });
  let listed: { readonly cloudFormation: CloudFormationStacks; readonly stacks: readonly ListedStack[] };
  try {
    // By its name, as the stacks are read later: that connection has the templates.
    const { region } = await account.stacksIn();
    const cloudFormation = await account.stacksIn(region);
    onProgress('Listing stacks');
    listed = { cloudFormation, stacks: await cloudFormation.allStacks() };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const message = `Can't list the stacks: ${error.message}`;
    return { loaded: { templates: [], errors: [] }, failures: [message], notes: [] };
  }

  const { cloudFormation, stacks } = listed;
  const { region } = cloudFormation;
  let read = 0;
  const parsed = await Promise.all(
    stacks.map(async ({ name, account: id }) => {
      const body = await failures.attempt(name, region, () => cloudFormation.templateOf(name));
      onProgress(`Reading template ${++read} of ${stacks.length}`);
      if (body === undefined) return { errors: [] };
      const source = {
        id: `${DEPLOYED}:${name}`,
        file: name,
        stackName: name,
        region,
        account: id,
        template: {},
      };
      return parseDeployedTemplate(body, { name, stack: name, template: source });
    }),
  );
  const readable = parsed.flatMap(({ template }) => template ?? []);
  const templates = readable.filter(mayHaveFunctions);
  const others = readable.length - templates.length;
  return {
    loaded: {
      templates,
      errors: parsed.flatMap(({ errors }) => errors),
    },
    failures: failures.messages(),
    notes: others > 0 ? [noteOn(others)] : [],
  };
}

const FUNCTIONS: ReadonlySet<string> = new Set(['AWS::Lambda::Function', 'AWS::Serverless::Function']);

function mayHaveFunctions(source: TemplateSource): boolean {
  const template = new Template(source);
  return (
    mayAddResources(template) || [...template.resources.values()].some(({ type }) => FUNCTIONS.has(type))
  );
}

function noteOn(stacks: number): string {
  return stacks === 1 ? '1 other stack has no functions.' : `${stacks} other stacks have no functions.`;
}
