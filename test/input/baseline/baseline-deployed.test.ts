import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import type { Baseline } from '../../../lib/input/baseline/baseline-spec';
import type { LoadedTemplate } from '../../../lib/input/loaded-template';
import { type MotoServer, startMoto } from '../../python/moto-server';
import { describeWithPython } from '../../python/run-python';
import { directoryWith, lines } from '../temporary';
import {
  deployedBaseline,
  RESOURCES,
  restoreEnvironment,
  setExampleCredentials,
  stack,
  templateOf,
  TOPIC,
} from './deployed-stacks';

beforeEach(setExampleCredentials);

afterAll(restoreEnvironment);

/** Returns the templates with their IDs and files. */
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

  let stacksCreated = 0;

  /** Deploys a stack with a new name. Returns the name. */
  async function deploy(template: string | object, region = 'eu-west-1'): Promise<string> {
    const name = `Stack${++stacksCreated}`;
    const client = new CloudFormationClient({ region });
    const body = typeof template === 'string' ? template : JSON.stringify(template);
    await client.send(new CreateStackCommand({ StackName: name, TemplateBody: body }));
    return name;
  }

  test('in JSON, with the properties of the current template', async () => {
    const template = { Resources: { Topic: TOPIC, Gone: TOPIC } };
    const name = await deploy(template);
    const current = stack(name, { group: 'cdk.out', account: '123456789012', constructPath: 'Stack' });
    const { templates, errors, notes } = await deployedBaseline('deployed', [current]);
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
    const { templates, errors } = await deployedBaseline('deployed', [stack(name)]);
    expect(errors).toEqual([]);
    expect(templates[0].template).toEqual({ Resources: { Topic: TOPIC } });
    expect(templates[0].locate?.(['Resources', 'Topic', 'Type'])).toEqual({ line: 3, column: 5 });
  });

  test('in SAM, before the transform', async () => {
    const name = await deploy(
      'Transform: AWS::Serverless-2016-10-31\nResources:\n  Fn:\n    Type: AWS::Serverless::Function\n' +
        '    Properties: { Tracing: Active, InlineCode: x, Handler: index.x, Runtime: nodejs22.x }\n',
    );
    const { templates, errors } = await deployedBaseline('deployed', [stack(name)]);
    expect(errors).toEqual([]);
    expect(templates).toMatchObject([
      {
        template: {
          Resources: { Fn: { Type: 'AWS::Serverless::Function', Properties: { Tracing: 'Active' } } },
        },
      },
    ]);
  });

  test('in two regions, with one name', async () => {
    const name = await deploy({ Resources: { Topic: TOPIC, Ireland: TOPIC } });
    stacksCreated--;
    expect(await deploy({ Resources: { Topic: TOPIC, Virginia: TOPIC } }, 'us-east-1')).toBe(name);
    const current = [stack(name), templateOf('us', { stackName: name, region: 'us-east-1' })];
    const baseline = await deployedBaseline('deployed', current, { region: 'ap-south-1' });
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

  test('with the credentials and the region of a profile', async () => {
    const name = await deploy(RESOURCES);
    const file = directoryWith({
      credentials:
        '[ci]\naws_access_key_id = AKIAI44QH8DHBEXAMPLE\naws_secret_access_key = secret\nregion = eu-west-1\n',
    });
    process.env.AWS_SHARED_CREDENTIALS_FILE = join(file, 'credentials');
    const current = [stack(name, { region: undefined })];
    const { templates, errors } = await deployedBaseline('deployed', current, { profile: 'ci' });
    expect({ errors, count: templates.length }).toEqual({ errors: [], count: 1 });
  });

  describe('of templates without a region', () => {
    const current = (name: string) => [stack(name, { region: undefined })];

    test('uses the region of the options', async () => {
      process.env.AWS_REGION = 'us-east-1';
      const name = await deploy(RESOURCES);
      const { templates, errors } = await deployedBaseline('deployed', current(name), {
        region: 'eu-west-1',
      });
      expect({ errors, templates }).toMatchObject({ errors: [], templates: [{ region: undefined }] });
    });

    test('uses AWS_REGION', async () => {
      process.env.AWS_REGION = 'eu-west-1';
      const { errors } = await deployedBaseline('deployed', current(await deploy(RESOURCES)));
      expect(errors).toEqual([]);
    });

    test('uses AWS_DEFAULT_REGION if AWS_REGION is not set', async () => {
      process.env.AWS_DEFAULT_REGION = 'eu-west-1';
      const { errors } = await deployedBaseline('deployed', current(await deploy(RESOURCES)));
      expect(errors).toEqual([]);
      process.env.AWS_REGION = 'us-east-1';
      const { notes } = await deployedBaseline('deployed', current('Orders'));
      expect(notes).toEqual(["The stack 'Orders' is not deployed in us-east-1, so it has no baseline."]);
    });

    test('reports an unknown region', async () => {
      const { templates, errors } = await deployedBaseline('deployed', [...current('A'), ...current('B')]);
      expect(templates).toEqual([]);
      expect(lines(errors)).toEqual([
        "deployed: Can't read 2 stacks ('A', 'B'): The region is unknown. Pass it with --region, or set AWS_REGION.",
      ]);
    });
  });

  test('that are not deployed', async () => {
    const name = await deploy(RESOURCES);
    const { templates, errors, notes } = await deployedBaseline('deployed', [stack(name), stack('Orders')]);
    expect(errors).toEqual([]);
    expect(templates.map(({ id }) => id)).toEqual([`cdk.out/${name}.json`]);
    expect(notes).toEqual(["The stack 'Orders' is not deployed in eu-west-1, so it has no baseline."]);
  });

  test('that only have a change set', async () => {
    await new CloudFormationClient({ region: 'eu-west-1' }).send(
      new CreateChangeSetCommand({
        StackName: 'Waiting',
        ChangeSetName: 'first',
        ChangeSetType: 'CREATE',
        TemplateBody: JSON.stringify(RESOURCES),
      }),
    );
    const { templates, errors, notes } = await deployedBaseline('deployed', [stack('Waiting')]);
    expect({ templates, errors }).toEqual({ templates: [], errors: [] });
    expect(notes).toEqual(["The stack 'Waiting' is not deployed in eu-west-1, so it has no baseline."]);
  });

  test('in another account than the credentials', async () => {
    process.env.AWS_ACCOUNT_ID = '123456789012';
    const name = await deploy(RESOURCES);
    const { templates, errors } = await deployedBaseline('deployed', [
      stack(name, { account: '123456789012' }),
      stack('Orders', { account: '111122223333' }),
    ]);
    expect(templates).toHaveLength(1);
    expect(lines(errors)).toEqual([
      "deployed: Can't read the stack 'Orders' in eu-west-1: The target account is 111122223333, but the " +
        'credentials are for 123456789012. Pass a profile of 111122223333 with --profile.',
    ]);
  });

  test('in another account than the stacks that were found', async () => {
    const name = await deploy(RESOURCES);
    const { templates, errors, notes } = await deployedBaseline('deployed', [
      stack(name, { account: '123456789012' }),
      templateOf('same-name.json', { stackName: name, region: 'eu-west-1', account: '111122223333' }),
      stack('Orders', { account: '111122223333' }),
      stack('Billing', { account: '123456789012' }),
    ]);
    expect(templates.map(({ id }) => id)).toEqual([`cdk.out/${name}.json`]);
    expect(lines(errors)).toEqual([
      `deployed: Can't read 2 stacks in eu-west-1 ('Orders', '${name}'): The target account is 111122223333, but the ` +
        'credentials are for 123456789012. Pass a profile of 111122223333 with --profile.',
    ]);
    expect(notes).toEqual(["The stack 'Billing' is not deployed in eu-west-1, so it has no baseline."]);
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
      templateOf('inner.json', { nestedIn: { id: 'outer.json', logicalId: 'Inner' } }),
      templateOf('outer.json', { nestedIn: { id: `cdk.out/${name}.json`, logicalId: 'Outer' } }),
      templateOf('new.json', { nestedIn: { id: 'outer.json', logicalId: 'New' } }),
    ];
    const baseline = await deployedBaseline('deployed', current);
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
      `The stack '${name}/Outer/New' is not deployed in eu-west-1, so it has no baseline.`,
    ]);
  });

  test.each(['ROLLBACK_COMPLETE', 'REVIEW_IN_PROGRESS', 'DELETE_COMPLETE'] as const)(
    'without resources: %s',
    async (StackStatus) => {
      const name = await deploy(RESOURCES);
      const client = mockClient(CloudFormationClient);
      const described = { StackName: name, CreationTime: new Date(0), StackStatus };
      client.on(DescribeStacksCommand).resolves({ Stacks: [described] });
      client.on(GetTemplateCommand).resolves({ TemplateBody: JSON.stringify(RESOURCES) });
      const { templates, errors, notes } = await deployedBaseline('deployed', [stack(name)]);
      client.restore();
      expect({ templates, errors }).toEqual({ templates: [], errors: [] });
      expect(notes).toEqual([`The stack '${name}' is not deployed in eu-west-1, so it has no baseline.`]);
    },
  );

  describe('selected by name', () => {
    const options = { region: 'eu-west-1' };

    test('for a template without a stack name', async () => {
      const name = await deploy(RESOURCES);
      const baseline = await deployedBaseline(`deployed:${name}`, [templateOf('-')], options);
      expect(baseline.errors).toEqual([]);
      expect(contents(baseline)).toEqual([['-', `deployed:${name}`, RESOURCES]]);
    });

    test('for one of several templates', async () => {
      const [name, other] = [await deploy(RESOURCES), await deploy(RESOURCES)];
      const { templates, errors } = await deployedBaseline(`deployed:${name}`, [stack(other), stack(name)]);
      expect(errors).toEqual([]);
      expect(templates.map(({ id }) => id)).toEqual([`cdk.out/${name}.json`]);
    });

    test('that are not deployed', async () => {
      const { templates, errors, notes } = await deployedBaseline(
        'deployed:Nope',
        [templateOf('template.yaml')],
        options,
      );
      expect({ templates, notes }).toEqual({ templates: [], notes: [] });
      expect(lines(errors)).toEqual([
        "deployed:Nope: The stack 'Nope' is not deployed in eu-west-1. Pass the name of a deployed stack, or its region with --region.",
      ]);
    });

    test('from a different app', async () => {
      const name = await deploy({ Resources: { Other: TOPIC } });
      const { templates, errors } = await deployedBaseline(
        `deployed:${name}`,
        [templateOf('template.yaml')],
        options,
      );
      expect(templates).toEqual([]);
      expect(lines(errors)).toEqual([
        `deployed:${name}: The baseline is from a different app: it contains deployed:${name}, but none of template.yaml. ` +
          'Pass the previous version of this app.',
      ]);
    });

    test.each<[string, LoadedTemplate[], string]>([
      [
        'deployed',
        [templateOf('a.yaml')],
        'The stack name of a.yaml is unknown. Pass it with deployed:STACK, or pass a cloud assembly (cdk.out), which ' +
          'contains the stack names.',
      ],
      [
        'deployed',
        [templateOf('a.yaml'), templateOf('b.yaml')],
        'The stack names of a.yaml, b.yaml are unknown. Run the command for each template with deployed:STACK, or pass ' +
          'a cloud assembly (cdk.out), which contains the stack names.',
      ],
      [
        'deployed:Orders',
        [templateOf('a.yaml'), templateOf('b.yaml')],
        "There is no template for the stack 'Orders' (found: a.yaml, b.yaml). Pass the name of one of these stacks, or a " +
          'single template without a stack name.',
      ],
      [
        'deployed:Orders',
        [stack('Billing')],
        "There is no template for the stack 'Orders' (found: Billing). Pass the name of one of these stacks, or a single " +
          'template without a stack name.',
      ],
      [
        'deployed:',
        [templateOf('a.yaml')],
        'The stack name is missing. Use `deployed:STACK`, or `deployed` for all stacks.',
      ],
    ])('%s %j', async (spec, current, message) => {
      expect(lines((await deployedBaseline(spec, current)).errors)).toEqual([`${spec}: ${message}`]);
    });
  });

  test('without templates', async () => {
    expect(await deployedBaseline('deployed', [])).toEqual({ templates: [], errors: [], notes: [] });
  });
});
