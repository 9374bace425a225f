// A perceptron of 10 inputs, 100 hidden units and 2 outputs, trained by gradient descent over all rows at once, at a rate
// of 0.001, on the squared error. npx tsx packages/ml/examples/gradient-descent.ts
import { perceptron, Rng, rowsAt, type Table } from '@bellwether/ml';
import { pathToFileURL } from 'node:url';

const INPUTS = 10;
const TRAIN = 800;
const TEST = 400;

export async function gradientDescent(epochs = 4_000): Promise<number> {
  const { table, classes } = madePoints(TRAIN + TEST, new Rng(1));
  const positions = Uint32Array.from({ length: table.rows }, (_, row) => row);
  const [train, test] = [positions.subarray(0, TRAIN), positions.subarray(TRAIN)];
  const target = Float32Array.from(
    [...train].flatMap(row => (classes[row] === 0 ? [1, 0] : [0, 1])), // one output for each class
  );
  const model = await perceptron({
    ...{ task: 'regression', outputs: 2, layers: [{ units: 100, activation: 'relu' }], loss: 'squared' },
    ...{ optimiser: { kind: 'sgd' }, learningRate: 0.001, batch: 'all', epochs },
  }).fit(rowsAt(table, train), target);
  const scores = model.predict(rowsAt(table, test));
  const right = test.filter((row, i) => Number(scores[2 * i + 1] > scores[2 * i]) === classes[row]);
  return right.length / TEST;
}

/** Points of which the class is 1 outside a curved surface. */
function madePoints(rows: number, rng: Rng): { table: Table; classes: Uint8Array } {
  const columns = Array.from({ length: INPUTS }, () =>
    Float32Array.from({ length: rows }, () => rng.normal()),
  );
  const [a, b, c] = columns;
  const classes = Uint8Array.from({ length: rows }, (_, i) => Number(a[i] + b[i] + 0.5 * c[i] ** 2 > 0.4));
  return { table: { names: columns.map((_, j) => `x${j}`), rows, columns }, classes };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  console.log(`accuracy on the test rows: ${(await gradientDescent()).toFixed(4)}`);
