import type { EventSourceVerdict } from './event-source-kind';
import type { WritePermission } from './iam/write-permission';
import { ModelBuilder } from './model-builder';
import type { Possible } from './possible';
import type { Resource, TemplateSource } from './template';

/**
 * A function's tracing mode: one of Lambda's two, left to the default, not to be told before deployment,
 * or something that Lambda doesn't know.
 */
export type TracingMode = 'Active' | 'PassThrough' | 'unset' | 'unknown' | { readonly invalid: string };

export interface LambdaFunction {
  readonly resource: Resource;
  /** The modes that it can have. */
  readonly modes: readonly Possible<TracingMode>[];
  /** The property that sets the mode. */
  readonly modeProperty: string;
  /** Whether its role may write to X-Ray, in each case that conditions make. */
  readonly writePermissions: readonly Possible<WritePermission>[];
  /** The event source mappings that surely or possibly feed it. */
  readonly eventSourceMappings: readonly EventSourceMapping[];
  /** Whether more than event source mappings may invoke it, as far as the templates tell. */
  readonly isInvokedOtherwise: boolean;
  /** Its versions and aliases; for a SAM function that publishes by itself, the function too. */
  readonly publications: readonly Resource[];
  /** The CloudFront distributions that run it, and when. */
  readonly distributions: readonly Possible<Resource>[];
  /** Whether CloudFront runs it, or its role lets CloudFront do so. */
  readonly isAtEdge: boolean;
  readonly environment: readonly EnvironmentVariable[];
  /** The memory that it can have, in MB; `undefined` where that isn't known. */
  readonly memory: readonly Possible<number | undefined>[];
}

export interface EnvironmentVariable {
  readonly name: string;
  /** The values that it can have, as far as they are known. */
  readonly values: readonly Possible<string>[];
}

export interface EventSourceMapping {
  readonly resource: Resource;
  /** Its logical ID; for an event in a SAM function the one that SAM gives the mapping it makes. */
  readonly logicalId: string;
  /** Where the mapping stands among the resource's properties, for an event in a SAM function. */
  readonly path: readonly string[];
  readonly sources: readonly Possible<EventSourceVerdict>[];
  readonly feeds: readonly Possible<Feed>[];
}

export interface Feed {
  readonly function: LambdaFunction;
  /** The versions and aliases between the mapping and the function. */
  readonly through: readonly Resource[];
}

/** An SNS topic. */
export interface Topic {
  readonly resource: Resource;
  /** Whether it traces, in each case. */
  readonly isActive: readonly Possible<boolean>[];
  /** The X-Ray resource policies that surely or possibly let it write. */
  readonly resourcePolicies: readonly Resource[];
}

/** A sampling rule of X-Ray. */
export interface SamplingRule {
  readonly resource: Resource;
  /** The types of service that it can be about. */
  readonly serviceTypes: readonly Possible<string>[];
}

/** What a set of templates deploys, as far as tracing goes, with everything that belongs together linked. */
export interface TracingModel {
  /** Everything that is in the templates. */
  readonly resources: readonly Resource[];
  readonly functions: readonly LambdaFunction[];
  readonly eventSourceMappings: readonly EventSourceMapping[];
  readonly topics: readonly Topic[];
  readonly samplingRules: readonly SamplingRule[];
}

/**
 * Builds the model of templates that are deployed together.
 *
 * @param sources the templates; references between them are followed
 */
export function buildTracingModel(sources: readonly TemplateSource[]): TracingModel {
  return new ModelBuilder(sources).build();
}
