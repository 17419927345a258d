import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isAcknowledged } from './acknowledgements';

/**
 * Warns of a construct, unless that is acknowledged on it or on one around it.
 *
 * CDK looks for acknowledgements itself, but in older versions not for those from before the warning.
 */
export function addAcknowledgeableWarning(construct: IConstruct, id: string, message: string): void {
  if (!isAcknowledged(construct, id)) Validations.of(construct).addWarning(id, message);
}
