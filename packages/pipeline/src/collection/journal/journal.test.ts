import { AppError } from '@bellwether/contracts';
import fc from 'fast-check';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFile, type Appendable } from './disk.ts';
import { encodeFrame, entryOf, readFrame, sectionOf, type Entry } from './frames.ts';
import { openJournal, type Journal, type JournalOptions } from './journal.ts';
import { MAGIC, segmentPath, type Position } from './segments.ts';

let root = '';
beforeAll(() => void (root = mkdtempSync(join(tmpdir(), 'bellwether-journal-'))));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const freshFolder = (): string => mkdtempSync(join(root, 'j-'));

const START: Position = { segment: 0, offset: MAGIC.length };
const entry = (id: string): Entry => entryOf({ events: sectionOf([`{"event_id":"${id}"}\n`]) });
const open = (folder: string, more: Partial<JournalOptions> = {}): Promise<Journal> =>
  openJournal({ folder, from: START, ...more });

/** The ids of every event that waits, in order. */
async function idsIn(journal: Journal, from = START): Promise<string[]> {
  const ids: string[] = [];
  let place = journal.waitingAt(from);
  while (place !== undefined) {
    const frames = await journal.read(place, { bytes: 1 });
    for (const frame of frames) {
      for (const [, id] of frame.lines.events.toString().matchAll(/"event_id":"([^"]+)"/g))
        ids.push(id ?? '');
    }
    const bytes = frames.reduce((sum, frame) => sum + frame.bytes, 0);
    place = journal.waitingAt({ segment: place.segment, offset: place.offset + bytes });
  }
  return ids;
}

test('property: a frame is read back as it was written, and no changed byte passes', () => {
  const line = fc.string({ unit: 'binary', maxLength: 40 }).map(text => `${JSON.stringify(text)}\n`);
  const section = fc.array(line, { maxLength: 4 }).map(sectionOf);
  const entries = fc.array(fc.record({ events: section, quarantine: section, quarantine_replays: section }), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(entries, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, place, flip) => {
      const bytes = encodeFrame(written);
      const lines = Buffer.concat(written.map(each => each.events.lines)).toString();
      const frame = readFrame(bytes, 0);
      // a frame without lines says nothing, and looks like a stretch of zeros: it is not read
      const isEmpty = written.every(each => Object.values(each).every(({ rows }) => rows === 0));
      expect(frame?.lines.events.toString()).toBe(isEmpty ? undefined : lines);
      const at = place % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ flip;
      expect(readFrame(bytes, 0)).toBeUndefined();
    }),
  );
});

test('what was appended is there after closing and opening, in order, over several segments', async () => {
  const folder = freshFolder();
  const journal = await open(folder, { segmentBytes: 200 });
  const ids = Array.from({ length: 20 }, (_, n) => `e${n}`);
  for (const id of ids) await journal.append(entry(id));
  await journal.close();
  expect(readdirSync(folder).length).toBeGreaterThan(3);
  const again = await open(folder);
  expect(await idsIn(again)).toEqual(ids);
  expect(again.waiting().events).toBe(20);
  await again.close();
});

test('appends that wait for the same fdatasync share it', async () => {
  let syncs = 0;
  const journal = await open(freshFolder(), {
    createFile: async path => {
      const file = await createFile(path);
      return {
        ...file,
        sync: () => {
          syncs += 1;
          return file.sync();
        },
      };
    },
  });
  await Promise.all(Array.from({ length: 500 }, (_, n) => journal.append(entry(`e${n}`))));
  expect(syncs).toBeLessThan(5);
  expect(await idsIn(journal)).toHaveLength(500);
  await journal.close();
});

test('a crash may tear the last segment at any byte: every whole frame before it stays, and nothing else', async () => {
  const folder = freshFolder();
  const journal = await open(folder);
  const ends: number[] = [];
  for (let n = 0; n < 4; n++) {
    await journal.append(entry(`e${n}`));
    ends.push(journal.end().offset);
  }
  await journal.close();
  const whole = readFileSync(segmentPath(folder, 1));
  const tails = [Buffer.alloc(0), Buffer.alloc(9), Buffer.from('torn bytes of a later write')];
  for (let length = 0; length <= whole.length; length++) {
    // the header of a segment is written alone: nothing stands behind a part of it
    const tail = length < MAGIC.length ? undefined : tails[length % tails.length];
    const torn = freshFolder();
    writeFileSync(segmentPath(torn, 1), Buffer.concat([whole.subarray(0, length), tail ?? Buffer.alloc(0)]));
    const opened = await open(torn);
    const safe = ends.filter(end => end <= length).length;
    expect(await idsIn(opened)).toEqual(Array.from({ length: safe }, (_, n) => `e${n}`));
    await opened.append(entry('later'));
    expect((await idsIn(opened)).at(-1)).toBe('later');
    await opened.close();
  }
});

test('damage inside a closed segment is cut, said, and kept beside', async () => {
  const folder = freshFolder();
  const journal = await open(folder, { segmentBytes: 100 });
  for (let n = 0; n < 8; n++) await journal.append(entry(`e${n}`));
  await journal.close();
  truncateSync(segmentPath(folder, 1), MAGIC.length + 30);
  const said: string[] = [];
  const again = await open(folder, { log: sentence => said.push(sentence) });
  expect(said).toHaveLength(1);
  expect(readdirSync(folder)).toContain('000000000001.journal.damaged');
  expect((await idsIn(again)).at(-1)).toBe('e7');
  await again.close();
});

test('a segment of a later version is refused, and left as it is', async () => {
  const folder = freshFolder();
  writeFileSync(segmentPath(folder, 1), 'BWJRNL9\n and what we cannot read');
  await expect(open(folder)).rejects.toMatchObject({ code: 'collection.journal_newer' });
  expect(readFileSync(segmentPath(folder, 1), 'utf8')).toContain('BWJRNL9');
});

test('loaded segments are deleted, the one that grows is kept', async () => {
  const folder = freshFolder();
  const journal = await open(folder, { segmentBytes: 150 });
  for (let n = 0; n < 7; n++) await journal.append(entry(`e${n}`));
  const { bytes } = journal.waiting();
  const loaded = journal.end();
  await journal.release(loaded, { events: 7, bytes });
  expect(journal.waiting()).toEqual({ events: 0, bytes: 0 });
  expect(readdirSync(folder).length).toBeLessThanOrEqual(1);
  await journal.append(entry('next'));
  expect(await idsIn(journal, loaded)).toEqual(['next']);
  await journal.close();
});

/** A disk that fails when told to: after writing a part, or at the fdatasync. */
function frailDisk() {
  const disk = { fails: undefined as 'append' | 'sync' | 'create' | undefined };
  const create = async (path: string): Promise<Appendable> => {
    if (disk.fails === 'create') throw new Error('ENOSPC: no space left on device, open');
    const file = await createFile(path);
    return {
      ...file,
      append: async bytes => {
        await file.append(disk.fails === 'append' ? bytes.subarray(0, bytes.length >> 1) : bytes);
        if (disk.fails === 'append') throw new Error('ENOSPC: no space left on device, write');
      },
      sync: async () => {
        if (disk.fails === 'sync') throw new Error('EIO: i/o error, fdatasync');
        await file.sync();
      },
      truncate: length =>
        disk.fails === 'append' ? Promise.reject(new Error('EIO: i/o error')) : file.truncate(length),
    };
  };
  return { disk, create };
}

test.each(['append', 'sync'] as const)(
  'when %s fails, the request fails, and the next is safe once it is mended',
  async what => {
    const folder = freshFolder();
    const { disk, create } = frailDisk();
    const journal = await open(folder, { createFile: create });
    await journal.append(entry('before'));
    disk.fails = what;
    const failure = await journal.append(entry('lost')).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AppError);
    expect(failure).toMatchObject({ code: 'collection.journal_failed' });
    disk.fails = 'create';
    await expect(journal.append(entry('lost too'))).rejects.toMatchObject({
      code: 'collection.journal_failed',
    });
    disk.fails = undefined;
    await journal.append(entry('after'));
    expect(await idsIn(journal)).toEqual(['before', 'after']);
    const copy = freshFolder();
    for (const name of readdirSync(folder)) copyFileSync(join(folder, name), join(copy, name));
    const recovered = await open(copy);
    expect(await idsIn(recovered)).toEqual(['before', 'after']);
    await journal.close();
    await recovered.close();
  },
);

test('nothing is taken after closing', async () => {
  const journal = await open(freshFolder());
  await journal.close();
  await expect(journal.append(entry('late'))).rejects.toMatchObject({ code: 'collection.closed' });
});
