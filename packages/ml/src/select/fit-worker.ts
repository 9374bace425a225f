import { parentPort, workerData } from 'node:worker_threads';
import { MlError, type MlErrorCode } from '../errors.ts';
import type { Parameters } from '../estimator.ts';
import { estimatorOf } from '../registry.ts';
import { fittedAndPredicted, type Data, type Split } from './data.ts';

/** One fit that is asked for. */
export interface Order {
  name: string;
  parameters: Parameters;
  split: Split;
  seed: number;
}

/** Predictions of the tested rows, or why there are none. */
export type Answer = { predicted: Float64Array } | { code: MlErrorCode; message: string };

const data = workerData as Data; // what `openPool` put there

parentPort?.on('message', (order: Order) => void answer(order).then(reply => parentPort?.postMessage(reply)));

async function answer({ name, parameters, split, seed }: Order): Promise<Answer> {
  try {
    // the pool uses the cores already: one thread to a fit
    const estimator = estimatorOf(name, parameters);
    return { predicted: await fittedAndPredicted(estimator, data, split, seed, { threads: 1 }) };
  } catch (error) {
    if (error instanceof MlError) return { code: error.code, message: error.message };
    throw error;
  }
}
