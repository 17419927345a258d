import { literal, split, type Text } from '../../text';
import type { Call } from '../map-builder';
import type { IntegratedService } from './service-integration';

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
  sent: readonly Text[],
  methods: readonly Text[],
): Pick<Call, 'effect'> | undefined {
  if (service.name === 's3') {
    const isReading =
      methods.length > 0 && methods.every((method) => READING.includes(literal(method) ?? ''));
    return isReading ? { effect: 'drops' } : {};
  }
  const calling = CALLING.get(service.name);
  const actions = actionsOf(service, sent);
  return !calling || actions.length === 0 || actions.some((action) => calling.test(action)) ? {} : undefined;
}

/** The actions that are evident: of a subtype, in `action/<action>`, or sent as `Action=<action>`. */
function actionsOf({ action, path }: IntegratedService, sent: readonly Text[]): string[] {
  if (action !== undefined) return [action];
  const [kind, named] = split(path, '/').map(literal);
  if (kind === 'action' && named) return [named];
  return sent.flatMap((text) =>
    text
      .flatMap((part) => (typeof part === 'string' ? [...part.matchAll(/\bAction='?(\w+)/g)] : []))
      .map(([, name]) => name),
  );
}
