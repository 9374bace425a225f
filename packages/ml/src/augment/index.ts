export type { Augmentation, TrainingRows } from './augmentation.ts';
export { augmented } from './augmented.ts';
export { mixUp, type MixUpParameters } from './mix-up.ts';
export { noise, type NoiseParameters } from './noise.ts';
export { smote, type SmoteParameters } from './smote.ts';
