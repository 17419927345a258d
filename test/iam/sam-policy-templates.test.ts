import { SAM_POLICY_TEMPLATES, samPolicyStatement } from '../../lib/iam/role-statements';
import { callActionsFor } from '../../lib/trace-map/service';
import { ServiceIndex } from '../../lib/trace-map/service-facts';
import { SERVICES } from '../../lib/trace-map/services';
import { describeWithPython, runPython } from '../python/run-python';

const INDEX = new ServiceIndex(SERVICES);
const callActions = (pattern: string) => callActionsFor(pattern, INDEX);

interface Published {
  readonly Parameters: object;
  readonly Definition: {
    readonly Statement: readonly { readonly Action: string | string[]; readonly Resource: unknown }[];
  };
}

/** One of these names no secret; with the other, DynamoDB writes to the table. */
const OTHERS = ['AWSSecretsManagerRotationPolicy', 'DynamoDBRestoreFromBackupPolicy'];

describeWithPython("SAM's policy templates", () => {
  const published = runPython('policy_templates.py') as Record<string, Published>;

  const callsOf = ({ Definition: { Statement } }: Published) =>
    Statement.filter(({ Resource }) => Resource !== '*').flatMap(({ Action }) =>
      [Action].flat().flatMap(callActions),
    );

  test('that allow calls are in the table', () => {
    const names = Object.entries(published).flatMap(([name, template]) =>
      callsOf(template).length > 0 ? [name] : [],
    );
    expect(names.sort()).toEqual([...SAM_POLICY_TEMPLATES.keys(), ...OTHERS].sort());
  });

  test.each([...SAM_POLICY_TEMPLATES])('%s allows the calls on the ARN of the table', (name, row) => {
    const { Definition, Parameters } = published[name];
    expect(new Set(row[0].flatMap(callActions))).toEqual(new Set(callsOf(published[name])));
    // The variables of the published templates are in another case, or of the same name.
    const written = JSON.stringify(Definition.Statement).toLowerCase();
    expect(written).toContain(row[1].toLowerCase());
    expect(Object.keys(Parameters).some((parameter) => row[1].includes(`\${${parameter}}`))).toBe(true);
    expect(samPolicyStatement(name, {})).toBeDefined();
  });
});
