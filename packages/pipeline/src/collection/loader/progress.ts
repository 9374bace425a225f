import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@bellwether/contracts';
import { readIfThere, replaceFile } from '../journal/disk.ts';
import { MAGIC, type Position } from '../journal/segments.ts';

/**
 * What is about to be inserted, written down before the first insert: a repeat after a crash then sends the very same
 * rows under the very same tokens, and the warehouse takes each once.
 */
export interface Plan {
  segment: number;
  /** Bytes of the segment. */
  from: number;
  to: number;
  /** Events (by their place in the block) left out because their id is in the warehouse or earlier in the block. */
  duplicates: number[];
  /** Stretches of events, each one insert. One alone, until the warehouse refuses it for a row that it cannot take. */
  pieces: [from: number, to: number][];
  /** Events that the warehouse does not take, and its sentence. */
  refused: { row: number; detail: string }[];
}

export interface ProgressState {
  /** Names this journal in tokens: two data folders may share a warehouse. */
  journal: string;
  /** All before this is in the warehouse. */
  loaded: Position;
  plan?: Plan | undefined;
}

/** How far loading has come, in a small file that is replaced as a whole. */
export interface Progress {
  state: () => Readonly<ProgressState>;
  /** Durable when it returns. */
  save: (change: Pick<ProgressState, 'plan'> & Partial<ProgressState>) => Promise<void>;
}

/** Opens the file, or begins it. */
export async function openProgress(folder: string): Promise<Progress> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'loaded.json');
  const text = await readIfThere(path);
  let state = text === undefined ? beginning() : parse(text, path);
  const save: Progress['save'] = async change => {
    const next = { ...state, ...change };
    await replaceFile(path, JSON.stringify(next));
    state = next;
  };
  if (text === undefined) await save({ plan: undefined });
  return { state: () => state, save };
}

function beginning(): ProgressState {
  return { journal: randomUUID(), loaded: { segment: 0, offset: MAGIC.length } };
}

function parse(text: string, path: string): ProgressState {
  try {
    return JSON.parse(text) as ProgressState; // our own file, replaced only as a whole
  } catch (cause) {
    throw new AppError(
      'collection.journal_damaged',
      `${path} is not what was written; restore it, or move the folder away to begin a new journal`,
      { cause },
    );
  }
}
