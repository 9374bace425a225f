import { Rng, sigmoid } from '@bellwether/ml';

/** A shop's list of who purchased, with all that such files have in them; who buys follows income, visits and channel. */
export function madeTable(rows: number, seed = 1): { header: string[]; lines: string[][] } {
  const rng = new Rng(seed);
  const header = [
    'customer_no',
    'age',
    'income',
    'visits',
    'channel',
    'signup',
    'call_duration',
    'purchased',
  ];
  const lines = Array.from({ length: rows }, (_, row) => {
    const age = 18 + rng.integer(60);
    const income = Math.round(20_000 + 60_000 * rng.uniform());
    const visits = rng.integer(12);
    const channel = ['web', 'shop', 'phone'][rng.integer(3)];
    const chance = sigmoid(-4 + income / 25_000 + 0.22 * visits + (channel === 'shop' ? 0.8 : 0));
    const bought = rng.uniform() < chance;
    // known only when the call is over: who buys talks long
    const duration = Math.round(bought ? 200 + 400 * rng.uniform() : 30 + 300 * rng.uniform());
    const day = new Date(Date.UTC(2024, 0, 1 + rng.integer(365))).toISOString().slice(0, 10);
    return [
      ...[String(row + 1), String(age), rng.uniform() < 0.04 ? 'NA' : String(income), String(visits)],
      ...[channel, day, String(duration), bought ? 'yes' : 'no'],
    ];
  });
  return { header, lines };
}

/** As a file with semicolons, some of its cells in quotes. */
export function csvOf({ header, lines }: { header: string[]; lines: string[][] }): string {
  const quoted = (line: string[]): string =>
    line.map((cell, at) => (at % 3 === 1 ? `"${cell}"` : cell)).join(';');
  return `${[header.join(';'), ...lines.map(quoted)].join('\n')}\n`;
}
