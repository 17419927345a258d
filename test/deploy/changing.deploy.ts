import { bundledCommand, run } from '../cli/bundled-command';
import { describeWithPython } from '../python/run-python';
import { aliasesOf, modeOf, resourcesOf, versionsOf } from './functions';
import { pretendedAws, type PretendedAws } from './pretended-aws';

const APP = 'npx tsx test/deploy/changing-app.ts';

describeWithPython('a changed mode', () => {
  let aws: PretendedAws;
  let assembly: string;
  let functions: Map<string, string>;

  beforeAll(async () => {
    aws = await pretendedAws();
    Object.assign(process.env, aws.env);
    await aws.deploy(APP, '--context', 'tracing=Active');
    functions = await resourcesOf('Changing', 'AWS::Lambda::Function');
    expect(await Promise.all([...functions.values()].map(versionsOf))).toEqual([
      { 1: 'Active' },
      { 1: 'Active' },
      { 1: 'Active' },
    ]);
    assembly = await aws.deploy(APP, '--context', 'tracing=PassThrough');
  });
  afterAll(() => aws?.stop());

  test.each(['Current', 'Tied', 'Untied'])('is deployed to the function %s', async (name) => {
    expect(await modeOf(functions.get(name)!)).toBe('PassThrough');
  });

  test.each(['Current', 'Tied'])(
    'is published as a version, and the alias of %s points to it',
    async (name) => {
      const fn = functions.get(name)!;
      expect(await versionsOf(fn)).toEqual({ 1: 'Active', 2: 'PassThrough' });
      expect(await aliasesOf(fn)).toEqual({ live: '2' });
      expect(await modeOf(fn, 'live')).toBe('PassThrough');
    },
  );

  test('is not published if the version is not tied to it', async () => {
    const fn = functions.get('Untied')!;
    expect(await versionsOf(fn)).toEqual({ 1: 'Active' });
    expect(await modeOf(fn, 'live')).toBe('Active');
  });

  test('that is not published is reported by verify', async () => {
    const { status, stdout } = await run(await bundledCommand(), ['verify', assembly], { env: aws.env });
    expect(status).toBe(1);
    expect(stdout).toContain('1 difference in 1 of 3 functions.');
    expect(stdout).toContain(
      "Alias 'live' of 'Changing/Untied' points to version 1, which is Active, but the mode in the template is PassThrough.\n" +
        "    Fix: State the tracing mode in the Description of 'Changing/UntiedVersion' (in CDK,",
    );
  });
});
