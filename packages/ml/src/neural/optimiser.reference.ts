import type { OptimiserSettings, Penalties } from './optimiser.ts';

export interface PlainState {
  steps: number;
  parameters: Float64Array;
  first: Float64Array;
  second: Float64Array;
}

/** One step for weights that penalties fall on, in plain words. */
export function plainStep(
  state: PlainState,
  gradient: ArrayLike<number>,
  rate: number,
  settings: OptimiserSettings,
  { l1, l2, keepZeros }: Penalties,
): void {
  state.steps++;
  state.parameters.forEach((w, at) => {
    if (keepZeros && w === 0) return;
    const g = gradient[at] + l2 * w + l1 * Math.sign(w);
    state.parameters[at] =
      settings.kind === 'sgd'
        ? descended(state, at, g, rate, settings)
        : adapted(state, at, g, rate, settings);
  });
}

function descended(
  { parameters, first }: PlainState,
  at: number,
  g: number,
  rate: number,
  { momentum, nesterov }: Extract<OptimiserSettings, { kind: 'sgd' }>,
): number {
  const velocity = (first[at] = momentum * first[at] - rate * g);
  return parameters[at] + (nesterov ? momentum * velocity - rate * g : velocity);
}

function adapted(
  { parameters, first, second, steps }: PlainState,
  at: number,
  g: number,
  rate: number,
  { beta1, beta2, epsilon, decay }: Exclude<OptimiserSettings, { kind: 'sgd' }>,
): number {
  const mean = (first[at] = beta1 * first[at] + (1 - beta1) * g);
  const square = (second[at] = beta2 * second[at] + (1 - beta2) * g * g);
  const corrected = (rate * Math.sqrt(1 - beta2 ** steps)) / (1 - beta1 ** steps);
  return parameters[at] * (1 - rate * decay) - (corrected * mean) / (Math.sqrt(square) + epsilon);
}
