/** 1 / (1 + e^-x), without overflow. */
export function sigmoid(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return x >= 0 ? 1 / (1 + e) : e / (1 + e);
}

const EDGE = 1e-12;

/** ln(p / (1 - p)); p is kept 1e-12 away from 0 and 1, so that the result is finite. */
export function logit(p: number): number {
  const inside = Math.min(1 - EDGE, Math.max(EDGE, p));
  return Math.log(inside / (1 - inside));
}

/** -ln of the probability given to what happened; p is kept 1e-12 away from 0 and 1. */
export function logLossOf(p: number, target: number): number {
  const inside = Math.min(1 - EDGE, Math.max(EDGE, p));
  return -(target * Math.log(inside) + (1 - target) * Math.log(1 - inside));
}
