// Rows with an age and an income above 0, standardised, through 100 ReLU units to one sigmoid: Adam on the cross-entropy,
// 10 epochs in batches of 32, a fifth of the rows set aside to judge each epoch by.
// npx tsx packages/ml/examples/purchased-perceptron.ts [FILE.csv]
import { columnOf, perceptron, pick, pipeline, Rng, rowsAt, standardise, valuesAt } from '@bellwether/ml';
import { pathToFileURL } from 'node:url';
import { readColumns } from './csv.ts';
import { accuracy, madeCustomers, type Labelled } from './customers.ts';

const FEATURES = ['age', 'income', 'history'];

export async function purchasedPerceptron(file?: string): Promise<number> {
  const rng = new Rng(1);
  const { table, target } = withAgeAndIncome(file ? labelled(file) : madeCustomers(5_000, rng, true));
  const order = rng.permutation(table.rows);
  const [test, train] = [order.subarray(0, table.rows / 5), order.subarray(table.rows / 5)];
  const network = perceptron({
    ...{ layers: [{ units: 100, activation: 'relu' }], optimiser: { kind: 'adam' } },
    ...{ epochs: 10, batch: 32, validationShare: 0.2 },
  });
  const model = await pipeline([standardise()], network).fit(rowsAt(table, train), valuesAt(target, train), {
    rng,
  });
  return accuracy(model.predict(rowsAt(table, test)), valuesAt(target, test));
}

function withAgeAndIncome({ table, target }: Labelled): Labelled {
  const [age, income] = [columnOf(table, 'age'), columnOf(table, 'income')];
  const kept = Uint32Array.from(age.keys()).filter(row => age[row] > 0 && income[row] > 0);
  return { table: rowsAt(table, kept), target: valuesAt(target, kept) };
}

function labelled(file: string): Labelled {
  const all = readColumns(file, [...FEATURES, 'purchased']);
  return { table: pick(all, FEATURES), target: columnOf(all, 'purchased') };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  console.log(`accuracy on the test rows: ${(await purchasedPerceptron(process.argv[2])).toFixed(4)}`);
