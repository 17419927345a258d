import { listNames } from '../text/list-names';

/** Why something that is deployed can't be read. */
export class AwsError extends Error {
  /**
   * @param message the end of a sentence that begins with what can't be read, with the way out
   * @param isGeneral whether nothing else in the region can be read for the same reason
   */
  constructor(
    message: string,
    public readonly isGeneral: boolean,
  ) {
    super(message);
  }
}

/** Who is asked, and for what. */
export interface ApiCalls {
  readonly service: string;
  /** What it takes, where AWS doesn't say which of it isn't allowed. */
  readonly actions: string;
}

interface Cause {
  /** Those of the errors, or their codes. */
  readonly names: RegExp;
  /** @param said what the error says */
  readonly message: (said: string, asked: ApiCalls) => string;
  readonly isGeneral: boolean;
}

/**
 * What the SDK throws, and services answer, such as CloudFormation:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html. The first that fits counts.
 */
const CAUSES: readonly Cause[] = [
  {
    names: /^AccessDenied|^UnauthorizedOperation$|^NotAuthorized$/,
    message: (said, { actions }) => {
      const [, who, action] = /^User: (\S+) is not authorized to perform: (\S+)/.exec(said) ?? [];
      return `since permission is denied: allow ${action ?? actions} to ${who ?? 'whom the credentials are of'}.`;
    },
    isGeneral: false,
  },
  {
    names: /^ExpiredToken|^RequestExpired$/,
    message: () => 'since the AWS credentials have expired: get new ones, as by aws sso login.',
    isGeneral: true,
  },
  {
    names:
      /^(InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|MissingAuthenticationToken|IncompleteSignature|SignatureDoesNotMatch|InvalidSignatureException|AuthFailure|OptInRequired)$/,
    message: (said) =>
      `since AWS doesn't accept the credentials (${said}): check them, and whether the region is enabled for the account.`,
    isGeneral: true,
  },
  {
    names: /^(CredentialsProviderError|TokenProviderError|ProviderError)$/,
    message: (said) =>
      aboutProxy(said) ??
      (/expired|aws (sso )?login/i.test(said)
        ? `since you aren't logged in: ${said}.`
        : `since there are no AWS credentials (${said}): name a profile by --profile, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`),
    isGeneral: true,
  },
  {
    names:
      /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|TimeoutError)$/,
    message: (said, { service }) =>
      `since ${service} can't be reached (${said}): check the network, and whether there is such a region.`,
    isGeneral: true,
  },
  {
    names: /CERT|ISSUER/,
    message: (said) =>
      `since the certificate isn't trusted (${said}): name that of your proxy by NODE_EXTRA_CA_CERTS.`,
    isGeneral: true,
  },
  {
    names: /^(Throttling|ThrottlingException|TooManyRequestsException|RequestLimitExceeded|SlowDown)$/,
    message: (_, { service }) => `since ${service} is asked too often at the moment: try again later.`,
    isGeneral: false,
  },
];

/** Says what an error that the AWS SDK throws means. */
export function toAwsError(thrown: unknown, asked: ApiCalls): AwsError {
  if (thrown instanceof AwsError) return thrown;
  const { name, code } = thrown as NodeJS.ErrnoException;
  const said = saidBy(thrown as Error);
  const cause = CAUSES.find(({ names }) => names.test(name) || names.test(code ?? ''));
  return new AwsError(cause?.message(said, asked) ?? `since AWS says: ${said}.`, cause?.isGeneral ?? false);
}

/** The first line of what an error says, without a full stop. */
export function saidBy({ name, code, message }: NodeJS.ErrnoException): string {
  // Where a host has several addresses, the error is about all of them, and has no message.
  return (message || code || name).split('\n')[0].replace(/\.$/, '');
}

/** Some of what finds credentials says that it can't, and quotes why. */
function aboutProxy(said: string): string | undefined {
  const [, reason] = /^ProxyFailure: (.+)$/.exec(said) ?? [];
  return reason && `${reason}.`;
}

/** Something that could not be read. */
export interface FailedRead {
  readonly name: string;
  readonly region?: string;
  /** The end of a sentence that begins with what could not be read. */
  readonly reason: string;
}

/** What readers call things of a kind. */
export interface FailedKind {
  /** What of them, if not all. */
  readonly of?: string;
  readonly one: string;
  readonly many: string;
}

export const STACKS: FailedKind = { one: 'the stack', many: 'stacks' };

/** Says of things of a kind that they can't be read, once for each reason. */
export function inSentences(failed: readonly FailedRead[], kind: FailedKind): string[] {
  const reasons = new Set(failed.map(({ reason }) => reason));
  return [...reasons].map((reason) => {
    const things = failed.filter((one) => one.reason === reason);
    return `${subjectOf(things, kind)} can't be read, ${reason}`;
  });
}

function subjectOf(things: readonly FailedRead[], { of, one, many }: FailedKind): string {
  const regions = [...new Set(things.flatMap(({ region }) => region ?? []))].sort();
  const place = regions.length === 0 ? '' : ` in ${regions.join(', ')}`;
  const names = [...new Set(things.map(({ name }) => `'${name}'`))];
  const which =
    names.length === 1
      ? `${one} ${names[0]}${place}`
      : `${names.length} ${many}${place} (${listNames(names)})`;
  const subject = of === undefined ? which : `${of} ${which}`;
  return subject.charAt(0).toUpperCase() + subject.slice(1);
}

/** Why nothing is asked for through a proxy. */
export class ProxyError extends AwsError {
  /** Where the SDK puts another error around this, it is known by its name. */
  public override readonly name = 'ProxyFailure';

  /**
   * @param message the end of a sentence that begins with what can't be read, with the way out
   * @param cause by which the SDK decides whether it asks again
   */
  constructor(
    message: string,
    public override readonly cause?: unknown,
  ) {
    super(message, true);
  }
}
