/**
 * The one error that Bellwether's own code throws. `code` is stable, `domain.what_happened`; each package keeps its
 * codes in one table. The message says what the caller did and what would be right. Only the server turns codes
 * into HTTP statuses.
 *
 * @example
 * throw new AppError('import.column_missing', 'orders.csv has no column for "order_id"; found "date", "sku".');
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { cause?: unknown; details?: Record<string, unknown> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Whether an error is ours, with this code if one is given. */
export function isAppError(error: unknown, code?: string): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code);
}

/** The sentence of any thrown value, for a log or a job's row. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
