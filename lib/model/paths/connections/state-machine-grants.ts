import type { Connection, Connections } from '../connection';
import { roleGrants } from '../role-grants';
import { definitionsOf } from '../state-machine-definition';

/** What a state machine whose definition can't be read may call: what its role may, by name. */
const callGranted: Connection = (resource, map) => {
  const machine = map.node(resource);
  const isRead = definitionsOf(resource, map.resolver).some(({ tasks }) => tasks.length > 0);
  if (!machine || isRead) return;
  const known = new Set(machine.outgoing.map(({ to }) => to));
  for (const { value: grants } of map.shared(roleGrants).of(resource)) {
    for (const { to, by } of grants.calls) {
      if (!known.has(to.node)) map.connect(machine, to, { by, isCertain: false });
    }
  }
};

export const STATE_MACHINE_GRANTS: Connections = {
  'AWS::StepFunctions::StateMachine': callGranted,
  'AWS::Serverless::StateMachine': callGranted,
};
