/** The name at the end of a role's ARN, which may have a path before it. */
export function roleName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
