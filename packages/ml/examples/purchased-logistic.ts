// Logistic regression of `purchased` on age, income and history, judged on a fifth of the rows that it did not learn from.
// npx tsx packages/ml/examples/purchased-logistic.ts [FILE.csv]
import { columnOf, logistic, pick, pipeline, Rng, rowsAt, standardise, valuesAt } from '@bellwether/ml';
import { pathToFileURL } from 'node:url';
import { readColumns } from './csv.ts';
import { accuracy, madeCustomers, type Labelled } from './customers.ts';

const FEATURES = ['age', 'income', 'history'];

export async function purchasedLogistic(file?: string): Promise<number> {
  const rng = new Rng(1);
  const { table, target } = file ? labelled(file) : madeCustomers(5_000, rng);
  const order = rng.permutation(table.rows);
  const [test, train] = [order.subarray(0, table.rows / 5), order.subarray(table.rows / 5)];
  const model = await pipeline([standardise()], logistic()).fit(
    rowsAt(table, train),
    valuesAt(target, train),
  );
  return accuracy(model.predict(rowsAt(table, test)), valuesAt(target, test));
}

function labelled(file: string): Labelled {
  const all = readColumns(file, [...FEATURES, 'purchased']);
  return { table: pick(all, FEATURES), target: columnOf(all, 'purchased') };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  console.log(`accuracy on the test rows: ${(await purchasedLogistic(process.argv[2])).toFixed(4)}`);
