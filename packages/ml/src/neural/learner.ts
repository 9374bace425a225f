import type { Chunk, FitOptions, Learner } from '../estimator.ts';
import { MlError } from '../errors.ts';
import { Rng } from '../random/rng.ts';
import { withTeam, type Team } from '../runtime/team.ts';
import { checked } from '../table.ts';
import { averaged, noAverage } from './average.ts';
import { initialParameters } from './initial.ts';
import { KERNELS, LoadedNetwork } from './loaded.ts';
import { modelOf, type Fitted, type PerceptronModel } from './model.ts';
import { freshState, Stepper, type OptimiserState } from './optimiser.ts';
import { lossOf, type Settings } from './parameters.ts';
import { constantScores, networkFor, prepared, type Prepared } from './prepare.ts';
import { LearningRate } from './schedule.ts';
import { batchOf, epochLoss, workOf } from './train.ts';

/**
 * Learns from chunk after chunk, each passed over once; an epoch of the schedule is one chunk. The first chunk tells the
 * columns and their categories.
 */
export class PerceptronLearner implements Learner<PerceptronModel> {
  readonly #settings: Settings;
  readonly #options: FitOptions;
  readonly #rng: Rng;
  readonly #rate: LearningRate;
  #known: Fitted | undefined;
  #state: OptimiserState | undefined;
  #chunks = 0;

  constructor(settings: Settings, options: FitOptions, from: PerceptronModel | undefined) {
    if (from && from.fitted.network.definition.loss !== lossOf(settings))
      throw new MlError('ml.bad_parameter', `task must be that of the model to go on from`);
    this.#settings = settings;
    this.#options = options;
    this.#rng = options.rng ?? new Rng(0);
    this.#rate = new LearningRate(settings.learningRate, settings.schedule, settings.warmUp, settings.epochs);
    this.#known = from?.fitted;
  }

  async partialFit({ table, target, weights }: Chunk): Promise<void> {
    const { signal, threads } = this.#options;
    const { names: features, dictionaries } = checked(table);
    const columns = this.#known ?? { features, dictionaries };
    const rows = prepared(table, target, { weights, signal }, this.#settings, columns);
    const known = (this.#known ??= this.#begun(table, rows, columns));
    const { network } = known;
    if (network.definition.loss === 'classes') refuseNewClasses(target, network.definition.outputs);
    const work = workOf(this.#settings, table.rows, network.size);
    await withTeam(KERNELS, { threads, signal, work }, team => this.#learn(team, known, rows));
  }

  model(): PerceptronModel {
    if (this.#known === undefined) throw new MlError('ml.no_rows', 'there was no chunk to learn from');
    return modelOf(this.#known);
  }

  #begun(table: Chunk['table'], rows: Prepared, columns: Pick<Fitted, 'features' | 'dictionaries'>): Fitted {
    const network = networkFor(this.#settings, table, rows.target);
    const parameters = initialParameters(network, this.#rng, constantScores(network, rows));
    const history = { loss: new Float64Array(), validation: new Float64Array(), taken: 0 };
    return { ...columns, network, parameters, average: noAverage(network), history };
  }

  async #learn(team: Team, known: Fitted, { inputs, target, weights }: Prepared): Promise<void> {
    const { network, average, history } = known;
    const settings = this.#settings;
    const loaded = new LoadedNetwork(team, network, known.parameters);
    const state = this.#state ?? freshState(network.size);
    const stepper = new Stepper(team, loaded, settings.optimiser, settings, state);
    const rows = loaded.labelled(inputs, target, weights);
    const training = { team, loaded, stepper, rows, settings, rng: this.#rng, onProgress: undefined };
    loaded.batchesOf(batchOf(settings, inputs.rows));
    const positions = team.copied(
      Uint32Array.from({ length: inputs.rows }, (_, i) => i).filter(
        i => weights === undefined || weights[i] > 0,
      ),
    );
    const loss = await epochLoss(training, positions, this.#chunks++, this.#rate);
    this.#rate.heard(loss);
    this.#state = stepper.state();
    this.#known = {
      ...known,
      parameters: loaded.parameters.slice(),
      average: averaged(average, inputs, weights),
      history: { ...history, loss: Float64Array.of(...history.loss, loss), taken: history.loss.length },
    };
  }
}

function refuseNewClasses(target: Float32Array, classes: number): void {
  const row = target.findIndex(y => y >= classes);
  if (row >= 0)
    throw new MlError(
      'ml.bad_value',
      `row ${row} of the target is ${target[row]}; the network tells the classes 0 to ${classes - 1} (outputs says how many)`,
    );
}
