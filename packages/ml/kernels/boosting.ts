export { setScratch } from './lib/thread';
export { toRows } from './lib/columns';
export { binCodes, binNumbers, binsToRows } from './lib/binning';
export { histogram } from './lib/histogram';
export { splits } from './lib/split';
export { draw, partition, place, sumAt } from './lib/partition';
export { lambdas } from './lib/lambdas';
export { addLeaves, addTree } from './lib/scores';
export {
  logisticGradients,
  pack,
  poissonGradients,
  quantileGradients,
  softmax,
  softmaxGradients,
  squaredGradients,
} from './lib/losses';
