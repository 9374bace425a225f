export { setScratch } from './lib/thread';
export { toRows } from './lib/columns';
export { binCodes, binNumbers, binsToRows } from './lib/binning';
