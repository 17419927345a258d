import type { ContextEntry } from '@aws-sdk/client-iam';

/**
 * What is known beforehand of the requests by which Lambda writes traces, with the credentials of a function's role:
 * policies that ask for it are simulated as they decide ("AWS global condition context keys", IAM User Guide).
 *
 * @param role its ARN
 * @param region where it writes them
 */
export function requestContext(role: string, region: string): ContextEntry[] {
  return [
    // Service control policies often allow some regions only.
    text('aws:RequestedRegion', region),
    text('aws:PrincipalArn', role),
    text('aws:PrincipalAccount', role.split(':')[4] ?? ''),
    text('aws:PrincipalType', 'AssumedRole'),
    flag('aws:SecureTransport', true),
    // The role is what asks, neither a service by itself nor a service for somebody else.
    flag('aws:PrincipalIsAWSService', false),
    flag('aws:ViaAWSService', false),
  ];
}

function text(ContextKeyName: string, value: string): ContextEntry {
  return { ContextKeyName, ContextKeyType: 'string', ContextKeyValues: [value] };
}

function flag(ContextKeyName: string, value: boolean): ContextEntry {
  return { ContextKeyName, ContextKeyType: 'boolean', ContextKeyValues: [String(value)] };
}

/** Of the global keys, those of users and of tags: a role is no user, and nothing that is tagged is written. */
const ABSENT = /^aws:(username$|tagkeys$|requesttag\/|resourcetag\/)/i;

/**
 * The condition keys that requests to X-Ray can have, of those that the simulator misses. It names those of all
 * statements, whatever actions these are about; writing traces knows none of its own ("Actions, resources, and
 * condition keys for AWS X-Ray", Service Authorization Reference). Lambda's one is in the requests for traces ("Using
 * source function ARN to control function access behavior", AWS Lambda Developer Guide).
 */
export function keysOfRequests(missing: readonly string[]): string[] {
  return missing.filter((key) => /^(aws:|lambda:SourceFunctionArn$)/i.test(key) && !ABSENT.test(key));
}
