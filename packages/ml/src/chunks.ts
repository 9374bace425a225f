import {
  throwIfStopped,
  type Chunk,
  type FitOptions,
  type IncrementalEstimator,
  type Model,
} from './estimator.ts';
import { MlError } from './errors.ts';

/**
 * Fits to rows that arrive in pieces, in one pass: only one piece is in memory at a time.
 *
 * @throws MlError `ml.no_rows` when there is no piece at all
 * @example
 * const model = await fitChunks(ftrl({ alpha: 0.1 }), readInBatches(file));
 */
export async function fitChunks<M extends Model, X, Y>(
  estimator: IncrementalEstimator<M, X, Y>,
  chunks: AsyncIterable<Chunk<X, Y>> | Iterable<Chunk<X, Y>>,
  options: FitOptions = {},
): Promise<M> {
  const learner = estimator.learner(options);
  let done = 0;
  for await (const chunk of chunks) {
    throwIfStopped(options.signal);
    await learner.partialFit(chunk);
    done++;
    options.onProgress?.({ done, unit: 'chunks' });
  }
  if (done === 0) throw new MlError('ml.no_rows', 'there was no chunk to learn from');
  return learner.model();
}
