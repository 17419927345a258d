import type { EstimateReport } from '../report/estimate/estimate-report';
import { estimateJson } from '../report/estimate/json';
import { estimateText, type EstimateTextOptions } from '../report/estimate/text';
import type { EstimateFormatName } from './estimate-options';

/** What `--format` may name. */
export const ESTIMATE_FORMATS: Readonly<
  Record<EstimateFormatName, (report: EstimateReport, options: EstimateTextOptions) => string>
> = { text: estimateText, json: estimateJson };
