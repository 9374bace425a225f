import { AppError, type ClassifierCard } from '@bellwether/contracts';
import {
  decode,
  encode,
  loadCalibratedModel,
  MlError,
  spreadOf,
  type CalibratedModel,
  type Saved,
  type Spread,
  type Table,
} from '@bellwether/ml';
import type { Records } from '@bellwether/records';
import { keptVersion } from './versions.ts';

/** What scoring needs of a version: read back from its bytes. */
export interface Learned {
  model: CalibratedModel;
  /** How each feature, and the probability, was spread over those on whom the version was tested. */
  spreads: ReadonlyMap<string, Spread>;
  scoreSpread: Spread;
}

/** A model with how its features and its word were spread over these subjects. */
export function learnedOf(model: CalibratedModel, table: Table): Learned {
  const { names, columns } = table;
  return {
    model,
    spreads: new Map(names.map((name, j) => [name, spreadOf(columns[j])])),
    scoreSpread: spreadOf(Float32Array.from(model.predict(table))),
  };
}

const KIND = 'scenario-version';
const SHAPE = 1;
/** The key under which the spread of the probability itself is kept; no feature may be called so. */
const SCORE = '';

export function bytesOf({ model, spreads, scoreSpread }: Learned): Buffer {
  const all = [...spreads, [SCORE, scoreSpread] as const];
  const arrays = all.flatMap(([name, { edges, counts }]) => [
    [`edges:${name}`, edges],
    [`counts:${name}`, counts],
  ]);
  const saved: Saved = {
    kind: KIND,
    version: SHAPE,
    values: {},
    arrays: Object.fromEntries(arrays) as Saved['arrays'], // pairs of a name and its numbers, as built above
    parts: [model.save()],
  };
  return Buffer.from(encode(saved));
}

/** @throws MlError `ml.bad_model` when the bytes are damaged or of another version */
export function learnedFrom(bytes: Uint8Array): Learned {
  const saved = decode(bytes);
  if (saved.kind !== KIND || saved.version !== SHAPE)
    throw new MlError('ml.bad_model', `a version is kept as ${saved.kind} ${saved.version}`);
  const model = loadCalibratedModel(saved.parts[0]);
  const kept = (name: string): Spread => ({
    edges: Float64Array.from(saved.arrays[`edges:${name}`]),
    counts: Float64Array.from(saved.arrays[`counts:${name}`]),
  });
  return {
    model,
    spreads: new Map(model.features.map(name => [name, kept(name)])),
    scoreSpread: kept(SCORE),
  };
}

/** A kept version of a classifier. */
export interface KeptClassifier {
  version: number;
  card: ClassifierCard;
  /** Absent when it was kept in a form that this Bellwether does not read: it can only be replaced. */
  learned: Learned | undefined;
}

/** A version of a classifier: of that number, or the one in use; nothing where there is none. */
export async function keptClassifier(
  records: Records,
  scenario: string,
  version?: number,
): Promise<KeptClassifier | undefined> {
  const kept = await keptVersion(records, scenario, version);
  if (kept === undefined) return undefined;
  const { card } = kept;
  if (card.kind !== 'classifier')
    throw new AppError('scenario.bad_version', `version ${kept.version} of ${scenario} is no classifier`);
  return { version: kept.version, card, learned: readable(() => learnedFrom(kept.model)) };
}

/** What was read, or nothing when it was kept in a form that is not read any more. */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MlError && error.code === 'ml.bad_model') return undefined;
    throw error;
  }
}
