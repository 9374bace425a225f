import { AppError, type ModelCard, type ModelVersion, type Words } from '@bellwether/contracts';
import {
  sql,
  type Records,
  type Selectable,
  type ModelVersionsTable,
  type Transaction,
  type Database,
} from '@bellwether/records';
import { cardOfToday } from './earlier-cards.ts';

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
    card: cardOfToday(row.card),
    created_at: created_at.toISOString(),
    promoted_at: promoted_at?.toISOString() ?? null,
  };
}

/** A version as it is kept. */
export interface KeptVersion {
  version: number;
  state: ModelVersion['state'];
  card: ModelCard;
  /** What its scenario wrote; the scenario reads it. */
  model: Uint8Array;
}

/** The version of that number, or the one in use; nothing where there is none. */
export async function keptVersion(
  records: Records,
  scenario: string,
  version?: number,
): Promise<KeptVersion | undefined> {
  const found = records
    .selectFrom('model_versions')
    .select(['version', 'state', 'card', 'model'])
    .where('scenario', '=', scenario);
  const which =
    version === undefined ? found.where('state', '=', 'champion') : found.where('version', '=', version);
  const kept = await which.executeTakeFirst();
  return kept && { ...kept, card: cardOfToday(kept.card) };
}

/** What becomes of a version that was just made, and why. */
export interface Verdict {
  promote: boolean;
  why: Words;
}

export interface NewVersion<Card extends ModelCard = ModelCard> {
  card: Card;
  model: Buffer;
  at: Date;
  /** Who was champion when the verdict was reached: if that has changed meanwhile, the new version stays a challenger. */
  champion: number | undefined;
  verdict: Verdict;
}

/** Keeps a version under the next number. One at a time for each scenario: two trainings cannot take one number. */
export async function keepVersion<Card extends ModelCard>(
  records: Records,
  fresh: NewVersion<Card>,
): Promise<ModelVersion & { card: Card }> {
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
      why: JSON.stringify(why),
      card: JSON.stringify(fresh.card),
      model: fresh.model,
      created_at: fresh.at,
      promoted_at: promote ? fresh.at : null,
    };
    await transaction.insertInto('model_versions').values(row).execute();
    return { ...asVersion({ ...row, why, card: fresh.card }), card: fresh.card };
  });
}

function verdictNow({ verdict, champion }: NewVersion, existing: readonly ModelVersion[]): Verdict {
  const current = existing.find(version => version.state === 'champion')?.version;
  if (!verdict.promote || current === champion) return verdict;
  return {
    promote: false,
    why: {
      en: `${verdict.why.en} Version ${current} became champion meanwhile; compare again.`,
      'zh-CN': `${verdict.why['zh-CN']}其间版本 ${current} 已成为在用版本，请重新比较。`,
    },
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
  why: Words,
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
      .set({ state: 'champion', why: JSON.stringify(why), promoted_at: at })
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
