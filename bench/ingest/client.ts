// A client in a process of its own: sends batches over CONNECTIONS connections for SECONDS, or until EVENTS are taken,
// and tells its parent what was acknowledged and how long the answers took.
import { Agent, request } from 'node:http';

export interface Sending {
  url: string;
  batch: number;
  connections: number;
  seconds?: number;
  events?: number;
}

export interface Sent {
  acknowledged: number;
  seconds: number;
  /** Milliseconds of one request. */
  p50: number;
  p99: number;
}

process.once('message', sending => {
  // the parent sends nothing else
  void send(sending as Sending).then(sent => process.send?.(sent, () => process.exit()));
});

async function send(sending: Sending): Promise<Sent> {
  const agent = new Agent({ keepAlive: true, maxSockets: sending.connections });
  const { batch, events = Infinity } = sending;
  const started = performance.now();
  const until = started + (sending.seconds ?? Infinity) * 1000;
  const latencies: number[] = [];
  let begun = 0;
  const connection = async (): Promise<void> => {
    while (performance.now() < until && begun < events) {
      const first = begun;
      begun += batch;
      const asked = performance.now();
      await post(agent, `${sending.url}/v1/batch`, bodyOf(first, batch));
      latencies.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: sending.connections }, connection));
  const seconds = (performance.now() - started) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(share * latencies.length)] ?? Number.NaN;
  return { acknowledged: latencies.length * batch, seconds, p50: at(0.5), p99: at(0.99) };
}

const RUN = Math.floor(performance.timeOrigin).toString(36);

/** About 430 bytes an event, each with an id of its own. */
function bodyOf(first: number, batch: number): string {
  const now = new Date().toISOString();
  let events = '';
  for (let n = first; n < first + batch; n++) {
    events +=
      `${n === first ? '' : ','}{"type":"track","messageId":"node-next-${RUN}-${String(n).padStart(12, '0')}",` +
      `"userId":"user-${n % 50_000}","event":"Product Viewed","timestamp":"${now}",` +
      `"properties":{"product_id":"sku-${n % 3000}","name":"Ceramic teapot, 0.8 l","category":"Kitchen","price":${n % 90}.5,"currency":"EUR","quantity":1},` +
      `"context":{"library":{"name":"@segment/analytics-node","version":"2.1.0"},"locale":"en-GB","userAgent":"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}}`;
  }
  return `{"batch":[${events}],"sentAt":"${now}"}`;
}

function post(agent: Agent, url: string, body: string): Promise<void> {
  return new Promise((done, failed) => {
    const sent = request(
      url,
      { agent, method: 'POST', headers: { 'content-type': 'application/json' } },
      response => {
        response.resume();
        response.once('end', () => {
          if (response.statusCode === 200) done();
          else failed(new Error(`the server answered ${response.statusCode}`));
        });
      },
    );
    sent.once('error', failed);
    sent.end(body);
  });
}
