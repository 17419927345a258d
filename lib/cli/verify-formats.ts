import type { TextOptions } from '../report/text';
import { verifyJson } from '../report/verify/json';
import { verifyText } from '../report/verify/text';
import type { VerifyReport } from '../report/verify/verify-report';
import type { VerifyFormatName } from './verify-options';

/** What `--format` may name. */
export const VERIFY_FORMATS: Readonly<
  Record<VerifyFormatName, (report: VerifyReport, options: TextOptions) => string>
> = { text: verifyText, json: verifyJson };
