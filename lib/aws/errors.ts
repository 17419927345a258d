import { listNames } from '../text/printable';

/** An error of a request to AWS. The message is full sentences: the cause, and what to do about it. */
export class AwsError extends Error {
  /** @param affectsAllRequests true if all other requests in the region fail for the same reason */
  constructor(
    message: string,
    public readonly affectsAllRequests: boolean,
  ) {
    super(message);
  }
}

/** The API calls of a client, for error messages. */
export interface ApiCalls {
  readonly service: string;
  /** The IAM actions that the calls need, for when AWS does not say which one it denies. */
  readonly actions: string;
}

interface Cause {
  /** Matches the name or the code of an error. */
  readonly names: RegExp;
  /** @param detail the first line of the error's message */
  readonly message: (detail: string, calls: ApiCalls) => string;
  readonly affectsAllRequests: boolean;
}

/**
 * Causes of errors that the SDK throws or a service returns; the first match counts. See for example
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html.
 */
const CAUSES: readonly Cause[] = [
  {
    names: /^AccessDenied|^UnauthorizedOperation$|^NotAuthorized$/,
    message: (detail, { actions }) => {
      const [, identity, action] = /^User: (\S+) is not authorized to perform: (\S+)/.exec(detail) ?? [];
      return `Access denied. Allow ${action ?? actions} for ${identity ?? 'the identity of your credentials'}.`;
    },
    affectsAllRequests: false,
  },
  {
    names: /^ExpiredToken|^RequestExpired$/,
    message: () => 'The AWS credentials have expired. Renew them, for example with `aws sso login`.',
    affectsAllRequests: true,
  },
  {
    names:
      /^(InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|MissingAuthenticationToken|IncompleteSignature|SignatureDoesNotMatch|InvalidSignatureException|AuthFailure|OptInRequired)$/,
    message: (detail) =>
      `AWS rejects the credentials (${detail}). Check them, and check that the region is enabled for the account.`,
    affectsAllRequests: true,
  },
  {
    names: /^(CredentialsProviderError|TokenProviderError|ProviderError)$/,
    message: (detail) =>
      quotedProxyError(detail) ??
      (/expired|aws (sso )?login/i.test(detail)
        ? `You are not logged in to AWS. ${detail}.`
        : `No AWS credentials found (${detail}). Pass a profile with --profile, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`),
    affectsAllRequests: true,
  },
  {
    names:
      /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|TimeoutError)$/,
    message: (detail, { service }) =>
      `${service} is unreachable (${detail}). Check the network and the name of the region.`,
    affectsAllRequests: true,
  },
  {
    names: /CERT|ISSUER/,
    message: (detail) =>
      `The certificate is not trusted (${detail}). Set NODE_EXTRA_CA_CERTS to the certificate file of your proxy.`,
    affectsAllRequests: true,
  },
  {
    names: /^(Throttling|ThrottlingException|TooManyRequestsException|RequestLimitExceeded|SlowDown)$/,
    message: (_, { service }) => `${service} throttles the requests. Try again later.`,
    affectsAllRequests: false,
  },
];

/** Converts an error that the AWS SDK throws. */
export function toAwsError(thrown: unknown, calls: ApiCalls): AwsError {
  if (thrown instanceof AwsError) return thrown;
  const { name, code } = thrown as NodeJS.ErrnoException;
  const detail = detailOf(thrown as Error);
  const cause = CAUSES.find(({ names }) => names.test(name) || names.test(code ?? ''));
  return new AwsError(
    cause?.message(detail, calls) ?? `AWS responds: ${detail}.`,
    cause?.affectsAllRequests ?? false,
  );
}

/** Returns the first line of an error's message, without a full stop. */
export function detailOf({ name, code, message }: NodeJS.ErrnoException): string {
  // Where a host has several addresses, the error is about all of them and has no message.
  return (message || code || name).split('\n')[0].replace(/\.$/, '');
}

/** Returns the message of a ProxyError that a credential provider quotes in its own error. */
function quotedProxyError(detail: string): string | undefined {
  const [, message] = /^ProxyError: (.+)$/.exec(detail) ?? [];
  return message && `${message}.`;
}

/** An error of the connection to a proxy. */
export class ProxyError extends AwsError {
  /** Identifies the error where the SDK quotes it in another one. */
  public override readonly name = 'ProxyError';

  /** @param cause the error that the SDK bases its decision to retry on */
  constructor(
    message: string,
    public override readonly cause?: unknown,
  ) {
    super(message, true);
  }
}

/** Something that could not be read. */
export interface FailedRead {
  readonly name: string;
  readonly region?: string;
  /** Full sentences: the cause, and what to do about it. */
  readonly reason: string;
}

/** Words for the resources of a kind. */
export interface ResourceKind {
  /** The part of the resource that is read, such as `the parameters of`; by default, all of it. */
  readonly of?: string;
  readonly one: string;
  readonly many: string;
}

export const STACKS: ResourceKind = { one: 'the stack', many: 'stacks' };

/** Sorts `fn2` before `fn10`. */
const { compare } = new Intl.Collator('en', { numeric: true });

/** Collects errors of reading resources of a kind, so that the other resources are still read. */
export class ReadFailures {
  private readonly failed: FailedRead[] = [];

  constructor(private readonly kind: ResourceKind) {}

  /**
   * Runs a read. Returns undefined if it fails with an AwsError.
   *
   * @param name the name of the resource for messages
   * @param region the region of the resource, if it is known
   */
  public async attempt<T>(
    name: string,
    region: string | undefined,
    read: () => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.add({ name, region, reason: error.message });
      return undefined;
    }
  }

  public add(failed: FailedRead): void {
    this.failed.push(failed);
  }

  /** Returns a message for each reason, which lists all resources that could not be read for it. */
  public messages(): string[] {
    const sorted = [...this.failed].sort((a, b) => compare(a.name, b.name));
    const reasons = new Set(sorted.map(({ reason }) => reason));
    return [...reasons].map((reason) => {
      const resources = sorted.filter((failed) => failed.reason === reason);
      return `Can't read ${this.describe(resources)}: ${reason}`;
    });
  }

  private describe(resources: readonly FailedRead[]): string {
    const { of, one, many } = this.kind;
    const regions = [...new Set(resources.flatMap(({ region }) => region ?? []))].sort();
    const location = regions.length === 0 ? '' : ` in ${regions.join(', ')}`;
    const names = [...new Set(resources.map(({ name }) => `'${name}'`))];
    const described =
      names.length === 1
        ? `${one} ${names[0]}${location}`
        : `${names.length} ${many}${location} (${listNames(names)})`;
    return of === undefined ? described : `${of} ${described}`;
  }
}
