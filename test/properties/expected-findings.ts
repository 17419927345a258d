import { type System, type SystemFunction, type SystemMapping, UNSUPPORTED_KINDS } from './system';

/** The rules whose findings on a system are predictable. */
export const PREDICTED = [
  'UnsupportedEventSource',
  'WritePermissions',
  'ActiveTracing',
  'ExplicitMode',
  'UnpublishedMode',
] as const;

/** Predicts the findings on a system from the requirements of rules, without the model. Returns a line for each finding. */
export function expectedFindings({ functions, mappings }: System): string[] {
  const lines = [
    ...mappings
      .filter((mapping) => isUnsupported(mapping) && mapping.target.mode === 'Active')
      .map(({ id }) => `UnsupportedEventSource ${id}`),
    ...functions
      .filter((fn) => fn.mode === 'Active' && lacksPermission(fn))
      .map(({ id }) => `WritePermissions ${id}`),
    ...functions
      .filter((fn) => fn.mode !== 'Active' && isTraceable(fn, mappings))
      .map(({ id }) => `ActiveTracing ${id}`),
    ...functions.filter(({ mode }) => mode === 'unset').map(({ id }) => `ExplicitMode ${id}`),
    ...functions
      .filter(({ mode }) => mode !== 'unset')
      .flatMap(({ version, alias }) => [
        ...(version?.modeKey === 'none' ? [`UnpublishedMode ${version.id}`] : []),
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

/**
 * True unless X-Ray does not support an event source of the function. If the function also has other callers, and no
 * mode, the event source should be moved.
 */
function isTraceable(fn: SystemFunction, mappings: readonly SystemMapping[]): boolean {
  const isForbidden = mappings.some((mapping) => mapping.target === fn && isUnsupported(mapping));
  return !isForbidden || (fn.isInvokedOtherwise && fn.mode === 'unset');
}
