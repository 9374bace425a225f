import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { exceptionOf } from './exception.ts';
import { headers, type Counts } from './headers.ts';
import type { FrontRequest } from './request.ts';

/** Milliseconds that a reader may stand still before it is taken for gone: it holds a slot. */
const STALL = 120_000;

/** An answer that leaves as it comes. */
export class FlowingAnswer {
  readonly #response: ServerResponse;
  readonly #out: Writable;
  readonly #tag = randomBytes(8).toString('hex');

  constructor(
    response: ServerResponse,
    request: FrontRequest,
    format: string,
    counts: Counts,
    started: bigint,
  ) {
    this.#response = response;
    response.writeHead(200, {
      ...headers(request, format, counts, started),
      'X-ClickHouse-Exception-Tag': this.#tag,
      ...(request.gzip ? { 'Content-Encoding': 'gzip' } : {}),
    });
    if (request.gzip) {
      const pack = createGzip({ level: 1 });
      pack.pipe(response);
      this.#out = pack;
    } else this.#out = response;
  }

  /** Writes a piece, as fast as it is read. */
  async write(bytes: Buffer): Promise<void> {
    if (this.#out.write(bytes)) return;
    const end = new AbortController();
    const leave = (): void => end.abort();
    const stalled = setTimeout(() => this.#response.destroy(), STALL);
    this.#response.once('close', leave);
    try {
      if (!this.#response.destroyed) await once(this.#out, 'drain', { signal: end.signal });
    } catch {
      // the reader has gone: the request's signal ends the query
    } finally {
      clearTimeout(stalled);
      this.#response.off('close', leave);
    }
  }

  end(): void {
    this.#out.end();
  }

  /** Tells of a failure behind the rows that have left, as ClickHouse does; its official clients look for this. */
  fail(error: unknown): void {
    const text = `${exceptionOf(error).message}\n`;
    this.#out.end(
      `\r\n__exception__\r\n${this.#tag}\r\n${text}${Buffer.byteLength(text)} ${this.#tag}\r\n__exception__\r\n`,
    );
  }
}
