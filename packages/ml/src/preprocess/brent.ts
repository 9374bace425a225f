const GOLDEN = (3 - Math.sqrt(5)) / 2;

type Point = readonly [x: number, value: number];

/** Between these bounds lies a valley; the three lowest points found so far. */
interface Valley {
  low: number;
  high: number;
  best: Point;
  second: Point;
  third: Point;
}

/**
 * Where a function of one number is least between two bounds: parabolas through the best three points, golden sections
 * where they do not help (Brent 1973, chapter 5). A function with several valleys gives the bottom of one.
 */
export function leastBetween(f: (x: number) => number, low: number, high: number, tolerance = 1e-9): number {
  const start = low + GOLDEN * (high - low);
  const first: Point = [start, f(start)];
  let valley: Valley = { low, high, best: first, second: first, third: first };
  let [step, before] = [0, 0];
  for (let round = 0; round < 100; round++) {
    const x = valley.best[0];
    const least = tolerance * Math.abs(x) + 1e-12;
    const middle = (valley.low + valley.high) / 2;
    if (Math.abs(x - middle) <= 2 * least - (valley.high - valley.low) / 2) break;
    const vertex = vertexOf(valley);
    const isUseful =
      Math.abs(vertex) < Math.abs(before) / 2 && x + vertex > valley.low && x + vertex < valley.high;
    before = isUseful ? step : x < middle ? valley.high - x : valley.low - x;
    step = isUseful ? vertex : GOLDEN * before;
    const next = x + (Math.abs(step) >= least ? step : Math.sign(step || 1) * least);
    valley = narrowed(valley, [next, f(next)]);
  }
  return valley.best[0];
}

/** How far the vertex of the parabola through the three points lies from the best; NaN where they do not bend. */
function vertexOf({ best: [x, fx], second: [w, fw], third: [v, fv] }: Valley): number {
  const [r, q] = [(x - w) * (fx - fv), (x - v) * (fx - fw)];
  return -((x - v) * q - (x - w) * r) / (2 * (q - r));
}

function narrowed(valley: Valley, tried: Point): Valley {
  const { low, high, best, second, third } = valley;
  const isBelow = tried[0] < best[0];
  if (tried[1] <= best[1]) {
    const bounds = isBelow ? { low, high: best[0] } : { low: best[0], high };
    return { ...bounds, best: tried, second: best, third: second };
  }
  const bounds = isBelow ? { low: tried[0], high } : { low, high: tried[0] };
  if (tried[1] <= second[1] || second === best) return { ...bounds, best, second: tried, third: second };
  if (tried[1] <= third[1] || third === best || third === second)
    return { ...bounds, best, second, third: tried };
  return { ...bounds, best, second, third };
}
