import { literal, type PartialString } from '../cloudformation/partial-string';
import { certainly, type Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { effectiveProperties } from '../cloudformation/sam-globals';
import type { Resource } from '../cloudformation/template';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { ServiceFacts } from './service-facts';
import type { Recording, TraceNode } from './trace-map';

/** The recording of a node, and the property that sets it. */
export type NodeRecording = Pick<TraceNode, 'recording' | 'recordings' | 'tracingProperty'>;

/** Returns the recording of a function, by its tracing modes. */
export function recordingOfFunction({ resource, modes, modeProperty }: LambdaFunction): NodeRecording {
  return {
    ...summary(
      modes.map(({ value, when }) => {
        if (value === 'Active') return { value: 'yes', when };
        return { value: value === 'PassThrough' || value === 'unset' ? 'no' : 'unknown', when };
      }),
    ),
    tracingProperty: { resource, property: modeProperty, value: 'Active' },
  };
}

/** Returns the recording of a resource of a service, by the service's tracing property. */
export function recordingOfResource(
  resource: Resource,
  { tracingProperty: byType }: ServiceFacts,
  resolver: Resolver,
): NodeRecording {
  const tracingProperty = byType?.[resource.type];
  // If other types of the service have a tracing property, another resource sets this one's recording.
  if (!tracingProperty) {
    return summary(resolver.whereCreated(resource, certainly(byType ? 'unknown' : 'never')));
  }
  const [property, value] = tracingProperty;
  const settings = resolver.stringsAt(effectiveProperties(resource), property.split('.'), resource.template);
  return {
    ...summary(
      resolver
        .whereCreated(resource, settings)
        .map(({ value: setting, when }) => ({ value: recordingOfSetting(setting, value), when })),
    ),
    tracingProperty: { resource, property, value },
  };
}

/** Returns the recording of a node that is no resource of the templates. */
export function recordingOutside({ tracingProperty }: ServiceFacts): NodeRecording {
  return summary(certainly(tracingProperty ? 'unknown' : 'never'));
}

function recordingOfSetting(setting: PartialString | undefined, on: string): Recording {
  if (setting === undefined) return 'no';
  const value = literal(setting);
  if (value === undefined) return 'unknown';
  return value === on ? 'yes' : 'no';
}

/** Adds the recording that all conditions share, `unknown` if they differ. */
function summary(recordings: readonly Possible<Recording>[]): NodeRecording {
  const [first, ...others] = new Set(recordings.map(({ value }) => value));
  return { recording: first === undefined || others.length > 0 ? 'unknown' : first, recordings };
}
