import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { HttpException } from './exception.ts';
import { headerOf } from './request.ts';

/** A request's body, unpacked: a statement in memory, rows in a file. */
export interface Body {
  bytes: Buffer;
  file: string | undefined;
  /** Gives its memory and its file back. */
  release(): Promise<void>;
}

export interface SpoolLimits {
  folder: string;
  /** Bytes of one statement. */
  statement: number;
  /** Bytes of all statements at one time. */
  statements: number;
  /** Bytes of the rows of one insert, unpacked. */
  rows: number;
}

const UNPACK: Readonly<Record<string, () => ReturnType<typeof createGunzip>>> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Takes the bodies of requests in, within bounds of memory. */
export class Spool {
  readonly #limits: SpoolLimits;
  #held = 0;

  constructor(limits: SpoolLimits) {
    this.#limits = limits;
  }

  /** Bytes of statements in memory now. */
  get held(): number {
    return this.#held;
  }

  /** @throws HttpException 413 above a bound, 503 when all statements together are, 400 for one that cannot be unpacked */
  async statement(request: IncomingMessage): Promise<Body> {
    const chunks: Buffer[] = [];
    let size = 0;
    const release = async (): Promise<void> => {
      this.#held -= size;
      size = 0;
    };
    await eachChunk(request, release, async chunk => {
      if (size + chunk.length > this.#limits.statement)
        throw tooLarge(
          this.#limits.statement,
          '; send an insert as "query" in the URL and its rows as the body',
        );
      if (this.#held + chunk.length > this.#limits.statements) throw tooMuch(this.#held);
      size += chunk.length;
      this.#held += chunk.length;
      chunks.push(chunk);
    });
    return { bytes: Buffer.concat(chunks), file: undefined, release };
  }

  /** @throws HttpException 413 above the bound, 507 when the disk is full, 400 for a body that cannot be unpacked */
  async rows(request: IncomingMessage): Promise<Body> {
    const path = this.#path();
    const file = createWriteStream(path, { mode: 0o600 });
    let size = 0;
    const release = async (): Promise<void> => {
      file.destroy();
      await rm(path, { force: true });
    };
    await eachChunk(request, release, async chunk => {
      size += chunk.length;
      if (size > this.#limits.rows) throw tooLarge(this.#limits.rows, '; send it in parts');
      if (!file.write(chunk)) await once(file, 'drain');
    });
    file.end();
    await once(file, 'close');
    return { bytes: Buffer.alloc(0), file: path, release };
  }

  /** Runs `use` with a file of these bytes. */
  async withFile<T>(bytes: Buffer, use: (path: string) => Promise<T>): Promise<T> {
    const path = this.#path();
    try {
      await writeFile(path, bytes, { mode: 0o600 });
      return await use(path);
    } finally {
      await rm(path, { force: true });
    }
  }

  #path(): string {
    return join(this.#limits.folder, `${randomUUID()}.rows`);
  }
}

/** Hands each unpacked chunk over; after a failure releases what was taken. */
async function eachChunk(
  request: IncomingMessage,
  release: () => Promise<void>,
  take: (chunk: Buffer) => Promise<void>,
): Promise<void> {
  try {
    const chunks = unpacked(request).iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    for await (const chunk of chunks) await take(chunk);
  } catch (error) {
    await release();
    throw unreadable(error);
  }
}

function tooLarge(bound: number, better: string): HttpException {
  return new HttpException(413, 241, `the body is over ${bound} bytes${better}`, 'MEMORY_LIMIT_EXCEEDED');
}

function tooMuch(held: number): HttpException {
  const what = `the statements under way hold ${held} bytes; ask again later`;
  return new HttpException(503, 241, what, 'MEMORY_LIMIT_EXCEEDED');
}

function unpacked(request: IncomingMessage): Readable {
  const packing = headerOf(request, 'content-encoding').toLowerCase();
  if (packing === '' || packing === 'identity') return request;
  const unpack = UNPACK[packing];
  if (unpack === undefined) {
    const what = `bodies packed with "${packing}" are not read here; use gzip, deflate or br`;
    throw new HttpException(400, 48, what, 'NOT_IMPLEMENTED');
  }
  const stream = unpack();
  // a client that goes away in the middle would leave the stream waiting
  request.once('close', () => {
    if (!request.complete) stream.destroy(new Error('the request was cut off'));
  });
  return request.pipe(stream);
}

/** Any failure to take a body in, as an answer. */
function unreadable(error: unknown): HttpException {
  if (error instanceof HttpException) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC')
    return new HttpException(507, 243, 'no space is left for the body of a request', 'NOT_ENOUGH_SPACE');
  return new HttpException(400, 23, `the body could not be read: ${message}`, 'CANNOT_READ_FROM_ISTREAM');
}
