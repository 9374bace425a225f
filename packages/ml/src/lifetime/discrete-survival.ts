import type { Classifier, Estimator, FitOptions, Model } from '../estimator.ts';
import { MlError, required } from '../errors.ts';
import type { Load } from '../family.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { soundTable } from '../sound.ts';
import { pick, recoded, rowsAt, valuesAt, type Dictionaries, type Table } from '../table.ts';
import { soundSurvival, type SurvivalTarget } from './survival-target.ts';

const KIND = 'discreteSurvival';
const VERSION = 1;
/** The column that is added: which period a row stands for, from 1. */
export const PERIOD = 'period';

export interface DiscreteSurvivalParameters {
  /** How many periods ahead are told. */
  periods: number;
  /** Length of a period, in the unit of the times. */
  width: number;
}

export interface DiscreteSurvivalModel extends Model {
  readonly periods: number;
  readonly width: number;
  /** rows x periods, by row: the probability that the event comes in each period, if it has not before. */
  hazard(table: Table): Float64Array;
  /** rows x periods, by row: the probability that it has not come by the end of each period. */
  survival(table: Table): Float64Array;
  /** The probability that it comes within all the periods. */
  predict(table: Table): Float64Array;
}

/**
 * Survival by any classifier (Singer and Willett 1993): each subject becomes one row for each period that it was at
 * risk in, with the period as one more column and whether the event came then as the target. Where the classifier can
 * bend and mix columns, hazards need not be proportional.
 *
 * @example
 * const model = await discreteSurvival(forest(), { periods: 12, width: 30 }).fit(table, { time, event });
 * model.survival(table); // rows x 12
 */
export function discreteSurvival(
  classifier: Estimator<Classifier>,
  { periods, width }: DiscreteSurvivalParameters,
): Estimator<DiscreteSurvivalModel, Table, SurvivalTarget> {
  required(Number.isInteger(periods) && periods > 0, 'periods', 'a whole number from 1 up', periods);
  required(width > 0 && width < Infinity, 'width', 'a length of time above 0', width);
  const { name, parameters } = classifier;
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze({ classifier: { name, parameters }, periods, width }),
    fit: async (table: Table, target: SurvivalTarget, options: FitOptions = {}) => {
      const accepts = { method: KIND, missing: true, categories: true };
      soundTable(table, target.time, options, accepts);
      const rows = personPeriods(table, target, { periods, width }, options.weights);
      const model = await classifier.fit(rows.table, rows.target, {
        ...options,
        weights: rows.weights,
        groups: undefined,
      });
      return modelOf({ features: table.names, dictionaries: table.dictionaries, periods, width, model });
    },
  });
}

/**
 * One row for each subject and period at risk. The event counts in the period that it falls into; whoever stopped being
 * watched counts in the periods that were watched to their end.
 *
 * @throws MlError `ml.bad_table` where a column is called "period", `ml.no_rows` where no period was watched to its end
 */
export function personPeriods(
  table: Table,
  target: SurvivalTarget,
  { periods, width }: DiscreteSurvivalParameters,
  weights?: Float32Array,
): { table: Table; target: Float32Array; weights: Float32Array | undefined } {
  soundSurvival(target, table.rows);
  if (table.names.includes(PERIOD))
    throw new MlError(
      'ml.bad_table',
      `a column is called "${PERIOD}", which is the name of the one to be added`,
    );
  const [subjects, numbers, came]: [number[], number[], number[]] = [[], [], []];
  for (let row = 0; row < table.rows; row++) {
    const happened = target.event[row] === 1;
    const last = target.time[row] / width;
    const until = happened ? Math.max(1, Math.ceil(last)) : Math.floor(last);
    for (let period = 1; period <= Math.min(until, periods); period++) {
      subjects.push(row);
      numbers.push(period);
      came.push(Number(happened && period === until));
    }
  }
  if (subjects.length === 0)
    throw new MlError('ml.no_rows', `nobody was watched for a whole period of ${width}`);
  return {
    table: withPeriod(rowsAt(table, subjects), Float32Array.from(numbers)),
    target: Float32Array.from(came),
    weights: weights && valuesAt(weights, subjects),
  };
}

function withPeriod(table: Table, period: Float32Array): Table {
  return { ...table, names: [...table.names, PERIOD], columns: [...table.columns, period] };
}

interface Fitted extends DiscreteSurvivalParameters {
  features: readonly string[];
  dictionaries: Dictionaries | undefined;
  model: Classifier;
}

function modelOf(fitted: Fitted): DiscreteSurvivalModel {
  const { features, dictionaries, periods, width, model } = fitted;
  const hazard = (table: Table): Float64Array => {
    const own = recoded(pick(table, features), dictionaries);
    const grid = new Float64Array(table.rows * periods);
    for (let k = 0; k < periods; k++) {
      const period = new Float32Array(table.rows).fill(k + 1);
      model.predict(withPeriod(own, period)).forEach((p, row) => (grid[row * periods + k] = p));
    }
    return grid;
  };
  const survival = (table: Table): Float64Array => {
    const grid = hazard(table);
    for (let at = 0; at < grid.length; at++)
      grid[at] = (at % periods === 0 ? 1 : grid[at - 1]) * (1 - grid[at]);
    return grid;
  };
  return {
    kind: KIND,
    features,
    periods,
    width,
    hazard,
    survival,
    predict: table => {
      const lasting = survival(table);
      return Float64Array.from({ length: table.rows }, (_, row) => 1 - lasting[(row + 1) * periods - 1]);
    },
    save: () => ({
      kind: KIND,
      version: VERSION,
      values: { features, dictionaries: dictionaries ?? null, periods, width },
      arrays: {},
      parts: [model.save()],
    }),
  };
}

export function loadDiscreteSurvival(saved: Saved, load: Load): DiscreteSurvivalModel {
  const reader = new SavedReader(saved, KIND, VERSION);
  const model = load.model(reader.part(0));
  if (!('predict' in model)) throw reader.bad('classifier');
  const [periods, width] = [reader.number('periods'), reader.number('width')];
  if (!Number.isInteger(periods) || periods < 1 || !(width > 0)) throw reader.bad('periods');
  return modelOf({
    features: reader.names('features'),
    dictionaries: reader.dictionaries('dictionaries'),
    periods,
    width,
    model: model as Classifier, // it predicts, and was saved as the classifier that it is
  });
}
