/**
 * Why a call into this library was refused. The message names the column, the row or the parameter, and what would be valid.
 *
 * | code | when |
 * |---|---|
 * | `ml.bad_table` | columns of unequal length, names that repeat, a column that the model needs is missing |
 * | `ml.bad_value` | NaN or an infinity where the method cannot take one, a target outside 0..1, a negative weight |
 * | `ml.bad_parameter` | a parameter of an estimator or a metric outside its range |
 * | `ml.one_class` | a target with only one class: there is nothing to tell apart |
 * | `ml.no_rows` | nothing to learn from |
 * | `ml.bad_model` | bytes that are not a saved model, a damaged one, or one of a later version |
 * | `ml.too_large` | more memory than kernels can address |
 * | `ml.kernel` | a kernel does not compile or trapped: a fault of this library, not of the caller |
 * | `ml.stopped` | the caller's AbortSignal fired |
 */
export type MlErrorCode =
  | 'ml.bad_table'
  | 'ml.bad_value'
  | 'ml.bad_parameter'
  | 'ml.one_class'
  | 'ml.no_rows'
  | 'ml.bad_model'
  | 'ml.too_large'
  | 'ml.kernel'
  | 'ml.stopped';

export class MlError extends Error {
  override readonly name = 'MlError';
  readonly code: MlErrorCode;

  constructor(code: MlErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Throws `ml.bad_parameter` unless the claim holds. */
export function required(claim: boolean, parameter: string, valid: string, found: unknown): void {
  if (!claim) throw new MlError('ml.bad_parameter', `${parameter} must be ${valid}; it is ${String(found)}`);
}
