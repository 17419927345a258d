import { literal, split, type PartialString } from '../../../cloudformation/partial-string';
import type { Template } from '../../../cloudformation/template';
import type { ApiIntegration } from '../../service-facts';
import type { ServiceEntries, ServiceIndex } from '../../service-index';
import type { NodeKind } from '../../trace-map';
import type { Call, TraceMapBuilder, ResolvedTarget } from '../../trace-map-builder';

/** A service that an API calls without a function. */
export interface IntegratedService {
  /** The name of the service in ARNs. */
  readonly name: string;
  /** The path that is called. */
  readonly path: PartialString;
  /** The action of a subtype. For others, the path or the request has it. */
  readonly action?: string;
}

interface KnownIntegration extends ApiIntegration {
  readonly kind: NodeKind;
  readonly name: string;
}

/** Returns the integrations by the name of the service in ARNs. */
function integrationsByName(services: ServiceEntries): ReadonlyMap<string, KnownIntegration> {
  return new Map(
    services.flatMap(([kind, { apiIntegration, arn }]) =>
      apiIntegration && arn ? [[arn.service, { ...apiIntegration, kind, name: arn.service }] as const] : [],
    ),
  );
}

/** Returns the service in `arn:<partition>:apigateway:<region>:<service>:<path or action>`. */
export function serviceOfUri(uri: PartialString): IntegratedService | undefined {
  const [, , gateway, , service, ...rest] = split(uri, ':');
  const [name, ...path] = [service, ...rest];
  const known = name && literal(name);
  if (!known || !gateway || literal(gateway) !== 'apigateway') return undefined;
  return { name: known.slice(known.lastIndexOf('.') + 1), path: path.flat() };
}

/**
 * Returns the service of a subtype such as `SQS-SendMessage` ("Integration subtype reference", Amazon API Gateway
 * Developer Guide).
 */
export function serviceOfSubtype(subtype: PartialString, index: ServiceIndex): IntegratedService | undefined {
  const [service, action] = literal(subtype)?.split('-') ?? [];
  if (service === undefined) return undefined;
  const integrations = [...index.table(integrationsByName).values()];
  const found = integrations.find((integration) => integration.subtype === service);
  return found && { name: found.name, path: [], action };
}

/**
 * Returns the nodes of a service that the request names: by a reference or an ARN in the path or in what is sent, or by
 * the segment of the path with the name.
 *
 * @param sent the strings that the request consists of
 */
export function serviceTargets(
  { name: service, path }: IntegratedService,
  sent: readonly PartialString[],
  template: Template,
  map: TraceMapBuilder,
): ResolvedTarget[] {
  const strings = [path, ...sent];
  const referenced = strings.flatMap((string) =>
    string.flatMap((part) => {
      if (typeof part === 'string' || part.kind !== 'reference') return [];
      const kind = map.index.kindOf(part.resource);
      return kind && map.index.services[kind].arn?.service === service
        ? map.resolveString([part], template)
        : [];
    }),
  );
  const arns = strings.flatMap(quotedArns).filter((arn) => literal(split(arn, ':')[2] ?? []) === service);
  const { kind, nameSegment } = map.index.table(integrationsByName).get(service) ?? {};
  const name = nameSegment === undefined ? undefined : split(path, '/')[nameSegment];
  return [
    ...referenced,
    ...arns.flatMap((arn) => map.resolveString(arn, template)),
    ...(kind && name && literal(name) ? map.resolveString(name, template, kind) : []),
  ];
}

/** Returns the ARNs in a string, quoted or by themselves. */
function quotedArns(string: PartialString): PartialString[] {
  const pieces = split(string, '"').flatMap((piece) => split(piece, "'"));
  return pieces.filter(([start]) => typeof start === 'string' && start.startsWith('arn:'));
}

/**
 * Returns how an API calls a service; `undefined` if its action is known not to be a call.
 *
 * @param sent the strings that the request consists of
 * @param methods the methods that the request can have
 */
export function serviceCall(
  service: IntegratedService,
  sent: readonly PartialString[],
  methods: readonly PartialString[],
  index: ServiceIndex,
): Pick<Call, 'propagation'> | undefined {
  const integration = index.table(integrationsByName).get(service.name);
  const { readMethods, actions: callActions } = integration ?? {};
  if (readMethods) {
    const isReading =
      methods.length > 0 && methods.every((method) => readMethods.includes(literal(method) ?? ''));
    return isReading ? { propagation: 'breaks' } : {};
  }
  const actions = actionsOf(service, sent);
  const canCall = !callActions || actions.length === 0 || actions.some((action) => callActions.test(action));
  return canCall ? {} : undefined;
}

/** Returns the known actions: that of a subtype, in `action/<action>`, or sent as `Action=<action>`. */
function actionsOf({ action, path }: IntegratedService, sent: readonly PartialString[]): string[] {
  if (action !== undefined) return [action];
  const [kind, name] = split(path, '/').map(literal);
  if (kind === 'action' && name) return [name];
  return sent.flatMap((string) =>
    string
      .flatMap((part) => (typeof part === 'string' ? [...part.matchAll(/\bAction='?(\w+)/g)] : []))
      .map(([, sentAction]) => sentAction),
  );
}
