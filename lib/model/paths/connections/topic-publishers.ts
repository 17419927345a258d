import { TOPIC_PUBLISHERS } from '../../topic-publishers';
import type { Connection, Connections } from '../connection';

/** Alarms and the like publish to the topics that they name; the map has those that hand it to something. */
export const PUBLISHERS_OF_TOPICS: Connections = Object.fromEntries(
  [...TOPIC_PUBLISHERS].map(([type, { principal, topics }]): [string, Connection] => [
    type,
    (resource, map) => {
      const { template } = resource;
      const named = topics
        .flatMap((path) => map.valuesAt(resource, path.split('.')))
        .flatMap((value) => map.meant(value, template));
      for (const { node, through } of named) {
        if (node.kind !== 'topic' || node.outgoing.length === 0) continue;
        map.connect(map.outside('service', principal, template.source), { node, through }, { by: resource });
      }
    },
  ]),
);
