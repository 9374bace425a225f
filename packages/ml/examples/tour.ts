import {
  aucScore,
  boosting,
  dataAt,
  decode,
  encode,
  holdOut,
  loadClassifier,
  logUniform,
} from '@bellwether/ml';
import { reasons, Rng, search, stratifiedFold, whole, type Estimator } from '@bellwether/ml';
import { madeCustomers } from './customers.ts';

const data = madeCustomers(5_000, new Rng(1)); // { table, target }: columns of Float32Array, NaN where missing
const split = holdOut(data.target, 0.2, new Rng(2));
const [train, test] = [dataAt(data, split.train), dataAt(data, split.test)];

// tune: eight trials, three folds, on all cores, always with the same result
const make = ({ leaves, learningRate }: Record<string, unknown>): Estimator =>
  boosting({ loss: 'logistic', leaves: Number(leaves), learningRate: Number(learningRate) });
const space = { leaves: whole(4, 31), learningRate: logUniform(0.02, 0.2) };
const folds = stratifiedFold(train.target, 3, new Rng(3));
const { best } = await search(make, space, train, folds, { score: aucScore, trials: 8 });

// fit and judge on rows that took no part
const chosen = boosting({ loss: 'logistic', ...best.point });
const model = await chosen.fit(train.table, train.target, { rng: new Rng(4) });
console.log(`AUC ${aucScore.of(model.predict(test.table), test.target).toFixed(3)}`);

// explain, save, load
console.log(reasons(model.contributions(test.table), test.table, 0, { count: 2 }));
console.log(
  loadClassifier(decode(encode(model.save()))).predict(test.table)[0] === model.predict(test.table)[0],
);
