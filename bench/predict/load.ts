// Asks a server about one customer after another over kept connections, in a process of its own. Its plan comes as a message.
import { Agent, request } from 'node:http';

export interface LoadPlan {
  url: string;
  key: string;
  /** What is asked, one after another. */
  bodies: readonly string[];
  /** Requests under way at once. */
  concurrency: number;
  requests: number;
}

export interface LoadResult {
  /** Milliseconds. */
  p50: number;
  p99: number;
  rate: number;
  failed: number;
}

async function load({ url, key, bodies, concurrency, requests }: LoadPlan): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  const times: number[] = [];
  let [next, failed] = [0, 0];
  const ask = (body: string): Promise<void> =>
    new Promise(done => {
      const began = performance.now();
      const call = request(url, { method: 'POST', agent, headers }, response => {
        if (response.statusCode !== 200) failed++;
        response.resume().on('end', () => {
          times.push(performance.now() - began);
          done();
        });
      });
      call.on('error', () => {
        failed++;
        done();
      });
      call.end(body);
    });
  const worker = async (): Promise<void> => {
    while (next < requests) await ask(bodies[next++ % bodies.length] ?? '');
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  return { p50: at(0.5), p99: at(0.99), rate: times.length / seconds, failed };
}

process.on('message', plan => {
  // sent by bench/predict.ts and by nothing else
  void load(plan as LoadPlan).then(result => process.send?.(result));
});
