import type { Resource } from '../template';
import type { MapBuilder } from './map-builder';

/** Finds the calls that a resource makes, or makes possible, and adds them to a map. */
export type Connection = (resource: Resource, map: MapBuilder) => void;

/** By the type of the resource. */
export type Connections = Readonly<Record<string, Connection>>;
