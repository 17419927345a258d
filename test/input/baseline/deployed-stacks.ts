import { join } from 'node:path';
import type { Baseline, BaselineOptions } from '../../../lib/input/baseline/baseline-spec';
import { loadBaseline } from '../../../lib/input/baseline/load-baseline';
import type { LoadedTemplate } from '../../../lib/input/loaded-template';
import { directoryWith } from '../temporary';

const environment = { ...process.env };

/** Sets credentials that belong to nobody, and removes all other AWS variables. */
export function setExampleCredentials(): void {
  const none = directoryWith({ config: '', credentials: '' });
  process.env = {
    ...Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('AWS_'))),
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_CONFIG_FILE: join(none, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(none, 'credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

export function restoreEnvironment(): void {
  process.env = environment;
}

export const TOPIC = { Type: 'AWS::SNS::Topic' };
export const RESOURCES = { Resources: { Topic: TOPIC } };

/** Returns a template with a topic. */
export function templateOf(id: string, more: Partial<LoadedTemplate> = {}): LoadedTemplate {
  return { id, file: id, template: RESOURCES, ...more };
}

/** Returns the template of a stack. */
export function stack(stackName: string, more: Partial<LoadedTemplate> = {}): LoadedTemplate {
  return templateOf(`cdk.out/${stackName}.json`, { stackName, region: 'eu-west-1', ...more });
}

/** Loads the baseline of templates from the deployed stacks. */
export function deployedBaseline(
  spec: string,
  current: readonly LoadedTemplate[],
  options: BaselineOptions = {},
): Promise<Baseline> {
  return loadBaseline(spec, current, [], options);
}
