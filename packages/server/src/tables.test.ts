import { api, type TablePage } from '@bellwether/contracts';
import type { Client } from '@bellwether/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve, type Served } from './fixtures/serve.test-support.ts';
import type { Server } from './server.ts';

let server: Server;
let client: Client;
let served: Served;

beforeAll(async () => {
  served = await serve();
  ({ server, admin: client } = served);
});

afterAll(() => served.close());

/** Who answered a letter: more often the older, and never before they were "closed". */
function answered(rows: number): string {
  const lines = ['age;region;closed_after_days;answered'];
  for (let n = 0; n < rows; n++) {
    const age = 20 + ((n * 37) % 60);
    const yes = (n * 7919) % 100 < age - 10;
    lines.push(`${age};${['north', 'south', 'west'][n % 3]};${yes ? 1 + (n % 9) : ''};${yes ? 'yes' : 'no'}`);
  }
  return `${lines.join('\n')}\n`;
}

test('a file is sent, chosen of, learned from, asked of one row and of a file, and forgotten', async () => {
  const { upload_id } = await client.uploadTable('letters.csv', answered(400));
  const created = await client.call(api.tables.create, { body: { upload_id } });
  expect(created).toMatchObject({ rows: 400, columns: 4, champion: null });
  expect(created.faults[0]?.en).toContain('Choose the column');
  const id = created.id;

  const body = { ...created.choices, target: 'answered', folds: 2 };
  const chosen: TablePage = await client.call(api.tables.choose, { params: { id }, body });
  expect(chosen.leaks.map(({ column, verdict }) => [column, verdict])).toEqual([
    ['closed_after_days', 'leak'],
  ]);
  expect(chosen.faults).toEqual([]);

  const job = await client.call(api.tables.train, { params: { id } });
  expect(await server.installation.jobs.settled(job.id)).toMatchObject({
    ...{ name: 'train_table', subject: id, state: 'done', error: null },
    result: { version: 1, state: 'champion' },
  });
  const [summary] = await client.call(api.tables.list);
  expect(summary).toMatchObject({ id, champion: 1, target: 'answered' });

  const features = { age: 75, region: 'atlantis' };
  const told = await client.call(api.tables.predict, { params: { id }, body: { features } });
  expect(told).toMatchObject({ scenario: `table:${id}`, version: 1 });
  expect(told.probability.value).toBeGreaterThan(0.4);
  expect(told.notes[0]?.en).toContain('“atlantis”');

  const more = await client.uploadTable('more.csv', answered(50));
  const check = await client.call(api.tables.check, {
    ...{ params: { id }, body: { upload_id: more.upload_id } },
  });
  expect(check).toMatchObject({ file_name: 'more.csv', ready: true });
  const answer = await client.request('GET', `/v1/tables/${id}/predictions/${more.upload_id}`);
  expect(answer.headers.get('content-type')).toContain('text/csv');
  expect(answer.headers.get('content-disposition')).toContain('more-predicted.csv');
  const lines = (await answer.text()).trimEnd().split('\r\n');
  expect(lines).toHaveLength(51);
  expect(lines[0]).toBe('age,region,closed_after_days,answered,probability,low,high,chosen,reasons');

  await client.call(api.tables.remove, { params: { id } });
  await expect(client.call(api.tables.page, { params: { id } })).rejects.toMatchObject({
    ...{ code: 'table.unknown', details: { status: 404 } },
  });
  expect(await client.call(api.tables.list)).toEqual([]);
}, 120_000);

test('what cannot be is said in a sentence, with its status', async () => {
  const { upload_id } = await client.uploadTable('few.csv', answered(30));
  const choices = { target: 'answered' };
  const { id, faults } = await client.call(api.tables.create, { body: { upload_id, choices } });
  expect(faults[0]?.en).toContain('30 rows with an answer');
  const job = await client.call(api.tables.train, { params: { id } });
  expect(await server.installation.jobs.settled(job.id)).toMatchObject({ state: 'failed' });
  const predicted = client.call(api.tables.predict, { params: { id }, body: { features: { age: 3 } } });
  await expect(predicted).rejects.toMatchObject({ code: 'scenario.no_champion', details: { status: 409 } });
  const stray = client.call(api.tables.create, { body: { upload_id, choices: { target: 'colour' } } });
  await expect(stray).rejects.toMatchObject({ code: 'table.column_missing', details: { status: 422 } });
});
