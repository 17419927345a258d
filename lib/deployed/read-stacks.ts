import type {
  CallerIdentity,
  CloudFormationStacks,
  DeployedResource,
  ListedStack,
  StackDescription,
} from '../aws/cloudformation';
import { AwsError, ReadFailures, STACKS } from '../aws/errors';
import { mayAddResources, Template, type TemplateSource } from '../cloudformation/template';
import {
  type DeployedStack,
  type FoundStack,
  type MissingStack,
  namedStackMissing,
  parseDeployedTemplate,
  readDeployedStacks,
  type SelectedStacks,
  type StackContent,
} from '../input/read-deployed-stacks';
import type { Loaded, LoadedTemplate, LoadError } from '../input/loaded-template';
import { listNames } from '../text/printable';
import type { ObservedStack } from '../verify/deployed-functions';
import type { DeployedAccount, DeployedLocation } from './account';

/** The result of reading stacks. */
export interface ReadStacks {
  readonly stacks: readonly ObservedStack[];
  /** The templates that the stacks were deployed with, with the IDs of the templates to deploy next. */
  readonly templates: readonly LoadedTemplate[];
  /** The locations of the stacks, by the IDs of their templates. */
  readonly locations: ReadonlyMap<string, DeployedLocation>;
  readonly errors: readonly LoadError[];
  /** Messages about stacks that could not be read. */
  readonly failures: readonly string[];
  /** Messages that are not errors. */
  readonly notes: readonly string[];
}

/**
 * Reads stacks and the stacks nested in them.
 *
 * @param templates all templates, including those of nested stacks
 */
export async function readStacks(
  selected: Pick<SelectedStacks, 'stacks' | 'areNamed'>,
  templates: readonly LoadedTemplate[],
  account: DeployedAccount,
  onProgress: (text: string) => void,
): Promise<ReadStacks> {
  const resources = new ResourceContent(templates);
  const { found, missing, failures } = await readDeployedStacks(
    selected.stacks,
    templates,
    (region) => account.stacksIn(region),
    resources,
    (stacksRead) => onProgress(`Reading stack ${stacksRead} of ${templates.length}`),
  );
  const messages = missingStackMessages(missing, selected.areNamed, found.length > 0);
  return {
    stacks: found,
    templates: resources.deployedTemplates,
    locations: resources.locations,
    errors: resources.errors,
    failures: [...messages.failures, ...failures, ...resources.failures()],
    notes: [...resources.notes, ...messages.notes].sort(),
  };
}

/** Reads the resources, the parameters and the template of stacks. Only the resources are necessary. */
class ResourceContent implements StackContent<ObservedStack> {
  public readonly deployedTemplates: LoadedTemplate[] = [];
  public readonly locations = new Map<string, DeployedLocation>();
  public readonly errors: LoadError[] = [];
  public readonly notes: string[] = [];
  private readonly descriptionFailures = new ReadFailures({ ...STACKS, of: 'the parameters of' });
  private readonly templateFailures = new ReadFailures({ ...STACKS, of: 'the template of' });

  constructor(private readonly templates: readonly LoadedTemplate[]) {}

  public async read(
    stack: DeployedStack,
    cloudFormation: CloudFormationStacks,
    caller: CallerIdentity,
  ): Promise<FoundStack<ObservedStack> | undefined> {
    const description = await this.describe(stack, cloudFormation, caller);
    caller.assertAccount(stack.account);
    const resources = await cloudFormation.resourcesOf(stack.stack);
    // A stack that exists only for a change set has no resources.
    if (!resources?.length) return undefined;
    await this.readTemplate(stack, cloudFormation);
    const { template, name, nestedIn } = stack;
    this.notes.push(...nestedStacksWithoutTemplate(stack, resources, this.templates));
    return {
      content: {
        template: template.id,
        name,
        ...(nestedIn && { nestedIn }),
        region: cloudFormation.region,
        ...(description?.account !== undefined && { account: description.account }),
        ...(description?.updated !== undefined && { updated: description.updated }),
        resources,
      },
      nestedArn: (logicalId) => resources.find((resource) => resource.logicalId === logicalId)?.physicalId,
    };
  }

  public nameOfNested(parent: DeployedStack, template: LoadedTemplate, logicalId: string): string {
    return template.constructPath ?? `${parent.name}/${logicalId}`;
  }

  public failures(): string[] {
    return [...this.descriptionFailures.messages(), ...this.templateFailures.messages()];
  }

  /** @throws AwsError if the stack has a target account and the account of the credentials stays unknown */
  private async describe(
    { stack, name, template, account }: DeployedStack,
    cloudFormation: CloudFormationStacks,
    caller: CallerIdentity,
  ): Promise<StackDescription | undefined> {
    const read = await this.descriptionFailures.attempt(name, cloudFormation.region, async () => ({
      description: await cloudFormation.descriptionOf(stack),
    }));
    if (!read && account !== undefined && !caller.isKnown) throw callerUnknown(account);
    const description = read?.description;
    caller.learn(description?.account);
    this.locations.set(template.id, {
      region: cloudFormation.region,
      // CloudFormation generates the names of nested stacks.
      ...(!template.nestedIn && { stackName: stack }),
      ...(description?.account !== undefined && { account: description.account }),
      ...(description && { parameterValues: description.parameters }),
    });
    return description;
  }

  private async readTemplate(stack: DeployedStack, cloudFormation: CloudFormationStacks): Promise<void> {
    const body = await this.templateFailures.attempt(stack.name, cloudFormation.region, () =>
      cloudFormation.templateOf(stack.stack),
    );
    if (body === undefined) return;
    const { template, errors } = parseDeployedTemplate(body, stack);
    this.errors.push(...errors);
    if (template) this.deployedTemplates.push(template);
  }
}

function callerUnknown(account: string): AwsError {
  const message = `The target account is ${account}, but the account of the credentials is unknown. Allow cloudformation:DescribeStacks, or set AWS_ACCOUNT_ID.`;
  return new AwsError(message, false);
}

/** Returns a message for each nested stack that is deployed but has no template, neither as nested nor by its own name. */
function nestedStacksWithoutTemplate(
  { name, template: { id } }: DeployedStack,
  resources: readonly DeployedResource[],
  templates: readonly LoadedTemplate[],
): string[] {
  const withTemplate = new Set(
    templates.flatMap(({ nestedIn }) => (nestedIn?.id === id ? nestedIn.logicalId : [])),
  );
  const isNamed = (arn: string) => templates.some(({ stackName }) => stackName === arn.split('/')[1]);
  return resources
    .filter(({ type, logicalId }) => type === 'AWS::CloudFormation::Stack' && !withTemplate.has(logicalId))
    .filter(({ physicalId }) => !isNamed(physicalId))
    .map(
      ({ logicalId }) =>
        `The stack '${name}/${logicalId}' was not verified, because its template was not found. Pass the cloud assembly, or the parent template together with the nested one.`,
    );
}

/**
 * Returns the messages about stacks that are not deployed. Such a stack may be new. It is an error if the user named it,
 * or if no stack is deployed, since the region or the account is probably wrong then.
 *
 * @param areNamed true if the user named the stacks that are not nested
 * @param isAnyFound true if another stack is deployed
 */
function missingStackMessages(
  missing: readonly MissingStack[],
  areNamed: boolean,
  isAnyFound: boolean,
): { readonly failures: readonly string[]; readonly notes: readonly string[] } {
  const nested = missing.filter(({ template }) => template.nestedIn);
  const outermost = missing.filter(({ template }) => !template.nestedIn);
  if (areNamed) return { failures: outermost.map(namedStackMissing), notes: nested.map(notDeployedYet) };
  if (isAnyFound || outermost.length === 0) return { failures: [], notes: missing.map(notDeployedYet) };
  return { failures: [noStackDeployed(outermost)], notes: nested.map(notDeployedYet) };
}

function notDeployedYet({ name, region }: MissingStack): string {
  return `The stack '${name}' is not deployed in ${region} yet, so it was not verified.`;
}

function noStackDeployed(missing: readonly MissingStack[]): string {
  const names = listNames(missing.map(({ name }) => `'${name}'`).sort());
  const regions = [...new Set(missing.map(({ region }) => region))].sort().join(', ');
  const problem =
    missing.length === 1
      ? `The stack ${names} is not deployed in ${regions}.`
      : `None of the stacks ${names} is deployed in ${regions}.`;
  return `${problem} Pass the region with --region, or a profile of the account with --profile.`;
}

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
