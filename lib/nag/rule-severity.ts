/**
 * How severe the findings of a rule are.
 */
export enum RuleSeverity {
  /** They fail the synthesis. */
  ERROR = 'error',
  /** They are printed as warnings. */
  WARNING = 'warning',
  /** They are printed for information. */
  INFO = 'info',
  /** The rule isn't applied. */
  OFF = 'off',
}
