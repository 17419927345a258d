import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LambdaClient, ListFunctionsCommand, TagResourceCommand } from '@aws-sdk/client-lambda';
import { scheduledEvent } from '../guard/config-events';
import { invoke, publishedFunction } from '../guard/deployed-function';
import { describeWithPython } from '../python/run-python';
import { pretendedAws, type PretendedAws } from './pretended-aws';

describeWithPython('TracingGuard with its AWS Config rule, deployed', () => {
  let aws: PretendedAws;
  let assembly: string;

  beforeAll(async () => {
    process.env.GUARD_FUNCTION = await publishedFunction();
    aws = await pretendedAws();
    Object.assign(process.env, aws.env);
    assembly = await aws.deploy('npx tsx test/deploy/guarded-app.ts');
  });
  afterAll(() => aws?.stop());

  test('has its functions', async () => {
    const { Functions: found = [] } = await new LambdaClient().send(new ListFunctionsCommand());
    const handlers = found.map(({ Handler: handler }) => handler).filter((one) => one !== 'index.handler');
    expect(handlers).toEqual(['index.configHandler']);
    expect(found).toHaveLength(5);
  });

  test('evaluates the deployed functions, with the permissions that their roles have', async () => {
    const { Functions: found = [] } = await new LambdaClient().send(new ListFunctionsCommand());
    const legacy = found.find(({ FunctionName: name }) => name === 'legacy')!;
    // CloudFormation sets this tag, unlike moto.
    const tags = { 'aws:cloudformation:stack-name': 'Legacy' };
    await new LambdaClient().send(new TagResourceCommand({ Resource: legacy.FunctionArn, Tags: tags }));
    const [asset] = readdirSync(assembly).filter((name) => isGuard(join(assembly, name)));
    // moto accepts evaluations only in this mode.
    const event = scheduledEvent({ resultToken: 'TESTMODE' });
    const env = { NODE_NO_WARNINGS: '1' };
    const { log } = await invoke(join(assembly, asset), event, { handler: 'configHandler', env });
    expect(log.split('\n')).toEqual([
      expect.stringMatching(/^lost: LambdaXRay-WritePermissions: Function 'lost' is Active, but its role/),
    ]);
  });
});

function isGuard(folder: string): boolean {
  try {
    return readFileSync(join(folder, 'guard.json'), 'utf-8').includes('Moves in May');
  } catch {
    return false;
  }
}
