import { parentPort } from 'node:worker_threads';
import { CLOSED, SLEEPERS, TICKET, kernelsOf, work } from './protocol.mjs';

/** Looks again this often before it sleeps: a call that follows at once is then met awake. */
const SPINS = 2_000;

/** Serves one team until it closes; then this thread is idle and may be given to another. */
parentPort.on('message', ({ module, memory, control, values, thread }) => {
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  const kernels = kernelsOf(instance);
  for (;;) {
    const ticket = work(thread, kernels, instance.exports.setScratch, control, values);
    if (Atomics.load(control, CLOSED) === 1) break;
    if (spun(control, ticket)) continue;
    Atomics.add(control, SLEEPERS, 1);
    Atomics.wait(control, TICKET, ticket);
    Atomics.sub(control, SLEEPERS, 1);
  }
  parentPort.postMessage('idle');
});

/** Whether the ticket changed while we looked. */
function spun(control, ticket) {
  for (let turn = 0; turn < SPINS; turn++) if (Atomics.load(control, TICKET) !== ticket) return true;
  return false;
}
