import { createWriteStream, type WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { randomUUID } from 'node:crypto';
import { HttpException } from './exception.ts';
import { headerOf } from './request.ts';

/** A request's body, unpacked: in memory when small, else in a file. */
export interface Body {
  size: number;
  /** All of it, unless it lies in a file. */
  bytes: Buffer;
  file: string | undefined;
  /** Gives its memory and its file back. */
  release(): Promise<void>;
}

export interface SpoolLimits {
  folder: string;
  /** Bytes of one body kept in memory; a longer one goes to a file. */
  inMemory: number;
  /** Bytes of all bodies kept in memory at one time; above it each goes to a file at once. */
  allInMemory: number;
  /** Bytes of one body, unpacked. */
  largest: number;
}

const UNPACK: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Takes bodies of requests in, within bounds of memory. */
export class Spool {
  readonly #limits: SpoolLimits;
  #held = 0;

  constructor(limits: SpoolLimits) {
    this.#limits = limits;
  }

  /** Bytes of bodies in memory now. */
  get held(): number {
    return this.#held;
  }

  /** @param inMemoryOnly for a statement, which must be in memory as a whole */
  async take(request: IncomingMessage, inMemoryOnly: boolean): Promise<Body> {
    const chunks: Buffer[] = [];
    let size = 0;
    let held = 0;
    let file: WriteStream | undefined;
    const release = async (): Promise<void> => {
      this.#held -= held;
      held = 0;
      file?.destroy();
      if (file !== undefined) await rm(file.path, { force: true });
    };
    try {
      for await (const chunk of unpacked(request) as AsyncIterable<Buffer>) {
        size += chunk.length;
        this.#refuse(size, inMemoryOnly);
        if (file === undefined && !inMemoryOnly && this.#mustSpill(size, chunk.length)) {
          file = await this.#openFile();
          for (const earlier of chunks.splice(0)) await write(file, earlier);
          this.#held -= held;
          held = 0;
        }
        if (file !== undefined) {
          await write(file, chunk);
          continue;
        }
        chunks.push(chunk);
        held += chunk.length;
        this.#held += chunk.length;
      }
      if (file !== undefined) await finished(file);
    } catch (error) {
      await release();
      throw unreadable(error);
    }
    return { size, bytes: Buffer.concat(chunks), file: file?.path.toString(), release };
  }

  #mustSpill(size: number, more: number): boolean {
    return size > this.#limits.inMemory || this.#held + more > this.#limits.allInMemory;
  }

  #refuse(size: number, inMemoryOnly: boolean): void {
    const largest = inMemoryOnly ? this.#limits.allInMemory : this.#limits.largest;
    if (size <= largest) return;
    const what = `the body is larger than ${largest} bytes${inMemoryOnly ? ': send the statement as the "query" of the URL and its data as the body' : ''}`;
    throw new HttpException(413, 241, what, 'MEMORY_LIMIT_EXCEEDED');
  }

  async #openFile(): Promise<WriteStream> {
    const file = createWriteStream(join(this.#limits.folder, `${randomUUID()}.body`), { mode: 0o600 });
    await once(file, 'open');
    return file;
  }
}

function unpacked(request: IncomingMessage): Readable | NodeJS.ReadWriteStream {
  const packing = headerOf(request, 'content-encoding').toLowerCase();
  if (packing === '' || packing === 'identity') return request;
  const unpack = UNPACK[packing];
  if (unpack === undefined)
    throw new HttpException(
      400,
      48,
      `bodies packed with "${packing}" are not read here; use gzip, deflate or br`,
      'NOT_IMPLEMENTED',
    );
  const stream = unpack();
  request.on('error', error => stream.emit('error', error));
  // a client that goes away in the middle closes the request without an error of its own
  request.on('close', () => {
    if (!request.complete) stream.emit('error', new Error('the request was cut off'));
  });
  return request.pipe(stream);
}

async function write(file: WriteStream, chunk: Buffer): Promise<void> {
  if (!file.write(chunk)) await once(file, 'drain');
}

async function finished(file: WriteStream): Promise<void> {
  file.end();
  await once(file, 'close');
}

function unreadable(error: unknown): HttpException {
  if (error instanceof HttpException) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC')
    return new HttpException(507, 243, 'no space left for the body of a request', 'NOT_ENOUGH_SPACE');
  return new HttpException(400, 23, `the body could not be read: ${message}`, 'CANNOT_READ_FROM_ISTREAM');
}
