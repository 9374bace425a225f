export { setScratch } from './lib/thread';
export { toRows } from './lib/columns';
export { exactTop } from './lib/exact';
