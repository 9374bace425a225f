import { AppError } from '@bellwether/contracts';
import { randomBytes } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A file that was sent, waiting to be imported or forgotten. */
export interface Upload {
  id: string;
  fileName: string;
  path: string;
}

/**
 * Files that people send, in a folder of their own each: `uploads/ID/content` and the name it had. A file stays as long
 * as its import may be resumed.
 */
export class Uploads {
  readonly #folder: string;
  readonly #limit: number;

  constructor(folder: string, limit: number) {
    this.#folder = folder;
    this.#limit = limit;
  }

  /**
   * Streams a body to the disk.
   *
   * @throws AppError `upload.too_large` past the limit; nothing of it is kept then
   */
  async receive(name: string, body: Readable): Promise<Upload> {
    const id = `upl_${randomBytes(9).toString('hex')}`;
    const folder = join(this.#folder, id);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const fileName = basename(name.replaceAll('\\', '/')) || 'file';
    const path = join(folder, 'content');
    try {
      await pipeline(body, atMost(this.#limit), createWriteStream(path, { mode: 0o600, flush: true }));
      await writeFile(join(folder, 'name'), fileName, { flush: true });
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    return { id, fileName, path };
  }

  /** @throws AppError `upload.unknown` */
  async find(id: string): Promise<Upload> {
    const folder = join(this.#folder, id);
    // an id of ours has no path in it
    if (!/^upl_[0-9a-f]{18}$/.test(id) || !existsSync(join(folder, 'name')))
      throw new AppError('upload.unknown', `there is no uploaded file ${id}; it may have been discarded`);
    return { id, fileName: await readFile(join(folder, 'name'), 'utf8'), path: join(folder, 'content') };
  }

  async forget(id: string): Promise<void> {
    await this.find(id);
    await rm(join(this.#folder, id), { recursive: true, force: true });
  }
}

function atMost(limit: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes <= limit) return done(null, chunk);
      done(
        new AppError(
          'upload.too_large',
          `the file has more than ${limit} bytes, which is the limit of uploadBytes`,
        ),
      );
    },
  });
}
