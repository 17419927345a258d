import { HOMEPAGE, VERSION } from '../version';

/** What reports say they are from. */
export const TOOL = { name: 'cdk-lambda-xray', version: VERSION, homepage: HOMEPAGE };
