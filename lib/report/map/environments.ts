import { isObject } from '../../model/json';
import type { LambdaFunction } from '../../model/lambda-function';
import { effectiveProperties } from '../../model/sam-globals';
import type { Resource } from '../../model/template';
import type { TracingModel } from '../../model/tracing-model';
import type { MapEnvironments } from './map-function';

type Answer = MapEnvironments['snapStart'];

/** How a function's execution environments start, which shows in its traces. */
export function environmentsOf(fn: LambdaFunction, model: TracingModel): MapEnvironments {
  const publications = [...fn.versions, ...fn.aliases].map(({ resource }) => resource);
  return {
    snapStart: snapStartOf(fn.resource),
    provisionedConcurrency: anyOf(publications.map((resource) => provisionedConcurrencyOf(resource, model))),
  };
}

function snapStartOf(resource: Resource): Answer {
  const { SnapStart: snapStart } = effectiveProperties(resource);
  if (snapStart === undefined) return 'no';
  const applyOn = isObject(snapStart) ? snapStart.ApplyOn : undefined;
  if (typeof applyOn !== 'string') return 'unknown';
  return applyOn === 'PublishedVersions' ? 'yes' : 'no';
}

/** It is set on versions and aliases, or scaled by what refers to them. */
function provisionedConcurrencyOf(publication: Resource, model: TracingModel): Answer {
  const { ProvisionedConcurrencyConfig: config } = effectiveProperties(publication);
  const isScaled = model
    .usersOf(publication)
    .some(({ type }) => type === 'AWS::ApplicationAutoScaling::ScalableTarget');
  if (isScaled) return 'yes';
  if (config === undefined) return 'no';
  return isObject(config) && 'ProvisionedConcurrentExecutions' in config ? 'yes' : 'unknown';
}

function anyOf(answers: readonly Answer[]): Answer {
  if (answers.includes('yes')) return 'yes';
  return answers.includes('unknown') ? 'unknown' : 'no';
}
