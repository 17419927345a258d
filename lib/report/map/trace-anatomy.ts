import type { Invocation } from '../../model/paths/service';

/** What a trace of a function holds when it is invoked in one way. */
export interface TraceAnatomy {
  readonly invocation: Invocation;
  /** Today's form of it. Which of the two a function sends is not to be told beforehand. */
  readonly newForm: readonly TracePart[];
  /** The form that functions sent before, and some still do. */
  readonly oldForm: readonly TracePart[];
  /** What else is to be known, a sentence each. */
  readonly notes: readonly string[];
}

/** A segment or a subsegment of a trace. */
export interface TracePart {
  /** Nothing for a segment, which is named after the function. */
  readonly name?: string;
  /** Of a segment, as X-Ray has it. */
  readonly origin?: 'AWS::Lambda' | 'AWS::Lambda::Function';
  /** What it stands for. */
  readonly about: string;
  /** When there is one, unless always. */
  readonly only?: string;
  /** Where it begins and ends, in hundredths of the whole; how it looks, not how long it takes. */
  readonly span: readonly [start: number, end: number];
  /** What X-Ray's annotations on it are called, and what they tell. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly parts: readonly TracePart[];
}
