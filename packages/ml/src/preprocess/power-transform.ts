import type { FittedTransformer, Transformer } from '../estimator.ts';
import { MlError, required } from '../errors.ts';
import type { Saved } from '../saved.ts';
import { leastBetween } from './brent.ts';
import { columnwise, loadColumnwise, type ColumnRule } from './columnwise.ts';
import { momentsOf } from './moments.ts';

export interface PowerTransformParameters {
  /**
   * `log1p`: ln(1 + x), for values above -1. `box-cox`: (x^p - 1) / p, for values above 0. `yeo-johnson`: the like for
   * any value. The power p of the last two is what makes each column most like a normal distribution.
   */
  method?: 'log1p' | 'box-cox' | 'yeo-johnson';
  /** Whether each column is standardised afterwards. */
  standardised?: boolean;
}

type Method = NonNullable<PowerTransformParameters['method']>;

const KIND = 'powerTransform';
/** Powers looked among. */
const MOST = 5;
/** Nearer to a power at which the formula is a logarithm, it is taken for that. */
const NEAR = 1e-8;
const ABOVE: Readonly<Record<Method, number>> = { log1p: -1, 'box-cox': 0, 'yeo-johnson': -Infinity };

/**
 * Columns of numbers pulled towards a normal distribution (Box and Cox 1964; Yeo and Johnson 2000), the power fitted by
 * maximum likelihood between -5 and 5. Missing values stay missing; columns of words pass as they are; weights act as
 * repeated rows. A later value that the method cannot take becomes the nearest that it can.
 *
 * @throws MlError `ml.bad_value` when a value learned from is not above what the method takes
 * @example
 * pipeline([impute(), powerTransform({ method: 'yeo-johnson' })], logistic())
 */
export function powerTransform(parameters: PowerTransformParameters = {}): Transformer {
  return columnwise(ruleOf(parameters));
}

function ruleOf({ method = 'yeo-johnson', standardised = true }: PowerTransformParameters): ColumnRule {
  required(Object.hasOwn(ABOVE, method), 'method', 'log1p, box-cox or yeo-johnson', method);
  return {
    kind: KIND,
    parameters: { method, standardised },
    learn: (column, weights, name) => {
      refuseBelow(column, method, name);
      const power = method === 'log1p' ? 0 : powerOf(column, weights, method);
      if (!standardised) return [power, 0, 1];
      const { mean, deviation } = momentsOf(Float64Array.from(column, transformed(method, power)), weights);
      return [power, mean, deviation || 1];
    },
    applied: ([power, mean, scale]) => {
      const transform = transformed(method, power);
      return x => (transform(x) - mean) / scale;
    },
  };
}

function refuseBelow(column: Float32Array, method: Method, name: string): void {
  const row = column.findIndex(value => value <= ABOVE[method]);
  if (row >= 0)
    throw new MlError(
      'ml.bad_value',
      `row ${row} of column "${name}" is ${column[row]}; ${method} takes values above ${ABOVE[method]} (yeo-johnson takes any)`,
    );
}

function transformed(method: Method, power: number): (x: number) => number {
  if (method === 'log1p') return x => Math.log1p(Math.max(x, -1 + 1e-7));
  if (method === 'box-cox') return x => raised(Math.log(Math.max(x, 1e-37)), power);
  return x => (x >= 0 ? raised(Math.log1p(x), power) : -raised(Math.log1p(-x), 2 - power));
}

/** (e^(p l) - 1) / p, or its limit l. */
function raised(log: number, power: number): number {
  return Math.abs(power) < NEAR ? log : Math.expm1(power * log) / power;
}

/** The power whose likelihood is largest; 1, which changes nothing, where the column has no spread. */
function powerOf(column: Float32Array, weights: Float32Array | undefined, method: Method): number {
  if (momentsOf(column, weights).deviation === 0) return 1;
  const slope = meanLog(column, weights, method);
  const buffer = new Float64Array(column.length);
  const loss = (power: number): number => {
    const transform = transformed(method, power);
    for (let row = 0; row < column.length; row++) buffer[row] = transform(column[row]);
    // up to what does not depend on the power: the logarithms of the spread and of the Jacobian, per row
    const { deviation } = momentsOf(buffer, weights);
    return deviation > 0 ? Math.log(deviation) - (power - 1) * slope : Infinity;
  };
  return leastBetween(loss, -MOST, MOST);
}

/** Mean of sign(x) ln(1 + |x|), or of ln x: the derivative by the power of the Jacobian's logarithm. */
function meanLog(column: Float32Array, weights: Float32Array | undefined, method: Method): number {
  const logs = Float64Array.from(column, x =>
    method === 'box-cox' ? Math.log(x) : Math.sign(x) * Math.log1p(Math.abs(x)),
  );
  return momentsOf(logs, weights).mean;
}

export function loadPowerTransform(saved: Saved): FittedTransformer {
  return loadColumnwise(saved, KIND, ruleOf);
}
