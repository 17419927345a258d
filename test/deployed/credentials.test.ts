import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DeployedAccount } from '../../lib/deployed/account';
import { directoryWith } from '../input/temporary';
import { NOBODY } from './account';

const environment = { ...process.env };
afterEach(() => {
  process.env = environment;
});

/** Creates a profile with a credential process that counts its runs. */
function profileOfProcess(): { readonly config: string; readonly runs: () => number } {
  const found = { Version: 1, AccessKeyId: 'AKIAIOSFODNN7EXAMPLE', SecretAccessKey: 'secret' };
  const folder = directoryWith({ 'found.json': JSON.stringify(found), runs: '' });
  const script = directoryWith({
    'find.sh': `echo once >> ${join(folder, 'runs')}\ncat ${join(folder, 'found.json')}\n`,
  });
  const profile = `[profile ci]\nregion = eu-west-1\ncredential_process = sh ${join(script, 'find.sh')}\n`;
  return {
    config: join(directoryWith({ config: profile }), 'config'),
    runs: () => readFileSync(join(folder, 'runs'), 'utf-8').split('\n').length - 1,
  };
}

test.each([
  ['of a given profile', 'ci'],
  ['of the profile of the environment', undefined],
])('resolves credentials %s once for all services and regions', async (_, profile) => {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(400, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { config, runs } = profileOfProcess();
  const others = Object.entries({ ...environment, ...NOBODY }).filter(
    ([name]) => !/^AWS_(ACCESS|SECRET|REGION)/.test(name),
  );
  process.env = {
    ...Object.fromEntries(others),
    AWS_CONFIG_FILE: config,
    AWS_PROFILE: 'ci',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
  const account = new DeployedAccount({ profile, concurrency: 4 });
  const reading = ['eu-west-1', 'us-east-1'].flatMap((region) => [
    account.stacksIn(region).then((stacks) => stacks.resourcesOf('Orders')),
    account.functionsIn(region).then((lambda) => lambda.versionsOf('fn')),
    account.rolesIn(region).then((iam) => iam.simulate('arn:aws:iam::111122223333:role/fn')),
  ]);
  const results = await Promise.allSettled(reading);
  await account.close();
  server.close();
  expect(results.map(({ status }) => status)).toEqual(results.map(() => 'rejected'));
  expect(runs()).toBe(1);
});
