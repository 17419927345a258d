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
    ...functions.flatMap(({ version, alias }) => [
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

/** True unless X-Ray supports none of the function's event sources. */
function isTraceable(fn: SystemFunction, mappings: readonly SystemMapping[]): boolean {
  const sources = mappings.filter(({ target }) => target === fn);
  return fn.isInvokedOtherwise || sources.length === 0 || !sources.every(isUnsupported);
}
