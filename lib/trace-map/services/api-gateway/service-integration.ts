import { literal, split, type PartialString } from '../../../cloudformation/partial-string';
import type { Template } from '../../../cloudformation/template';
import type { NodeKind } from '../../trace-map';
import type { Call, TraceMapBuilder, ResolvedTarget } from '../../trace-map-builder';

/** A service that an API calls by itself. */
export interface IntegratedService {
  /** As in ARNs. */
  readonly name: string;
  /** What is called there. */
  readonly path: PartialString;
  /** The action of a subtype; of others, the path or the request has it. */
  readonly action?: string;
}

/** The services of HTTP APIs' integrations ("Integration subtype reference", Amazon API Gateway Developer Guide). */
const SUBTYPES: ReadonlyMap<string, string> = new Map([
  ['EventBridge', 'events'],
  ['Kinesis', 'kinesis'],
  ['SQS', 'sqs'],
  ['StepFunctions', 'states'],
]);

/** Where a path names a resource: `path/<account>/<queue>`. */
const NAMES: ReadonlyMap<string, readonly [kind: NodeKind, segment: number]> = new Map([
  ['sqs', ['queue', 2]],
]);

/** The service in `arn:<partition>:apigateway:<region>:<service>:<path or action>`. */
export function serviceOfUri(uri: PartialString): IntegratedService | undefined {
  const [, , gateway, , service, ...rest] = split(uri, ':');
  const [name, ...path] = [service, ...rest];
  const known = name && literal(name);
  if (!known || !gateway || literal(gateway) !== 'apigateway') return undefined;
  return { name: known.slice(known.lastIndexOf('.') + 1), path: path.flat() };
}

/** The service of a subtype such as `SQS-SendMessage`. */
export function serviceOfSubtype(subtype: PartialString): IntegratedService | undefined {
  const [service, action] = literal(subtype)?.split('-') ?? [];
  const name = SUBTYPES.get(service);
  return name === undefined ? undefined : { name, path: [], action };
}

/**
 * What of a service is called, as far as it is evident: what is referred to, or is an ARN, in the path or in what is
 * sent, and what the path names.
 *
 * @param sent the texts that the request is made of
 */
export function calledOf(
  { name: service, path }: IntegratedService,
  sent: readonly PartialString[],
  template: Template,
  map: TraceMapBuilder,
): ResolvedTarget[] {
  const texts = [path, ...sent];
  const referred = texts.flatMap((text) =>
    text.flatMap((part) => {
      if (typeof part === 'string' || part.kind !== 'reference') return [];
      const kind = map.index.kindOf(part.resource);
      return kind && map.index.services[kind].arn?.service === service
        ? map.resolveString([part], template)
        : [];
    }),
  );
  const arns = texts.flatMap(quoted).filter((text) => literal(split(text, ':')[2] ?? []) === service);
  const [kind, segment] = NAMES.get(service) ?? [];
  const named = kind === undefined || segment === undefined ? undefined : split(path, '/')[segment];
  return [
    ...referred,
    ...arns.flatMap((arn) => map.resolveString(arn, template)),
    ...(kind && named && literal(named) ? map.resolveString(named, template, kind) : []),
  ];
}

/** The ARNs in a text, as they stand between quotes or by themselves. */
function quoted(text: PartialString): PartialString[] {
  const pieces = split(text, '"').flatMap((piece) => split(piece, "'"));
  return pieces.filter(([start]) => typeof start === 'string' && start.startsWith('arn:'));
}

/**
 * The actions by which something comes of a call, by service: others read, or take away, and no trace goes on from them
 * ("Actions, resources, and condition keys for AWS services", Service Authorization Reference).
 */
const CALLING: ReadonlyMap<string, RegExp> = new Map([
  ['events', /^PutEvents$/],
  ['firehose', /^PutRecord/],
  ['kinesis', /^PutRecord/],
  ['sns', /^Publish/],
  ['sqs', /^SendMessage/],
  ['states', /^Start(?:Sync)?Execution$/],
]);

/** The methods that read an object ("Amazon S3 REST API introduction", Amazon S3 API Reference). */
const READING: readonly string[] = ['GET', 'HEAD'];

/**
 * How an API calls a service by itself; nothing where its action is known not to be a call.
 *
 * @param sent the texts that the request is made of
 * @param methods the methods that the request can have
 */
export function callOf(
  service: IntegratedService,
  sent: readonly PartialString[],
  methods: readonly PartialString[],
): Pick<Call, 'propagation'> | undefined {
  if (service.name === 's3') {
    const isReading =
      methods.length > 0 && methods.every((method) => READING.includes(literal(method) ?? ''));
    return isReading ? { propagation: 'breaks' } : {};
  }
  const calling = CALLING.get(service.name);
  const actions = actionsOf(service, sent);
  return !calling || actions.length === 0 || actions.some((action) => calling.test(action)) ? {} : undefined;
}

/** The actions that are evident: of a subtype, in `action/<action>`, or sent as `Action=<action>`. */
function actionsOf({ action, path }: IntegratedService, sent: readonly PartialString[]): string[] {
  if (action !== undefined) return [action];
  const [kind, named] = split(path, '/').map(literal);
  if (kind === 'action' && named) return [named];
  return sent.flatMap((text) =>
    text
      .flatMap((part) => (typeof part === 'string' ? [...part.matchAll(/\bAction='?(\w+)/g)] : []))
      .map(([, name]) => name),
  );
}
