import { ClientFactory, ConcurrencyLimit, Connections } from '../../aws/clients';
import { CloudFormationStacks } from '../../aws/cloudformation';
import { objectAt } from '../../cloudformation/json';
import { selectStacks } from '../deployed-stacks';
import type { LoadedTemplate } from '../loaded-template';
import {
  type DeployedTemplate,
  type MissingStack,
  namedStackMissing,
  parseDeployedTemplate,
  readDeployedStacks,
  type StackContent,
} from '../read-deployed-stacks';
import { asBaselineError, type Baseline, type BaselineOptions } from './baseline-spec';

/** The maximum number of concurrent requests. CloudFormation throttles at a few per second. */
const MAX_CONCURRENCY = 4;

const ACTIONS =
  'cloudformation:DescribeStacks, cloudformation:GetTemplate and cloudformation:DescribeStackResource';

/**
 * Reads the templates that stacks were last deployed with.
 *
 * @param spec the baseline as the user gives it, for errors
 * @param stackName the stack to read; by default, all stacks of the templates
 * @param current the templates to deploy next
 */
export async function readDeployedBaseline(
  spec: string,
  stackName: string | undefined,
  current: readonly LoadedTemplate[],
  { profile, region: defaultRegion, onProgress }: BaselineOptions,
): Promise<Baseline> {
  const { stacks, areNamed, errors: misnamed } = selectBaselineStacks(stackName, current);
  const connections = new Connections();
  const clients = new ClientFactory(profile);
  const limit = new ConcurrencyLimit(MAX_CONCURRENCY);
  const connect = (region = defaultRegion) =>
    connections.get(String(region), () => CloudFormationStacks.connect(region, clients, limit, ACTIONS));
  const { found, missing, failures } = await readDeployedStacks(
    stacks,
    current,
    connect,
    TEMPLATES,
    (stacksRead) => onProgress?.(`Reading the baseline, stack ${stacksRead} of ${current.length}`),
  );
  await connections.close();
  // A stack that the user did not name may be new, and so may a nested one.
  const isError = ({ template }: MissingStack) => areNamed && !template.nestedIn;
  const unknown = missing.filter(isError).map(namedStackMissing);
  return {
    templates: found.flatMap(({ template }) => template ?? []),
    errors: [
      ...[...misnamed, ...unknown, ...failures].map((message) => ({ file: spec, message })),
      ...found.flatMap((stack) => stack.errors).map(asBaselineError),
    ],
    notes: missing.filter((stack) => !isError(stack)).map(withoutBaseline),
  };
}

function selectBaselineStacks(stackName: string | undefined, current: readonly LoadedTemplate[]) {
  if (stackName === '') {
    const errors = ['The stack name is missing. Use `deployed:STACK`, or `deployed` for all stacks.'];
    return { stacks: [], areNamed: true, errors };
  }
  const names = stackName === undefined || current.length === 0 ? [] : [stackName];
  return selectStacks(names, current, 'deployed:STACK');
}

/** Reads the template of a stack. */
const TEMPLATES: StackContent<DeployedTemplate> = {
  async read(stack, cloudFormation, caller) {
    if (!stack.template.nestedIn) {
      const description = await cloudFormation.descriptionOf(stack.stack);
      if (!description) return undefined;
      caller.learn(description.account);
      caller.assertAccount(stack.account);
    }
    const content = parseDeployedTemplate((await cloudFormation.templateOf(stack.stack)) ?? '{}', stack);
    // The template of a stack that exists only for a change set is empty.
    if (!content.template) return content.errors.length > 0 ? { content } : undefined;
    const resources = objectAt(content.template.template, 'Resources');
    return {
      content,
      nestedArn: (logicalId) =>
        Object.hasOwn(resources, logicalId) ? cloudFormation.nestedStack(stack.stack, logicalId) : undefined,
    };
  },
  nameOfNested: (parent, _, logicalId) => `${parent.name}/${logicalId}`,
};

function withoutBaseline({ name, region }: MissingStack): string {
  return `The stack '${name}' is not deployed in ${region}, so it has no baseline.`;
}
