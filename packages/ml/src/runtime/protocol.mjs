// How a team shares out the blocks of a call. Plain JavaScript: it runs in the caller's thread and in the workers, which
// start in a few milliseconds because nothing has to be translated for them.
//
// `control` is shared. Its ticket holds the generation of the call in its upper half and the number of blocks not yet
// taken in its lower half; who lowers it by compare-and-exchange owns that block. Everything else in `control` is
// written before the ticket of a call is, and is not written again until every block of the call is done, so what was
// read before a successful exchange belongs to it.

/** Words of `control`. */
export const TICKET = 0;
export const DONE = 1;
export const SLEEPERS = 2;
export const KERNEL = 3;
export const BLOCKS = 4;
export const GRAIN = 5;
export const ITEMS = 6;
export const FAULTS = 7;
export const CLOSED = 8;
/** Where scratch begins, in units of 64 bytes; how much a thread has of it, in the same units; rises with each change. */
export const SCRATCH = 9;
export const SCRATCH_STEP = 10;
export const FIRST_BLOCK = 11;
export const CONTROL_WORDS = 16;
/** Numbers that a kernel takes after block, lo and hi. */
export const MOST_ARGUMENTS = 16;
export const MOST_BLOCKS = 0xffff;

/** The kernels of a module in the order in which KERNEL counts them. */
export function kernelsOf(instance) {
  return Object.keys(instance.exports)
    .sort()
    .map(name => instance.exports[name]);
}

/** Takes blocks of the present call and works them off until none is left. */
export function work(thread, kernels, setScratch, control, values) {
  for (;;) {
    const ticket = Atomics.load(control, TICKET);
    const left = ticket & 0xffff;
    if (left === 0) return ticket;
    const kernel = kernels[control[KERNEL]];
    const number = control[BLOCKS] - left;
    const [grain, items, first] = [control[GRAIN], control[ITEMS], control[FIRST_BLOCK]];
    const at = (control[SCRATCH] + thread * control[SCRATCH_STEP]) * 64;
    const v = values.slice();
    if (Atomics.compareExchange(control, TICKET, ticket, ticket - 1) !== ticket) continue;
    const block = first + number;
    const lo = block * grain;
    try {
      setScratch(at);
      // prettier-ignore
      kernel(block, lo, Math.min(items, lo + grain), v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7],
        v[8], v[9], v[10], v[11], v[12], v[13], v[14], v[15]);
    } catch {
      Atomics.add(control, FAULTS, 1);
    }
    Atomics.add(control, DONE, 1);
    Atomics.notify(control, DONE);
  }
}
