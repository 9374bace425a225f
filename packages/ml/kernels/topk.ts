export { setScratch } from './lib/thread';
export { toRows } from './lib/columns';
export { assign, probe } from './lib/cells';
export { exactTop } from './lib/exact';
