import { AppError, type ModelCard, type ModelVersion } from '@bellwether/contracts';
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
import {
  sql,
  type Records,
  type Selectable,
  type ModelVersionsTable,
  type Transaction,
  type Database,
} from '@bellwether/records';

/** What scoring needs of a version: read back from its bytes. */
export interface Learned {
  model: CalibratedModel;
  /** How each feature, and the probability, was spread over those on whom the version was tested. */
  spreads: ReadonlyMap<string, Spread>;
  scoreSpread: Spread;
}

/** A model with how its features and its word were spread over these subjects. */
export function learnedOf(model: CalibratedModel, { names, columns, rows }: Table): Learned {
  return {
    model,
    spreads: new Map(names.map((name, j) => [name, spreadOf(columns[j])])),
    scoreSpread: spreadOf(Float32Array.from(model.predict({ names, columns, rows }))),
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

/** Every version of a scenario, the newest first. */
export async function modelVersions(records: Records, scenario: string): Promise<ModelVersion[]> {
  const rows = await records
    .selectFrom('model_versions')
    .select(['scenario', 'version', 'state', 'why', 'card', 'created_at', 'promoted_at'])
    .where('scenario', '=', scenario)
    .orderBy('version', 'desc')
    .execute();
  return rows.map(asVersion);
}

type Row = Omit<Selectable<ModelVersionsTable>, 'model'>;

function asVersion({ created_at, promoted_at, ...row }: Row): ModelVersion {
  return {
    ...row,
    created_at: created_at.toISOString(),
    promoted_at: promoted_at?.toISOString() ?? null,
  };
}

export interface Champion {
  version: number;
  card: ModelCard;
  /** Absent when it was kept in a form that this Bellwether does not read: it can only be replaced. */
  learned: Learned | undefined;
}

/** The version in use, or nothing when none was promoted yet. */
export async function championOf(records: Records, scenario: string): Promise<Champion | undefined> {
  const row = await records
    .selectFrom('model_versions')
    .select(['version', 'card', 'model'])
    .where('scenario', '=', scenario)
    .where('state', '=', 'champion')
    .executeTakeFirst();
  return row && { version: row.version, card: row.card, learned: readable(row.model) };
}

function readable(bytes: Uint8Array): Learned | undefined {
  try {
    return learnedFrom(bytes);
  } catch (error) {
    if (error instanceof MlError && error.code === 'ml.bad_model') return undefined;
    throw error;
  }
}

/** What becomes of a version that was just made, and why. */
export interface Verdict {
  promote: boolean;
  why: string;
}

export interface NewVersion {
  card: ModelCard;
  model: Buffer;
  at: Date;
  /** Who was champion when the verdict was reached: if that has changed meanwhile, the new version stays a challenger. */
  champion: number | undefined;
  verdict: Verdict;
}

/** Keeps a version under the next number. One at a time for each scenario: two trainings cannot take one number. */
export async function keepVersion(records: Records, fresh: NewVersion): Promise<ModelVersion> {
  const { scenario } = fresh.card;
  return records.transaction().execute(async transaction => {
    await lockScenario(transaction, scenario);
    const existing = await modelVersions(transaction, scenario);
    const version = (existing[0]?.version ?? 0) + 1;
    const { promote, why } = verdictNow(fresh, existing);
    if (promote) await retireChampion(transaction, scenario);
    const row = {
      scenario,
      version,
      state: promote ? ('champion' as const) : ('challenger' as const),
      why,
      card: JSON.stringify(fresh.card),
      model: fresh.model,
      created_at: fresh.at,
      promoted_at: promote ? fresh.at : null,
    };
    await transaction.insertInto('model_versions').values(row).execute();
    return asVersion({ ...row, card: fresh.card });
  });
}

function verdictNow({ verdict, champion }: NewVersion, existing: readonly ModelVersion[]): Verdict {
  const current = existing.find(version => version.state === 'champion')?.version;
  if (!verdict.promote || current === champion) return verdict;
  return {
    promote: false,
    why: `${verdict.why} Version ${current} became champion meanwhile; compare again.`,
  };
}

/**
 * Makes a version the champion; the one before is retired. Also the way back to an earlier one.
 *
 * @throws AppError `scenario.no_version`
 */
export async function promoteVersion(
  records: Records,
  scenario: string,
  version: number,
  why: string,
  at: Date,
): Promise<ModelVersion> {
  return records.transaction().execute(async transaction => {
    await lockScenario(transaction, scenario);
    const existing = await modelVersions(transaction, scenario);
    const chosen = existing.find(one => one.version === version);
    if (chosen === undefined)
      throw new AppError(
        'scenario.no_version',
        `${scenario} has no version ${version}; it has ${existing.length} versions`,
      );
    if (chosen.state === 'champion') return chosen;
    await retireChampion(transaction, scenario);
    await transaction
      .updateTable('model_versions')
      .set({ state: 'champion', why, promoted_at: at })
      .where('scenario', '=', scenario)
      .where('version', '=', version)
      .execute();
    return { ...chosen, state: 'champion', why, promoted_at: at.toISOString() };
  });
}

async function retireChampion(records: Records, scenario: string): Promise<void> {
  await records
    .updateTable('model_versions')
    .set({ state: 'retired' })
    .where('scenario', '=', scenario)
    .where('state', '=', 'champion')
    .execute();
}

/** Until the transaction ends. */
async function lockScenario(transaction: Transaction<Database>, scenario: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('model_versions'), hashtext(${scenario}))`.execute(
    transaction,
  );
}
