// A client in a process of its own: asks over CONNECTIONS connections for SECONDS, tells of EVENTS a second meanwhile, and
// tells its parent how long the answers took.
import { Agent, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';

export interface Asking {
  url: string;
  key: string;
  connections: number;
  seconds: number;
  /** Known customers and products to choose from. */
  customers: number;
  products: number;
  /** Looks and orders told a second. */
  events: number;
}

export interface Asked {
  answers: number;
  seconds: number;
  /** Milliseconds of one answer. */
  p50: number;
  p99: number;
  told: number;
}

process.once('message', asking => {
  // the parent sends nothing else
  void ask(asking as Asking).then(asked => process.send?.(asked, () => process.exit()));
});

async function ask(asking: Asking): Promise<Asked> {
  const { url, connections, seconds } = asking;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const headers = { authorization: `Bearer ${asking.key}` };
  const latencies: number[] = [];
  const started = performance.now();
  const until = started + seconds * 1000;
  const connection = async (_: unknown, number: number): Promise<void> => {
    for (let n = 0; performance.now() < until; n++) {
      const asked = performance.now();
      await call(
        agent,
        'GET',
        `${url}/v1/recommendations?${question(asking, number + n * connections)}`,
        headers,
      );
      latencies.push(performance.now() - asked);
    }
  };
  const telling = tell(asking, until);
  await Promise.all(Array.from({ length: connections }, connection));
  const passed = (performance.now() - started) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(share * latencies.length)] ?? Number.NaN;
  return { answers: latencies.length, seconds: passed, p50: at(0.5), p99: at(0.99), told: await telling };
}

/** Nine of ten are persons who are known; the others look at a product. */
function question({ customers, products }: Asking, n: number): string {
  const customer = `c${(n * 7919) % customers}`;
  return n % 10 === 0 ? `product_id=p${(n * 104_729) % products}&k=10` : `customer_id=${customer}&k=10`;
}

/** A batch every tenth of a second. */
async function tell({ url, key, events, customers, products }: Asking, until: number): Promise<number> {
  const agent = new Agent({ keepAlive: true });
  const headers = { authorization: `Basic ${btoa(`${key}:`)}`, 'content-type': 'application/json' };
  let told = 0;
  while (events > 0 && performance.now() < until) {
    const batch = Array.from({ length: Math.ceil(events / 10) }, () => eventOf(told++, customers, products));
    await call(agent, 'POST', `${url}/v1/batch`, headers, JSON.stringify({ batch }));
    await setTimeout(100);
  }
  return told;
}

function eventOf(n: number, customers: number, products: number): object {
  const product = { product_id: `p${(n * 1_299_709) % products}`, price: 10 };
  const who = {
    type: 'track',
    userId: `c${(n * 7919) % customers}`,
    messageId: `${performance.timeOrigin}-${n}`,
  };
  return n % 10 === 0
    ? { ...who, event: 'Order Completed', properties: { order_id: `o${n}`, products: [product] } }
    : { ...who, event: 'Product Viewed', properties: product };
}

function call(
  agent: Agent,
  method: string,
  url: string,
  headers: Record<string, string>,
  body?: string,
): Promise<void> {
  return new Promise((done, failed) => {
    const sent = request(url, { agent, method, headers }, response => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 200) done();
        else failed(new Error(`the server answered ${response.statusCode}`));
      });
    });
    sent.once('error', failed);
    sent.end(body);
  });
}
