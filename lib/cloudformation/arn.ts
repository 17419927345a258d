/**
 * Whether an ARN that ends with a region, an account and a name, as a topic's does, may be of an account and region: it may
 * unless both sides tell that it isn't.
 *
 * @param arn with wildcards perhaps, and `*` for what of it isn't known
 */
export function mayBeInPlace(
  arn: string,
  place: { readonly account?: string; readonly region?: string },
): boolean {
  const parts = arn.split(':');
  // In a shorter one, a wildcard stands for several parts.
  if (parts.length < 6) return true;
  const [region, account] = parts.slice(-3);
  return agree(region, place.region) && agree(account, place.account);
}

function agree(part: string, own: string | undefined): boolean {
  return own === undefined || /[*?]/.test(part) || part === own;
}
