import { expect, test } from 'vitest';
import { Rng } from '../random/rng.ts';
import * as t from './tensor.ts';

const rng = new Rng(1);
const random = (rows: number, columns: number, shift = 0): t.Tensor =>
  t.tensorOf(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => rng.normal() + shift),
  );

/** Largest difference of the gradient from central differences, over the larger of the gradient and 1. */
function error(f: (inputs: t.Tensor[]) => t.Tensor, inputs: t.Tensor[]): number {
  const h = 1e-6;
  t.backward(f(inputs));
  const found = inputs.map(input => input.gradient.slice());
  let most = 0;
  inputs.forEach((input, k) =>
    input.data.forEach((value, at) => {
      input.data[at] = value + h;
      const up = f(inputs).data[0];
      input.data[at] = value - h;
      const down = f(inputs).data[0];
      input.data[at] = value;
      const slope = (up - down) / (2 * h);
      const gradient = found[k]?.[at] ?? NaN;
      most = Math.max(most, Math.abs(gradient - slope) / Math.max(1e-2, Math.abs(slope)));
    }),
  );
  return most;
}

/** A number of which every value of the tensor is an unequal part. */
const weighed = (a: t.Tensor): t.Tensor =>
  t.sum(
    t.multiply(
      a,
      t.tensorOf(
        a.rows,
        a.columns,
        Float64Array.from(a.data, (_, i) => Math.sin(i + 1)),
      ),
    ),
  );

test.each<[string, (inputs: t.Tensor[]) => t.Tensor, t.Tensor[]]>([
  ['add', ([a, b]) => t.add(a, b), [random(3, 4), random(3, 4)]],
  ['add a row to each row', ([a, b]) => t.add(a, b), [random(3, 4), random(1, 4)]],
  ['add a column to each column', ([a, b]) => t.add(a, b), [random(3, 4), random(3, 1)]],
  ['subtract', ([a, b]) => t.subtract(a, b), [random(2, 3), random(1, 1)]],
  ['multiply', ([a, b]) => t.multiply(a, b), [random(3, 4), random(1, 4)]],
  ['multiply by itself', ([a]) => t.multiply(a, a), [random(3, 4)]],
  ['divide', ([a, b]) => t.divide(a, b), [random(3, 4), random(3, 1, 9)]],
  ['scale', ([a]) => t.scale(a, -3), [random(3, 4)]],
  ['exp', ([a]) => t.exp(a), [random(3, 4)]],
  ['log', ([a]) => t.log(a), [random(3, 4, 9)]],
  ['square root', ([a]) => t.squareRoot(a), [random(3, 4, 9)]],
  ['square', ([a]) => t.square(a), [random(3, 4)]],
  ['absolute', ([a]) => t.absolute(a), [random(3, 4)]],
  ['relu', ([a]) => t.relu(a), [random(3, 4)]],
  ['sigmoid', ([a]) => t.sigmoid(a), [random(3, 4)]],
  ['tanh', ([a]) => t.tanh(a), [random(3, 4)]],
  ['softplus', ([a]) => t.softplus(a), [random(3, 4)]],
  ['gelu', ([a]) => t.gelu(a), [random(3, 4)]],
  ['huber', ([a]) => t.huber(a, 0.5), [random(3, 4)]],
  ['sum', ([a]) => t.sum(a), [random(3, 4)]],
  ['mean', ([a]) => t.mean(a), [random(3, 4)]],
  ['sum of rows', ([a]) => t.sumRows(a), [random(3, 4)]],
  ['sum of columns', ([a]) => t.sumColumns(a), [random(3, 4)]],
  ['log-softmax', ([a]) => t.logSoftmax(a), [random(3, 4)]],
  ['matmul', ([a, b]) => t.matmul(a, b), [random(3, 4), random(4, 2)]],
  ['gather, a row twice', ([a]) => t.gather(a, [2, 0, 2]), [random(3, 4)]],
  ['choose', ([a]) => t.choose(a, [2, 0, 3]), [random(3, 4)]],
  ['transpose', ([a]) => t.transpose(a), [random(3, 4)]],
  ['concat', ([a, b]) => t.concat([a, b]), [random(3, 4), random(3, 2)]],
  ['dropout', ([a]) => t.dropout(a, [1, 0, 1, 1, 0, 1], 0.25), [random(2, 3)]],
])('the gradient of %s is that of finite differences', (_, f, inputs) => {
  expect(error(given => weighed(f(given)), inputs)).toBeLessThan(1e-4);
});

test('a value that is used twice gathers both gradients', () => {
  const x = t.tensor([[3]]);
  t.backward(t.add(t.square(x), t.multiply(x, t.tensor([[5]]))));
  expect([...x.gradient]).toEqual([11]);
});

test('shapes that do not fit are refused', () => {
  expect(() => t.add(random(2, 3), random(3, 2))).toThrow('2 x 3 and 3 x 2 do not fit each other');
  expect(() => t.matmul(random(2, 3), random(2, 3))).toThrow('2 x 3 times 2 x 3 is no matrix');
  expect(() => t.backward(random(2, 1))).toThrow('only one number has a gradient; this is 2 x 1');
  expect(() => t.tensorOf(2, 2, [1])).toThrow('1 values do not fill 2 x 2');
});

test('large scores neither overflow nor lose the softmax', () => {
  expect([...t.logSoftmax(t.tensor([[1000, 0]])).data]).toEqual([0, -1000]);
  expect([...t.softplus(t.tensor([[1000, -1000]])).data]).toEqual([1000, 0]);
});
