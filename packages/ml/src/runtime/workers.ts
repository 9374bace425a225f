import { Worker } from 'node:worker_threads';

/** What a worker needs to serve a team. */
export interface Assignment {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  control: Int32Array;
  values: Float64Array;
  /** 1 and up; the caller's own thread is 0. */
  thread: number;
}

/** Threads without work are let go after this long. */
const IDLE_MS = 20_000;

const idle: Worker[] = [];
let timer: NodeJS.Timeout | undefined;

/** Gives a team a thread: an idle one, or a new one. It never keeps the process alive. */
export function assign(assignment: Assignment): void {
  const worker = idle.pop() ?? new Worker(new URL('./worker.mjs', import.meta.url), { execArgv: [] });
  worker.unref();
  worker.once('message', () => rest(worker));
  worker.postMessage(assignment);
}

function rest(worker: Worker): void {
  idle.push(worker);
  clearTimeout(timer);
  timer = setTimeout(() => idle.splice(0).forEach(each => void each.terminate()), IDLE_MS);
  timer.unref();
}
