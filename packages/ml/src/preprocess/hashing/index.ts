export { hashing, loadHashing, type FittedHashing, type Hashing, type HashingParameters } from './hashing.ts';
export { murmur3 } from './murmur.ts';
export { defaultWords, type Segment } from './segment.ts';
export {
  loadTextHashing,
  textHashing,
  type FittedTextHashing,
  type TextHashing,
  type TextHashingParameters,
} from './text.ts';
