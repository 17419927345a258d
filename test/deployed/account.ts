import { DeployedAccount } from '../../lib/deployed/account';

/** Environment variables with credentials that belong to nobody. */
export const NOBODY = {
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_REGION: 'eu-west-1',
  AWS_PROFILE: '',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

/** Lets all tests of a file run with credentials that belong to nobody. */
export function withNobody(): void {
  const environment = { ...process.env };
  beforeAll(() => Object.assign(process.env, NOBODY));
  afterAll(() => {
    process.env = environment;
  });
}

/** Reads from the account, then closes all connections. */
export async function inAccount<T>(
  read: (account: DeployedAccount) => Promise<T>,
  concurrency = 4,
): Promise<T> {
  const account = new DeployedAccount({ concurrency });
  try {
    return await read(account);
  } finally {
    await account.close();
  }
}

/** Returns an error as the SDK throws it. */
export function awsError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

export const PRINCIPAL = 'arn:aws:sts::111122223333:assumed-role/Ci/build';

export function denied(action: string): Error {
  const message = `User: ${PRINCIPAL} is not authorized to perform: ${action} on resource: * because no identity-based policy allows it`;
  return awsError('AccessDeniedException', message);
}
