/**
 * True if an ARN can belong to an account and region. The ARN must end with a region, an account and a name,
 * as the ARN of a topic does.
 *
 * @param arn can contain wildcards; `*` also stands for parts known only at deployment
 * @param place the account and region; parts that are unknown match any
 */
export function mayBeInPlace(
  arn: string,
  place: { readonly account?: string; readonly region?: string },
): boolean {
  const parts = arn.split(':');
  // In an ARN with fewer parts, one wildcard stands for several of them.
  if (parts.length < 6) return true;
  const [region, account] = parts.slice(-3);
  return agree(region, place.region) && agree(account, place.account);
}

function agree(part: string, own: string | undefined): boolean {
  return own === undefined || /[*?]/.test(part) || part === own;
}
