import { AppError, sentenceOf } from '@bellwether/contracts';
import { Transform, type Readable, type TransformCallback } from 'node:stream';

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
]);
const BROKEN = /socket hang up|Timeout error|socket has been ended|aborted$/;
const MARK = '\r\n__exception__\r\n';
/** ClickHouse's bound of such a message, and the block's own words. */
const LONGEST_BLOCK = 16_384 + 256;

/**
 * Runs a call of the client's and says what went wrong in our words.
 *
 * @throws AppError `warehouse.aborted`, `warehouse.unreachable`, or `warehouse.query_failed` with ClickHouse's sentence
 *   and its `code` and `type` in the details
 */
export async function guarded<T>(signal: AbortSignal | undefined, call: () => Promise<T>): Promise<T> {
  try {
    // the client does not look at a signal that was aborted before
    signal?.throwIfAborted();
    return await call();
  } catch (error) {
    throw failure(error, signal);
  }
}

function failure(error: unknown, signal: AbortSignal | undefined): AppError {
  const said = sentenceOf(error);
  if (signal?.aborted === true)
    return new AppError('warehouse.aborted', 'the query was stopped before it ended', { cause: error });
  const { code = '', type } = error as { code?: string; type?: string };
  if (UNREACHABLE.has(code) || (code === '' && BROKEN.test(said)))
    return new AppError('warehouse.unreachable', `the warehouse does not answer: ${said || code}`, {
      cause: error,
    });
  return new AppError('warehouse.query_failed', `the warehouse: ${said}`, {
    cause: error,
    details: { code, ...(type === undefined ? {} : { type }) },
  });
}

/**
 * The bytes of a result, failing when the query failed in their middle: the status was sent by then, and ClickHouse
 * writes the exception behind the rows, marked by the tag that its headers named.
 */
export function wholeOrFailed(stream: Readable, tag: string | undefined, signal?: AbortSignal): Readable {
  const guard = new ExceptionGuard(tag);
  stream.on('error', error => guard.destroy(failure(error, signal)));
  guard.on('close', () => stream.destroy());
  return stream.pipe(guard);
}

/** Holds the last bytes back until it is known that they are not an exception. */
class ExceptionGuard extends Transform {
  readonly #mark: Buffer | undefined;
  #tail: Buffer = Buffer.alloc(0);

  constructor(tag: string | undefined) {
    super();
    this.#mark = tag === undefined ? undefined : Buffer.from(`${MARK}${tag}\r\n`);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#mark === undefined) return done(null, chunk);
    const held = Buffer.concat([this.#tail, chunk]);
    const sure = Math.max(0, held.length - LONGEST_BLOCK);
    this.#tail = held.subarray(sure);
    done(null, held.subarray(0, sure));
  }

  override _flush(done: TransformCallback): void {
    const at = this.#mark === undefined ? -1 : this.#tail.indexOf(this.#mark);
    if (at < 0) return done(null, this.#tail);
    const said = this.#tail.subarray(at + (this.#mark?.length ?? 0)).toString('utf8');
    const [message = ''] = said.split(/\r?\n\d+ \w+\r\n__exception__/, 1);
    done(new AppError('warehouse.query_failed', `the warehouse: ${message.trim()}`));
  }
}
