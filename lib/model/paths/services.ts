import type { Service } from './service';
import { ServiceIndex } from './service-index';
import { APIS } from './services/apis';
import { COMPUTE } from './services/compute';
import { EVENTS } from './services/events';
import { IDENTITY } from './services/identity';
import { MESSAGING } from './services/messaging';
import { NETWORKING } from './services/networking';
import { OTHERS } from './services/others';
import { STATE_MACHINES } from './services/state-machines';
import { STORES } from './services/stores';
import { STREAMS } from './services/streams';
import { UNSUPPORTED } from './services/unsupported-sources';
import type { NodeKind } from './trace-map';

/** The services that call functions, and those that functions call. */
export const SERVICES: Readonly<Record<NodeKind, Service>> = {
  ...COMPUTE,
  ...MESSAGING,
  ...STREAMS,
  ...STATE_MACHINES,
  ...STORES,
  ...EVENTS,
  ...UNSUPPORTED,
  ...APIS,
  ...NETWORKING,
  ...IDENTITY,
  ...OTHERS,
};

/** Finds them by what identifies their resources. */
export const SERVICE_INDEX = new ServiceIndex(SERVICES);
