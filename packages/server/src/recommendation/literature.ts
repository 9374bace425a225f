import type { Work } from '@bellwether/contracts';
import { evaluateLiterature, literatureOf, type LiteratureResult } from '@bellwether/scenarios';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';

/** What a way of recommending comes to on data of the literature. */
export type Literature = LiteratureResult & { name: string; said: string };

/** Larger files are no data set of the literature that is known here. */
const MOST_BYTES = 64 * 1024 ** 2;

/** The figures on these files, packed or not; nothing where they are of another kind. */
export async function evaluateFiles(
  files: readonly string[],
  work: Work = {},
): Promise<Literature | undefined> {
  const bodies = await Promise.all(files.map(file => readFile(file)));
  if (bodies.some(body => body.length > MOST_BYTES)) return undefined;
  const data = literatureOf(bodies.map(body => (isGzip(body) ? gunzipSync(body) : body).toString('latin1')));
  return data && { name: data.name, said: data.said, ...(await evaluateLiterature(data, work)) };
}

function isGzip(body: Buffer): boolean {
  return body[0] === 0x1f && body[1] === 0x8b;
}
