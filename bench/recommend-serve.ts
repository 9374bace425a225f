import { api } from '@bellwether/contracts';
import { Rng } from '@bellwether/ml';
import { bytesOfRecommendation, type LearnedRecommendation } from '@bellwether/scenarios';
import { createClient } from '@bellwether/sdk';
import { readSettings, startServer, type Server } from '@bellwether/server';
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent, seconds } from './lib/measure.ts';
import type { Asked, Asking } from './recommend-serve/client.ts';

const SIZES = [1000, 10_000, 100_000];
const CUSTOMERS = 20_000;
const LINES = 160_000;
const FACTORS = 64;
const NEAR = 50;
const SECONDS = 6;
const EVENTS = 200;

/**
 * A real server over HTTP with products of 64 factors, 50 neighbours and 50 followers each and the re-ranker over them: what
 * a version holds, made up, for the cost does not depend on what was learned. 20,000 customers bought 8 products each.
 * The client is a process of its own; while it asks, it tells 200 looks and orders a second of the same customers.
 */
export const bench: Bench = {
  title: 'recommend-serve: GET /v1/recommendations?k=10 while 200 events/s arrive',
  async run(report) {
    const points: [size: number, cost: number][] = [];
    for (const products of SIZES)
      await withServer(products, async (server, first) => {
        report({
          work: `${products} products: first answer, reading the stores`,
          ours: first,
          unit: 's',
          quality: memory(),
        });
        const connections = products === SIZES.at(-1) ? [1, 4, 16, 64] : [4];
        for (const many of connections) {
          const asked = await ask(server, { connections: many, products });
          if (many === 4) points.push([products, asked.p50]);
          told(report, products, many, asked);
        }
      });
    report({
      work: 'growth of p50 with products, 4 connections',
      ours: growthExponent(points),
      unit: 'exponent',
    });
  },
};

function told(
  report: Report,
  products: number,
  connections: number,
  { answers, seconds: passed, p50, p99, told: events }: Asked,
): void {
  const work = `${products} products, ${connections} connections`;
  report({ work: `${work}, p50`, ours: p50, unit: 'ms', quality: `${events} events told meanwhile` });
  report({ work: `${work}, p99`, ours: p99, unit: 'ms' });
  report({ work, ours: answers / passed, unit: 'answers/s' });
}

function memory(): string {
  const { rss } = process.memoryUsage();
  return `${Math.round(rss / 1024 ** 2)} MB in the server's process`;
}

async function withServer(
  products: number,
  use: (server: Server, first: number) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-bench-recommend-'));
  const perMinute = { callsPerMinute: 10_000_000, trackingPerMinute: 10_000_000 };
  const options = { data: folder, port: 0, logLevel: 'warn', ...perMinute };
  const server = await startServer(readSettings({ env: {}, options }).settings, { worker: false });
  try {
    await fill(server, products);
    const client = createClient({ baseUrl: server.url, key: server.installation.secrets.admin_key });
    const first = await seconds(() =>
      client.call(api.recommendation.recommend, { query: { customer_id: 'c1' } }),
    );
    await ask(server, { connections: 4, products, seconds: 2 });
    await use(server, first);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function ask(
  { url, installation }: Server,
  asking: Pick<Asking, 'connections' | 'products'> & { seconds?: number },
): Promise<Asked> {
  const child = fork(join(import.meta.dirname, 'recommend-serve/client.ts'));
  const all: Asking = {
    url,
    key: installation.secrets.admin_key,
    customers: CUSTOMERS,
    events: EVENTS,
    seconds: SECONDS,
    ...asking,
  };
  return new Promise((done, failed) => {
    child.once('message', asked => done(asked as Asked)); // the child sends nothing else
    child.once('error', failed);
    child.once('exit', code => code !== 0 && failed(new Error(`the client ended with ${code}`)));
    child.send(all);
  });
}

const PRODUCTS = `
INSERT INTO products (product_id, at, received_at, source, title, category, price, stock)
SELECT concat('p', toString(number)), now() - 86400, now() - 86400, 'bench',
    concat('Thing ', toString(number % 977), ' of ', toString(number % 89)), concat('c', toString(number % 50)), 5 + number % 60, 10
FROM numbers({products:UInt64})`;

/** A few products of each customer; common ones come oftener. */
const SALES = `
INSERT INTO prepared_order_lines (line_key, order_id, customer_id, known, product_id, quantity, unit_price, amount, currency, at, received_at, kind, reason)
SELECT toString(number), toString(number), concat('c', toString(number % {customers:UInt64})), true,
    concat('p', toString(toUInt64({products:UInt64} * pow(rand(1) / 4294967296, 2)))), 1, 9, 9, 'EUR',
    now() - 86400 * (1 + number % 90) AS at, at AS received_at, 'sale', ''
FROM numbers({lines:UInt64})`;

async function fill({ installation: { stores } }: Server, products: number): Promise<void> {
  await stores.warehouse.command(PRODUCTS, { products });
  await stores.warehouse.command(SALES, { products, customers: CUSTOMERS, lines: LINES });
  const row = {
    ...{
      scenario: 'recommendation',
      version: 1,
      state: 'champion' as const,
      why: '{"en":"","zh-CN":""}',
      card: '{}',
    },
    ...{ model: bytesOfRecommendation(made(products)), created_at: new Date(), promoted_at: new Date() },
  };
  await stores.records.insertInto('model_versions').values(row).execute();
}

/** A version of that size; vectors of unequal length, as learning gives them. */
function made(count: number): LearnedRecommendation {
  const rng = new Rng(1);
  const vectors = new Float32Array(count * FACTORS);
  for (let item = 0; item < count; item++) {
    const length = 0.3 / Math.sqrt(1 + (20 * item) / count);
    for (let j = 0; j < FACTORS; j++) vectors[item * FACTORS + j] = length * rng.normal();
  }
  const weights = (rows: number): NonNullable<LearnedRecommendation['neighbours']>['weights'] => ({
    ...{ rows, width: count, offsets: Uint32Array.from({ length: rows + 1 }, (_, row) => row * NEAR) },
    indices: Uint32Array.from({ length: rows * NEAR }, () => rng.integer(count)),
    values: Float32Array.from({ length: rows * NEAR }, () => rng.uniform()),
  });
  return {
    products: Array.from({ length: count }, (_, n) => `p${n}`),
    method: 're-ranker',
    factors: { factors: FACTORS, vectors, alpha: 4, l2: 2, scaling: 0.5 },
    neighbours: { source: 'item-knn', weights: weights(count) },
    sequence: { weights: weights(2 * count), halfLife: 3, memory: 30 },
    ranker: { weights: new Float64Array(13).fill(0.1), deviations: new Float64Array(13).fill(1) },
  };
}
