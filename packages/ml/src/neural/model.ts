import type {
  Contributions,
  Model,
  MulticlassClassifier,
  Regressor,
  ScoredClassifier,
} from '../estimator.ts';
import { sigmoid } from '../numeric/logistic.ts';
import { withTeam } from '../runtime/team.ts';
import type { Saved } from '../saved.ts';
import type { Table } from '../table.ts';
import { averageInputs, type Average } from './average.ts';
import { contributionsOf } from './contributions.ts';
import { inputRow, scoresOf } from './forward.ts';
import { inputsOf, type Inputs } from './inputs.ts';
import { KERNELS, LoadedNetwork } from './loaded.ts';
import type { Network } from './network.ts';
import type { Columns } from './prepare.ts';
import { KIND, readNetwork, saveNetwork } from './saved-network.ts';
import type { TrainingHistory } from './train.ts';

/** What a trained network is made of, and all that is kept of it. */
export interface Fitted extends Columns {
  network: Network;
  parameters: Float32Array;
  average: Average;
  history: TrainingHistory;
}

interface Trained {
  readonly history: TrainingHistory;
  /** What it is made of: for those who go on learning, prune or look inside. */
  readonly fitted: Fitted;
}

export type PerceptronClassifier = ScoredClassifier & Trained;
export type PerceptronClasses = MulticlassClassifier & Trained;
/** Tells as many numbers a row as it has outputs, by row; of one output it gives reasons. */
export type PerceptronRegressor = Regressor &
  Trained & { readonly outputs: number; contributions?(table: Table): Contributions };
export type PerceptronModel = PerceptronClassifier | PerceptronClasses | PerceptronRegressor;

/** Below so many products of rows and parameters, one row after the other is quicker than to load the network. */
const WORTH_LOADING = 200_000;

export function modelOf(fitted: Fitted): PerceptronModel {
  const { network, features, history } = fitted;
  const scores = (table: Table): Float32Array => scoresBy(fitted, inputsFor(fitted, table));
  const common = {
    kind: KIND,
    features,
    history,
    fitted,
    save: (): Saved => saveNetwork(fitted),
  } satisfies Model & Trained;
  const { outputs, loss } = network.definition;
  if (loss === 'classes')
    return { ...common, classes: outputs, predict: table => softmax(scores(table), outputs) };
  const score = (table: Table): Float64Array => Float64Array.from(scores(table));
  const contributions = (table: Table): Contributions => reasons(fitted, table);
  if (loss === 'binary')
    return { ...common, predict: table => score(table).map(sigmoid), logOdds: score, contributions };
  return { ...common, outputs, predict: score, ...(outputs === 1 && { contributions }) };
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadPerceptron(saved: Saved): PerceptronModel {
  return modelOf(readNetwork(saved));
}

function inputsFor({ features, dictionaries }: Fitted, table: Table): Inputs {
  return inputsOf(table, features, dictionaries);
}

function scoresBy({ network, parameters }: Fitted, inputs: Inputs): Float32Array {
  const work = inputs.rows * network.size;
  const { outputs } = network.definition;
  if (work > WORTH_LOADING)
    return withTeam(KERNELS, { work: 2 * work }, team => {
      const loaded = new LoadedNetwork(team, network, parameters);
      return loaded.scores(loaded.rows(inputs)).slice();
    });
  const scores = new Float32Array(inputs.rows * outputs);
  for (let row = 0; row < inputs.rows; row++)
    scores.set(scoresOf(network, parameters, inputRow(network, parameters, inputs, row)), row * outputs);
  return scores;
}

function softmax(scores: Float32Array, classes: number): Float64Array {
  const shares = new Float64Array(scores.length);
  for (let from = 0; from < scores.length; from += classes) {
    const own = scores.subarray(from, from + classes);
    const largest = own.reduce((most, score) => Math.max(most, score), -Infinity);
    const powers = Float64Array.from(own, score => Math.exp(score - largest));
    const sum = powers.reduce((total, power) => total + power, 0);
    shares.set(
      powers.map(power => power / sum),
      from,
    );
  }
  return shares;
}

/** Integrated gradients from the average row; see `contributionsOf`. */
function reasons(fitted: Fitted, table: Table): Contributions {
  const { network, parameters, features, dictionaries, average } = fitted;
  const inputs = inputsFor(fitted, table);
  const base = averageInputs(network, parameters, average);
  return contributionsOf({
    ...{ network, parameters, features, dictionaries, inputs, base },
    scores: scoresBy(fitted, inputs),
    baseScore: scoresOf(network, parameters, base)[0],
  });
}
