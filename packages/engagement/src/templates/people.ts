import { normaliseAddress } from '@bellwether/privacy';
import { sqlBeside, type Warehouse } from '@bellwether/warehouse';

const PEOPLE = sqlBeside(import.meta.url, 'people.sql');

/** What a message may say of a person, and where it goes. */
export interface Person {
  id: string;
  email: string;
  name: string;
  country: string;
  city: string;
  language: string;
  /** IANA name, or empty. */
  timezone: string;
  orders: number;
  /** Probability of the scenario asked for, or nothing where there is no score. */
  score: number | null;
}

/** People by the id that was asked for; nobody behind an id, no entry. */
export async function peopleOf(
  warehouse: Warehouse,
  ids: readonly string[],
  scenario = '',
): Promise<Map<string, Person>> {
  if (ids.length === 0) return new Map();
  const rows = await warehouse.query<Person>(PEOPLE, { ids, scenario });
  return new Map(rows.map(row => [row.id, { ...row, email: normaliseAddress('email', row.email) ?? '' }]));
}
