import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const PROJECT = join(__dirname, '..', '..');
const ASSEMBLY = join(PROJECT, '.jsii.gz');

interface Member {
  readonly name: string;
  readonly protected?: boolean;
}

interface Type {
  readonly base?: string;
  readonly interfaces?: readonly string[];
  readonly datatype?: boolean;
  readonly initializer?: object;
  readonly methods?: readonly Member[];
  readonly properties?: readonly Member[];
  readonly members?: readonly Member[];
}

const isBuilt = existsSync(ASSEMBLY);

(isBuilt ? describe : describe.skip)(
  `API.md${isBuilt ? '' : ' (skipped: run `npm run build` first)'}`,
  () => {
    const text = readFileSync(join(PROJECT, 'API.md'), 'utf-8');
    const documented = [...text.matchAll(/id="(cdk-lambda-xray\.[^"]+)"/g)]
      .map(([, id]) => id)
      .filter((id) => !id.includes('.parameter.'));
    const { types = {} } = isBuilt
      ? (JSON.parse(gunzipSync(readFileSync(ASSEMBLY)).toString()) as { types: Record<string, Type> })
      : {};

    /** The members that a type declares, or has from another type of this package. */
    function membersOf(name: string): string[] {
      const { base = [], interfaces = [], methods = [], properties = [], members = [] } = types[name] ?? {};
      const visible = (list: readonly Member[]) => list.filter((member) => !member.protected);
      return [
        ...visible([...methods, ...members]).map((member) => member.name),
        ...visible(properties).map((member) => `property.${member.name}`),
        ...[base, interfaces].flat().flatMap(membersOf),
      ];
    }

    test('has every public member that the package declares, and no inherited one', () => {
      const declared = Object.entries(types).flatMap(([name, type]) => [
        name,
        // jsii-docgen shows how to write a struct under the same heading.
        ...(type.initializer || type.datatype ? [`${name}.Initializer`] : []),
        ...membersOf(name).map((member) => `${name}.${member}`),
      ]);
      expect(documented.sort()).toEqual(declared.sort());
    });

    test.each([
      'https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_lambda.Function.html',
      'https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_lambda.FunctionProps.html',
      'https://github.com/cdklabs/cdk-nag/blob/main/API.md#cdk-nag.NagPackProps',
    ])('links to %s', (address) => {
      expect(text).toContain(`](${address})`);
    });
  },
);
