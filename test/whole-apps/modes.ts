import type { Assembly, Resource, Template } from './assembly';

const FUNCTIONS = ['AWS::Lambda::Function', 'AWS::Serverless::Function'];

/** Returns the tracing mode that each function has, by construct path. No mode is PassThrough. */
export function modesIn({ templates }: Assembly): Record<string, string> {
  const resources = Object.values(templates).flatMap(({ Resources = {} }) => Object.values(Resources));
  return Object.fromEntries(
    resources
      .filter(({ Type }) => FUNCTIONS.includes(Type))
      .map((resource) => [pathOf(resource), modeOf(resource)]),
  );
}

/** Returns the path of the construct that users know. */
function pathOf({ Metadata }: Resource): string {
  return String(Metadata?.['aws:cdk:path']).replace(/\/Resource$/, '');
}

function modeOf({ Properties = {} }: Resource): string {
  const config = Properties.TracingConfig as { Mode?: string } | undefined;
  return config?.Mode ?? (Properties.Tracing as string | undefined) ?? 'PassThrough';
}

/**
 * Returns the versions that are published again although their function stays the same, with the deployment error
 * "A version for this Lambda function exists".
 */
export function publishedWithoutChange(bare: Assembly, traced: Assembly): string[] {
  return Object.entries(traced.templates).flatMap(([file, after]) => {
    const before = bare.templates[file] ?? {};
    return Object.entries(after.Resources ?? {})
      .filter(([id, resource]) => publishes(id, resource, before))
      .filter(([id, resource]) => {
        const [old, current] = [before, after].map(({ Resources = {} }) => {
          const fn = Resources[functionOf(id, resource)];
          return fn && modeOf(fn);
        });
        return old !== undefined && old === current;
      })
      .map(([, resource]) => pathOf(resource));
  });
}

/** Returns the logical ID of the function that a resource publishes. */
function functionOf(id: string, { Type, Properties }: Resource): string {
  if (Type !== 'AWS::Lambda::Version') return id;
  return (Properties?.FunctionName as { Ref?: string } | undefined)?.Ref ?? '';
}

/** True if a version or a SAM function publishes, since its logical ID or its properties are others than before. */
function publishes(id: string, { Type, Properties }: Resource, { Resources = {} }: Template): boolean {
  const before = Resources[id]?.Properties;
  const hasChanged = (property: string) =>
    JSON.stringify(before?.[property]) !== JSON.stringify(Properties?.[property]);
  if (Type === 'AWS::Lambda::Version') return hasChanged('FunctionName') || hasChanged('Description');
  if (Type !== 'AWS::Serverless::Function') return false;
  return hasChanged('AutoPublishAliasAllProperties') || hasChanged('VersionDescription');
}
