import type { Threshold } from '../report/configuration';
import type {
  CheckFormatName,
  DiffFormatName,
  EditorName,
  EstimateFormatName,
  MapFormatName,
  VerifyFormatName,
} from './formats';
import type { InputOptions } from './input';

/** The options of `check`, as commander passes them. */
export interface CheckOptions extends SharedCheckOptions {
  readonly format: CheckFormatName;
  /** The reason. */
  readonly acknowledgeAll?: string;
  readonly allowEmpty: boolean;
  readonly fix?: boolean;
  readonly fixSuggestions?: boolean;
  readonly fixDryRun?: boolean;
}

/** The options of `diff`, as commander passes them. */
export interface DiffOptions extends SharedCheckOptions {
  readonly format: DiffFormatName;
}

/** The options of `estimate`, as commander passes them. */
export interface EstimateOptions {
  readonly format: EstimateFormatName;
  readonly transactionSearch?: boolean;
  readonly rps?: string;
  readonly region?: string;
  readonly output?: string;
  readonly config?: string;
  readonly verbose?: boolean;
  readonly color: boolean;
}

/** The options of `map`, as commander passes them. */
export interface MapOptions {
  readonly format: MapFormatName;
  readonly output?: string;
  readonly open?: boolean;
  readonly editor?: EditorName;
  readonly config?: string;
}

/** The options of `verify`, as commander passes them. */
export interface VerifyOptions {
  readonly format: VerifyFormatName;
  readonly stack?: readonly string[];
  readonly allStacks?: boolean;
  readonly region?: string;
  readonly profile?: string;
  readonly concurrency: string;
  readonly output?: string;
  readonly quiet?: boolean;
  readonly color: boolean;
}

/** The options that `check` and `diff` share, as commander passes them. */
export interface SharedCheckOptions extends InputOptions {
  readonly output?: string;
  readonly failOn?: Threshold;
  readonly maxWarnings?: string;
  /** `ID=severity` each. */
  readonly rule?: readonly string[];
  readonly config?: string;
  readonly runName?: string;
  readonly transactionSearch?: boolean;
  readonly sourceUrl?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color: boolean;
}
