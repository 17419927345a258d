import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import type { Baseline } from '../../../lib/input/baseline/baseline';
import type { LoadedTemplate } from '../../../lib/input/loaded-template';
import { type MotoServer, startMoto } from '../../python/moto-server';
import { describeWithPython } from '../../python/run-python';
import {
  deployed,
  judged,
  RESOURCES,
  restoreEnvironment,
  stack,
  TOPIC,
  withNobodysCredentials,
} from '../judged-stacks';
import { directoryWith, lines } from '../temporary';

beforeEach(withNobodysCredentials);

afterAll(restoreEnvironment);

/** What is in the templates, by their IDs and files. */
function contents({ templates }: Baseline) {
  return templates.map(({ id, file, template }) => [id, file, template]);
}

describeWithPython('stacks', () => {
  let moto: MotoServer;
  beforeAll(async () => {
    moto = await startMoto();
  }, 60_000);
  afterAll(() => moto.stop());
  beforeEach(() => {
    process.env.AWS_ENDPOINT_URL = moto.url;
  });

  let made = 0;

  /** Deploys a stack of a new name, and gives that. */
  async function deploy(template: string | object, region = 'eu-west-1'): Promise<string> {
    const name = `Stack${++made}`;
    const client = new CloudFormationClient({ region });
    const body = typeof template === 'string' ? template : JSON.stringify(template);
    await client.send(new CreateStackCommand({ StackName: name, TemplateBody: body }));
    return name;
  }

  test('in JSON, and what is known of what has come of it', async () => {
    const template = { Resources: { Topic: TOPIC, Gone: TOPIC } };
    const name = await deploy(template);
    const current = stack(name, { group: 'cdk.out', account: '123456789012', constructPath: 'Stack' });
    const { templates, errors, notes } = await deployed('deployed', [current]);
    expect({ errors, notes }).toEqual({ errors: [], notes: [] });
    const { id, region, account, group } = current;
    expect(templates).toEqual([
      {
        id,
        file: `deployed:${name}`,
        template,
        stackName: name,
        region,
        account,
        group,
        locate: expect.any(Function) as unknown,
        isInAscii: true,
        nestedIn: undefined,
      },
    ]);
  });

  test('in YAML', async () => {
    const name = await deploy('Resources:\n  Topic: # Of orders.\n    Type: AWS::SNS::Topic\n');
    const { templates, errors } = await deployed('deployed', [stack(name)]);
    expect(errors).toEqual([]);
    expect(templates[0].template).toEqual({ Resources: { Topic: TOPIC } });
    expect(templates[0].locate?.(['Resources', 'Topic', 'Type'])).toEqual({ line: 3, column: 5 });
  });

  test('in SAM, as they were before the transform', async () => {
    const name = await deploy(
      'Transform: AWS::Serverless-2016-10-31\nResources:\n  Fn:\n    Type: AWS::Serverless::Function\n' +
        '    Properties: { Tracing: Active, InlineCode: x, Handler: index.x, Runtime: nodejs22.x }\n',
    );
    const { templates, errors } = await deployed('deployed', [stack(name)]);
    expect(errors).toEqual([]);
    expect(templates).toMatchObject([
      {
        template: {
          Resources: { Fn: { Type: 'AWS::Serverless::Function', Properties: { Tracing: 'Active' } } },
        },
      },
    ]);
  });

  test('in two regions, under one name', async () => {
    const name = await deploy({ Resources: { Topic: TOPIC, Ireland: TOPIC } });
    made--;
    expect(await deploy({ Resources: { Topic: TOPIC, Virginia: TOPIC } }, 'us-east-1')).toBe(name);
    const current = [stack(name), judged('us', { stackName: name, region: 'us-east-1' })];
    const baseline = await deployed('deployed', current, { region: 'ap-south-1' });
    expect(baseline.errors).toEqual([]);
    expect(
      baseline.templates.map(({ id, template }) => [
        id,
        Object.keys((template as typeof RESOURCES).Resources),
      ]),
    ).toEqual([
      [`cdk.out/${name}.json`, ['Topic', 'Ireland']],
      ['us', ['Topic', 'Virginia']],
    ]);
  });

  test('by the credentials and the region of a profile', async () => {
    const name = await deploy(RESOURCES);
    const file = directoryWith({
      credentials:
        '[ci]\naws_access_key_id = AKIAI44QH8DHBEXAMPLE\naws_secret_access_key = secret\nregion = eu-west-1\n',
    });
    process.env.AWS_SHARED_CREDENTIALS_FILE = join(file, 'credentials');
    const current = [stack(name, { region: undefined })];
    const { templates, errors } = await deployed('deployed', current, { profile: 'ci' });
    expect({ errors, count: templates.length }).toEqual({ errors: [], count: 1 });
  });

  describe('where a template does not say its region', () => {
    const current = (name: string) => [stack(name, { region: undefined })];

    test('it is the one that is given', async () => {
      process.env.AWS_REGION = 'us-east-1';
      const name = await deploy(RESOURCES);
      const { templates, errors } = await deployed('deployed', current(name), { region: 'eu-west-1' });
      expect({ errors, templates }).toMatchObject({ errors: [], templates: [{ region: undefined }] });
    });

    test('it is the one that the environment gives', async () => {
      process.env.AWS_REGION = 'eu-west-1';
      const { errors } = await deployed('deployed', current(await deploy(RESOURCES)));
      expect(errors).toEqual([]);
    });

    test('it is the one that the environment gives by default', async () => {
      process.env.AWS_DEFAULT_REGION = 'eu-west-1';
      const { errors } = await deployed('deployed', current(await deploy(RESOURCES)));
      expect(errors).toEqual([]);
      process.env.AWS_REGION = 'us-east-1';
      const { notes } = await deployed('deployed', current('Orders'));
      expect(notes).toEqual(["The stack 'Orders' isn't deployed in us-east-1: it has no baseline."]);
    });

    test('it may be unknown', async () => {
      const { templates, errors } = await deployed('deployed', [...current('A'), ...current('B')]);
      expect(templates).toEqual([]);
      expect(lines(errors)).toEqual([
        "deployed: 2 stacks ('A', 'B') can't be read, since the region isn't known: name it by --region, or set AWS_REGION.",
      ]);
    });
  });

  test('that are not deployed', async () => {
    const name = await deploy(RESOURCES);
    const { templates, errors, notes } = await deployed('deployed', [stack(name), stack('Orders')]);
    expect(errors).toEqual([]);
    expect(templates.map(({ id }) => id)).toEqual([`cdk.out/${name}.json`]);
    expect(notes).toEqual(["The stack 'Orders' isn't deployed in eu-west-1: it has no baseline."]);
  });

  test('that wait for their first change set', async () => {
    await new CloudFormationClient({ region: 'eu-west-1' }).send(
      new CreateChangeSetCommand({
        StackName: 'Waiting',
        ChangeSetName: 'first',
        ChangeSetType: 'CREATE',
        TemplateBody: JSON.stringify(RESOURCES),
      }),
    );
    const { templates, errors, notes } = await deployed('deployed', [stack('Waiting')]);
    expect({ templates, errors }).toEqual({ templates: [], errors: [] });
    expect(notes).toEqual(["The stack 'Waiting' isn't deployed in eu-west-1: it has no baseline."]);
  });

  test('in another account than the credentials are of', async () => {
    process.env.AWS_ACCOUNT_ID = '123456789012';
    const name = await deploy(RESOURCES);
    const { templates, errors } = await deployed('deployed', [
      stack(name, { account: '123456789012' }),
      stack('Orders', { account: '111122223333' }),
    ]);
    expect(templates).toHaveLength(1);
    expect(lines(errors)).toEqual([
      "deployed: The stack 'Orders' in eu-west-1 can't be read, since it is of the account 111122223333, and the " +
        'credentials are of 123456789012: name a profile of 111122223333 by --profile.',
    ]);
  });

  test('in another account than the stacks that are found', async () => {
    const name = await deploy(RESOURCES);
    const { templates, errors, notes } = await deployed('deployed', [
      stack(name, { account: '123456789012' }),
      judged('same-name.json', { stackName: name, region: 'eu-west-1', account: '111122223333' }),
      stack('Orders', { account: '111122223333' }),
      stack('Billing', { account: '123456789012' }),
    ]);
    expect(templates.map(({ id }) => id)).toEqual([`cdk.out/${name}.json`]);
    expect(lines(errors)).toEqual([
      `deployed: 2 stacks in eu-west-1 ('${name}', 'Orders') can't be read, since it is of the account 111122223333, and the ` +
        'credentials are of 123456789012: name a profile of 111122223333 by --profile.',
    ]);
    expect(notes).toEqual(["The stack 'Billing' isn't deployed in eu-west-1: it has no baseline."]);
  });

  test('nested in each other', async () => {
    const nesting = async (logicalId: string, template: object) => {
      const url = `${moto.url}/templates/${logicalId}.json`;
      await fetch(url, { method: 'PUT', body: JSON.stringify(template) });
      return {
        Resources: { [logicalId]: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: url } } },
      };
    };
    await fetch(`${moto.url}/templates`, { method: 'PUT' });
    const inner = { Resources: { Topic: TOPIC, Innermost: TOPIC } };
    const outer = await nesting('Inner', inner);
    const name = await deploy(await nesting('Outer', outer));
    const current = [
      stack(name),
      judged('inner.json', { nestedIn: { id: 'outer.json', logicalId: 'Inner' } }),
      judged('outer.json', { nestedIn: { id: `cdk.out/${name}.json`, logicalId: 'Outer' } }),
      judged('new.json', { nestedIn: { id: 'outer.json', logicalId: 'New' } }),
    ];
    const baseline = await deployed('deployed', current);
    expect(baseline.errors).toEqual([]);
    expect(contents(baseline).slice(1)).toEqual([
      ['outer.json', `deployed:${name}/Outer`, outer],
      ['inner.json', `deployed:${name}/Outer/Inner`, inner],
    ]);
    expect(baseline.templates.map(({ nestedIn }) => nestedIn)).toEqual([
      undefined,
      current[2].nestedIn,
      current[1].nestedIn,
    ]);
    expect(baseline.notes).toEqual([
      `The stack '${name}/Outer/New' isn't deployed in eu-west-1: it has no baseline.`,
    ]);
  });

  test.each(['ROLLBACK_COMPLETE', 'REVIEW_IN_PROGRESS', 'DELETE_COMPLETE'] as const)(
    'of which nothing is there: %s',
    async (StackStatus) => {
      const name = await deploy(RESOURCES);
      const client = mockClient(CloudFormationClient);
      const described = { StackName: name, CreationTime: new Date(0), StackStatus };
      client.on(DescribeStacksCommand).resolves({ Stacks: [described] });
      client.on(GetTemplateCommand).resolves({ TemplateBody: JSON.stringify(RESOURCES) });
      const { templates, errors, notes } = await deployed('deployed', [stack(name)]);
      client.restore();
      expect({ templates, errors }).toEqual({ templates: [], errors: [] });
      expect(notes).toEqual([`The stack '${name}' isn't deployed in eu-west-1: it has no baseline.`]);
    },
  );

  describe('by their names', () => {
    const options = { region: 'eu-west-1' };

    test('for a template that does not say its own', async () => {
      const name = await deploy(RESOURCES);
      const baseline = await deployed(`deployed:${name}`, [judged('-')], options);
      expect(baseline.errors).toEqual([]);
      expect(contents(baseline)).toEqual([['-', `deployed:${name}`, RESOURCES]]);
    });

    test('for one of those judged', async () => {
      const [name, other] = [await deploy(RESOURCES), await deploy(RESOURCES)];
      const { templates, errors } = await deployed(`deployed:${name}`, [stack(other), stack(name)]);
      expect(errors).toEqual([]);
      expect(templates.map(({ id }) => id)).toEqual([`cdk.out/${name}.json`]);
    });

    test('that are not deployed', async () => {
      const { templates, errors, notes } = await deployed(
        'deployed:Nope',
        [judged('template.yaml')],
        options,
      );
      expect({ templates, notes }).toEqual({ templates: [], notes: [] });
      expect(lines(errors)).toEqual([
        "deployed:Nope: The stack 'Nope' isn't deployed in eu-west-1: name one that is, or its region by --region.",
      ]);
    });

    test('that are of another app', async () => {
      const name = await deploy({ Resources: { Other: TOPIC } });
      const { templates, errors } = await deployed(`deployed:${name}`, [judged('template.yaml')], options);
      expect(templates).toEqual([]);
      expect(lines(errors)).toEqual([
        `deployed:${name}: The baseline is of another app: it has deployed:${name}, and nothing of what is judged ` +
          '(template.yaml). Name the one that this has come of.',
      ]);
    });

    test.each<[string, LoadedTemplate[], string]>([
      [
        'deployed',
        [judged('a.yaml')],
        "a.yaml doesn't say its stack's name: write it as deployed:STACK, or judge a cloud assembly (cdk.out), which " +
          'has the names.',
      ],
      [
        'deployed',
        [judged('a.yaml'), judged('b.yaml')],
        "a.yaml, b.yaml don't say their stacks' names: judge each alone, with deployed:STACK, or judge a cloud " +
          'assembly (cdk.out), which has the names.',
      ],
      [
        'deployed:Orders',
        [judged('a.yaml'), judged('b.yaml')],
        "The stack 'Orders' is none of those judged (a.yaml, b.yaml): name one of them, or judge a single template " +
          "that doesn't say its stack's name.",
      ],
      [
        'deployed:Orders',
        [stack('Billing')],
        "The stack 'Orders' is none of those judged (Billing): name one of them, or judge a single template that " +
          "doesn't say its stack's name.",
      ],
      [
        'deployed:',
        [judged('a.yaml')],
        'No stack is named: write deployed:Orders, for instance, or deployed.',
      ],
    ])('%s %j', async (spec, current, message) => {
      expect(lines((await deployed(spec, current)).errors)).toEqual([`${spec}: ${message}`]);
    });
  });

  test('of which there are none', async () => {
    expect(await deployed('deployed', [])).toEqual({ templates: [], errors: [], notes: [] });
  });
});
