import { api, AppError, TraitDefinition, type Trait } from '@bellwether/contracts';
import { readFile } from 'node:fs/promises';
import { withServer } from '../connect.ts';
import type { Context } from '../context.ts';
import { followJob } from '../jobs.ts';
import { table } from '../output.ts';

/** Every trait, with how it is computed and how many customers have a value. */
export async function traitsCommand(context: Context): Promise<void> {
  await withServer(context, async client => {
    const traits = await client.call(api.profile.traits);
    const rows = traits.map(({ name, definition, customers }) => [
      name,
      definition.words.en,
      ruleOf(definition),
      customers === null ? 'not computed' : String(customers),
    ]);
    context.output.tell('traits', { traits }, ...table([['trait', 'what', 'how', 'customers'], ...rows]));
  });
}

/** Keeps the declaration in a JSON file under a name and computes its values. */
export async function saveTraitCommand(context: Context, name: string, file: string): Promise<void> {
  const body = definitionOf(await readFile(file, 'utf8'), file);
  await withServer(context, async client => {
    const trait = await client.call(api.profile.saveTrait, { params: { name }, body });
    await followJob(context, client, await client.call(api.profile.computeTraits), 'traits');
    const { customers } = await client.call(api.profile.trait, { params: { name } });
    const line = `${name}: ${customers ?? 0} customers have a value`;
    context.output.tell('trait', { ...trait, customers }, line);
  });
}

export async function removeTraitCommand(context: Context, name: string): Promise<void> {
  await withServer(context, async client => {
    await client.call(api.profile.deleteTrait, { params: { name } });
    context.output.tell('removed', { name }, `${name} is taken away`);
  });
}

function definitionOf(text: string, file: string): TraitDefinition {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new AppError('cli.usage', `${file} is not JSON`);
  }
  const parsed = TraitDefinition.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError(
    'cli.usage',
    `${file}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is no declaration'}`,
  );
}

function ruleOf({ measure, field, from, event, days }: Trait['definition']): string {
  const window = days === undefined ? '' : `, ${days} days`;
  return `${measure}${field === undefined ? '' : ` of ${field}`} over ${event ?? from}${window}`;
}
