import { DAY, type JourneyResults } from '@bellwether/contracts';
import type { OutcomeRow } from './results.ts';

/**
 * Day by day, the share of those who had entered an arm by then who had bought by then. Days on which nothing happened
 * repeat the one before, so that a line can be drawn through them.
 */
export function sharesByDay(rows: readonly OutcomeRow[]): JourneyResults['by_day'] {
  const days = daysOf(rows);
  const [treated, holdout] = [cumulative(rows, days, 'treated'), cumulative(rows, days, 'holdout')];
  return days.map((day, index) => ({ day, treated: treated[index], holdout: holdout[index] }));
}

function daysOf(rows: readonly OutcomeRow[]): string[] {
  const known = rows.flatMap(row => [row.entered_on, row.bought_on ?? row.entered_on]).sort();
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return [];
  const days: string[] = [];
  for (let at = Date.parse(first); at <= Date.parse(last); at += DAY)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

function cumulative(rows: readonly OutcomeRow[], days: readonly string[], arm: OutcomeRow['arm']): number[] {
  const mine = rows.filter(row => row.arm === arm);
  const entered = countBy(mine, row => row.entered_on);
  const bought = countBy(mine, row => row.bought_on);
  let [inside, buyers] = [0, 0];
  return days.map(day => {
    inside += entered.get(day) ?? 0;
    buyers += bought.get(day) ?? 0;
    return inside === 0 ? 0 : buyers / inside;
  });
}

function countBy(
  rows: readonly OutcomeRow[],
  dayOf: (row: OutcomeRow) => string | null,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const day = dayOf(row);
    if (day !== null) counts.set(day, (counts.get(day) ?? 0) + row.customers);
  }
  return counts;
}
