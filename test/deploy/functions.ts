import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListAliasesCommand,
  ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda';

/** Returns the physical IDs of the resources of a type, by logical ID without CDK's hash. */
export async function resourcesOf(stack: string, type: string): Promise<Map<string, string>> {
  const client = new CloudFormationClient();
  const found = new Map<string, string>();
  for await (const page of paginateListStackResources({ client }, { StackName: stack })) {
    for (const {
      ResourceType,
      LogicalResourceId = '',
      PhysicalResourceId = '',
    } of page.StackResourceSummaries ?? []) {
      if (ResourceType === type) found.set(withoutHash(LogicalResourceId), PhysicalResourceId);
    }
  }
  return found;
}

/** Removes the hash that CDK adds to a logical ID. */
export function withoutHash(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}

/** Returns the deployed mode of a function. */
export async function modeOf(name: string, qualifier?: string): Promise<string | undefined> {
  const command = new GetFunctionConfigurationCommand({ FunctionName: name, Qualifier: qualifier });
  return (await new LambdaClient().send(command)).TracingConfig?.Mode;
}

/** Returns the modes of the published versions, by their numbers. */
export async function versionsOf(name: string): Promise<Record<string, string | undefined>> {
  const { Versions: versions = [] } = await new LambdaClient().send(
    new ListVersionsByFunctionCommand({ FunctionName: name }),
  );
  const published = versions.filter(({ Version }) => Version !== '$LATEST');
  return Object.fromEntries(
    published.map(({ Version = '', TracingConfig }) => [Version, TracingConfig?.Mode]),
  );
}

/** Returns the versions that aliases point to, by the names of the aliases. */
export async function aliasesOf(name: string): Promise<Record<string, string | undefined>> {
  const { Aliases: aliases = [] } = await new LambdaClient().send(
    new ListAliasesCommand({ FunctionName: name }),
  );
  return Object.fromEntries(aliases.map(({ Name = '', FunctionVersion }) => [Name, FunctionVersion]));
}
