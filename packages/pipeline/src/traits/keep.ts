import { AppError, TraitDefinition, type Trait } from '@bellwether/contracts';
import type { Stores } from '../stores.ts';
import type { Definitions } from './compile.ts';
import { DEFAULT_TRAITS } from './defaults.ts';
import { definitionNamed, traitCounts } from './read.ts';

/** Every declaration: those that come with Bellwether, then those that people made, by name. */
export async function traitDefinitions({ records }: Pick<Stores, 'records'>): Promise<Definitions> {
  const rows = await records.selectFrom('traits').select(['name', 'definition']).orderBy('name').execute();
  return { ...DEFAULT_TRAITS, ...Object.fromEntries(rows.map(row => [row.name, row.definition])) };
}

/** Every trait, with how many customers have a value of it. */
export async function listTraits(stores: Stores): Promise<Trait[]> {
  const [definitions, computed, made] = await Promise.all([
    traitDefinitions(stores),
    traitCounts(stores.warehouse),
    stores.records.selectFrom('traits').select(['name', 'created_at']).execute(),
  ]);
  const madeAt = new Map(made.map(row => [row.name, row.created_at.toISOString()]));
  return Object.entries(definitions).map(([name, definition]) => ({
    ...{ name, definition, built_in: !madeAt.has(name), created_at: madeAt.get(name) ?? null },
    customers: computed === undefined ? null : (computed.counts.get(name) ?? 0),
    computed_at: computed?.computed_at ?? null,
  }));
}

/** @throws AppError `trait.unknown` */
export async function getTrait(stores: Stores, name: string): Promise<Trait> {
  const all = await listTraits(stores);
  definitionNamed(Object.fromEntries(all.map(each => [each.name, each.definition])), name);
  return all.filter(each => each.name === name)[0];
}

/**
 * Keeps a declaration under a name, in place of an earlier one of a person's.
 *
 * @throws AppError `trait.built_in` when the name is one that comes with Bellwether
 */
export async function saveTrait(stores: Stores, name: string, definition: TraitDefinition): Promise<void> {
  refuseBuiltIn(name);
  const row = {
    definition: JSON.stringify(TraitDefinition.parse(definition)),
    created_at: new Date(stores.clock.now()),
  };
  await stores.records
    .insertInto('traits')
    .values({ name, ...row })
    .onConflict(conflict => conflict.column('name').doUpdateSet(row))
    .execute();
}

/** @throws AppError `trait.built_in`, `trait.unknown` */
export async function deleteTrait(stores: Stores, name: string): Promise<void> {
  refuseBuiltIn(name);
  definitionNamed(await traitDefinitions(stores), name);
  await stores.records.deleteFrom('traits').where('name', '=', name).execute();
}

function refuseBuiltIn(name: string): void {
  if (Object.hasOwn(DEFAULT_TRAITS, name))
    throw new AppError(
      'trait.built_in',
      `"${name}" comes with Bellwether and is used by tags: declare yours under another name`,
    );
}
