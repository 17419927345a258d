import { type System, type SystemFunction, type SystemMapping, UNSUPPORTED_KINDS } from './system';

/** The rules of which the verdict on a system is known. */
export const PREDICTED = [
  'UnsupportedEventSource',
  'WritePermissions',
  'ActiveTracing',
  'ExplicitMode',
  'UnpublishedMode',
] as const;

/** What the rules are to say of a system, by what they demand, not by how the model finds out: a line a finding. */
export function expectedVerdict({ functions, mappings }: System): string[] {
  const lines = [
    ...mappings
      .filter((mapping) => isUnsupported(mapping) && mapping.feeds.mode === 'Active')
      .map(({ id }) => `UnsupportedEventSource ${id}`),
    ...functions
      .filter((fn) => fn.mode === 'Active' && lacksPermission(fn))
      .map(({ id }) => `WritePermissions ${id}`),
    ...functions
      .filter((fn) => fn.mode !== 'Active' && isTraceable(fn, mappings))
      .map(({ id }) => `ActiveTracing ${id}`),
    ...functions.filter(({ mode }) => mode === 'unset').map(({ id }) => `ExplicitMode ${id}`),
    ...functions.flatMap(({ version, alias }) => [
      ...(version?.tie === 'none' ? [`UnpublishedMode ${version.id}`] : []),
      ...(alias?.on === 'number' ? [`UnpublishedMode ${alias.id}`] : []),
    ]),
  ];
  return lines.sort();
}

function isUnsupported({ kind }: SystemMapping): boolean {
  return UNSUPPORTED_KINDS.some((other) => other === kind);
}

function lacksPermission({ role }: SystemFunction): boolean {
  return role !== 'imported' && ['none', 'half', 'denied'].includes(role.grant);
}

/** Unless nothing but sources that X-Ray doesn't support feed it. */
function isTraceable(fn: SystemFunction, mappings: readonly SystemMapping[]): boolean {
  const feeding = mappings.filter(({ feeds }) => feeds === fn);
  return fn.isInvokedOtherwise || feeding.length === 0 || !feeding.every(isUnsupported);
}
