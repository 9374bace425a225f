/** Losses of a score z and a target y, as the kernels have them. */
export type SgdLoss = 'logistic' | 'squared' | 'hinge' | 'huber';

/** How the kernels count them. */
export const LOSS_CODES: Readonly<Record<SgdLoss, number>> = { logistic: 0, squared: 1, hinge: 2, huber: 3 };

/**
 * | loss | of z and y |
 * |---|---|
 * | logistic | ln(1 + e^z) - y z; y from 0 to 1 |
 * | squared | (z - y)^2 / 2 |
 * | hinge | max(0, 1 - s z); s is -1 for y = 0, 1 for y = 1 |
 * | huber | (z - y)^2 / 2 up to delta, then straight |
 */
export function lossOf(loss: SgdLoss, z: number, y: number, delta: number): number {
  const r = Math.abs(z - y);
  switch (loss) {
    case 'logistic':
      return Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - y * z;
    case 'squared':
      return (r * r) / 2;
    case 'hinge':
      return Math.max(0, 1 - (2 * y - 1) * z);
    case 'huber':
      return r <= delta ? (r * r) / 2 : delta * (r - delta / 2);
  }
}

/** The slope of a loss at z. */
export function slopeOf(loss: SgdLoss, z: number, y: number, delta: number): number {
  switch (loss) {
    case 'logistic':
      return 1 / (1 + Math.exp(-z)) - y;
    case 'squared':
      return z - y;
    case 'hinge':
      return (2 * y - 1) * z < 1 ? 1 - 2 * y : 0;
    case 'huber':
      return Math.min(Math.max(z - y, -delta), delta);
  }
}
