import { AppError, type TableCard } from '@bellwether/contracts';
import {
  decode,
  encode,
  loadCalibratedModel,
  MlError,
  type CalibratedModel,
  type Saved,
} from '@bellwether/ml';
import type { Records } from '@bellwether/records';
import { keptVersion, readable } from '../training/index.ts';
import { recipeFrom, recipeJson, type Recipe } from './encode.ts';

/** What a version of a table needs to answer: how cells become numbers, and the model. */
export interface TableModel {
  recipe: Recipe;
  model: CalibratedModel;
}

const KIND = 'table-version';
const SHAPE = 1;

export function tableBytes({ recipe, model }: TableModel): Buffer {
  const saved: Saved = {
    ...{ kind: KIND, version: SHAPE, values: { recipe: recipeJson(recipe) }, arrays: {} },
    parts: [model.save()],
  };
  return Buffer.from(encode(saved));
}

/** @throws MlError `ml.bad_model` when the bytes are damaged or of another version */
export function tableModelFrom(bytes: Uint8Array): TableModel {
  const saved = decode(bytes);
  if (saved.kind !== KIND || saved.version !== SHAPE)
    throw new MlError('ml.bad_model', `a version of a table is kept as ${saved.kind} ${saved.version}`);
  return { recipe: recipeFrom(saved.values['recipe']), model: loadCalibratedModel(saved.parts[0]) };
}

/** A kept version of a table. */
export interface KeptTable {
  version: number;
  card: TableCard;
  /** Absent when it was kept in a form that this Bellwether does not read. */
  learned: TableModel | undefined;
}

/** The name under which the versions of a table are kept. */
export const scenarioOfTable = (id: string): string => `table:${id}`;

/** The version of that number, or the one in use; nothing where there is none. */
export async function keptTable(
  records: Records,
  id: string,
  version?: number,
): Promise<KeptTable | undefined> {
  const kept = await keptVersion(records, scenarioOfTable(id), version);
  if (kept === undefined) return undefined;
  const { card } = kept;
  if (card.kind !== 'table')
    throw new AppError('scenario.bad_version', `version ${kept.version} of ${card.scenario} is of no table`);
  return { version: kept.version, card, learned: readable(() => tableModelFrom(kept.model)) };
}
