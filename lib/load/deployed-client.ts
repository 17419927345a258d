import type { CloudFormationClientConfig } from '@aws-sdk/client-cloudformation';

/** In milliseconds. Without limits, the SDK waits as long as the system lets it. */
const CONNECTION_TIMEOUT = 5_000;
const REQUEST_TIMEOUT = 30_000;

/** More than the SDK's three: of many requests, some are throttled for a while. */
const MAX_ATTEMPTS = 6;

/** What the clients of all services are made with. */
export type ClientConfig = Pick<
  CloudFormationClientConfig,
  'region' | 'profile' | 'credentials' | 'retryMode' | 'maxAttempts' | 'requestHandler'
>;

/**
 * How clients are to ask.
 *
 * @param region by default, as the AWS SDK finds it
 * @param profile with the credentials; by default, as the AWS SDK finds it
 */
export async function clientConfig(
  region: string | undefined,
  profile: string | undefined,
): Promise<ClientConfig> {
  // The warning is about versions of the SDK to come, and this one is a part of the command.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  return {
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile, credentials: await credentialsOf(profile) }),
    retryMode: 'adaptive',
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT,
      requestTimeout: REQUEST_TIMEOUT,
      throwOnRequestTimeout: true,
    },
  };
}

/** Those of a profile, and no others: by itself, the SDK goes on to those of the machine where a profile has none. */
async function credentialsOf(profile: string) {
  const { fromIni } = await import('@aws-sdk/credential-provider-ini');
  return fromIni({ profile });
}
