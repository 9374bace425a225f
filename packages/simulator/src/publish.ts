import { AppError, BATCH_BYTES, type TrackingEvent } from '@bellwether/contracts';

/** How a shop's pages reach Bellwether: the public tracking API, like anybody. */
export interface PublicApi {
  /** `http://127.0.0.1:4600` */
  baseUrl: string;
  writeKey: string;
  /** Batches on the wire at once. */
  connections?: number;
}

/**
 * Sends events through the public tracking API in batches within its limits.
 *
 * @returns how many were sent
 * @throws AppError `simulator.refused` when the API does not answer 200
 */
export async function publish(events: readonly TrackingEvent[], api: PublicApi): Promise<number> {
  const batches = batchesOf(events);
  let next = 0;
  const send = async (): Promise<void> => {
    for (let n = next++; n < batches.length; n = next++) await post(batches[n] ?? '', api);
  };
  await Promise.all(Array.from({ length: api.connections ?? 4 }, send));
  return events.length;
}

/** JSON bodies of at most the limit's bytes, in the order of the events. */
export function batchesOf(events: readonly TrackingEvent[], limit = BATCH_BYTES - 1024): string[] {
  const batches: string[] = [];
  let lines: string[] = [];
  let bytes = 0;
  for (const event of events) {
    const line = JSON.stringify(event);
    const size = Buffer.byteLength(line) + 1;
    if (bytes + size > limit && lines.length > 0) {
      batches.push(bodyOf(lines));
      lines = [];
      bytes = 0;
    }
    lines.push(line);
    bytes += size;
  }
  if (lines.length > 0) batches.push(bodyOf(lines));
  return batches;
}

function bodyOf(lines: readonly string[]): string {
  return `{"batch":[${lines.join(',')}]}`;
}

async function post(body: string, api: PublicApi): Promise<void> {
  const answer = await fetch(new URL('/v1/batch', api.baseUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${api.writeKey}:`)}` },
    body,
  });
  if (answer.ok) return void (await answer.arrayBuffer());
  throw new AppError(
    'simulator.refused',
    `the tracking API answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`,
  );
}
