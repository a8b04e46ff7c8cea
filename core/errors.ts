/**
 * The one error type of the product, usable from every layer.
 * Its message is one plain sentence for the person who can act on it: what happened, to which file or
 * parameter, and what to do. Anything else that is thrown is a defect of the program, not of its input.
 */
export class ErgodicError extends Error {
  override readonly name = 'ErgodicError';
  /** True when the way the program was called is at fault (exit code 2 instead of 1). */
  readonly usage: boolean;

  constructor(message: string, options: { usage?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.usage = options.usage ?? false;
  }
}

/**
 * A device that is not there, or not any more, or has no room: what it was to compute can be computed elsewhere.
 */
export class DeviceError extends ErgodicError {}

/**
 * What failed first: when closing something fails after the work with it has, the second failure carries the first.
 * Told by its shape, since Node has a class for it from 24 on only.
 */
export const firstFailure = (thrown: unknown): unknown =>
  thrown instanceof Error && 'suppressed' in thrown ? thrown.suppressed : thrown;
