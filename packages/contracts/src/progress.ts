/**
 * What long work tells of itself. The caller draws it (a bar in the CLI, a line in the console) and may stop the
 * work through `signal`; what was finished by then stays.
 */
export interface Progress {
  /** Units finished. */
  done: number;
  /** Units in all, where it is known. */
  total?: number;
  /** What is counted: `rows`, `customers`, `bytes`, `iterations`. */
  unit: string;
  /** The step under way, a key of the console's dictionary: `import.read`, `train.fit`. */
  step?: string;
}

export type OnProgress = (progress: Progress) => void;

/** What every long call takes last. */
export interface Work {
  signal?: AbortSignal;
  onProgress?: OnProgress;
}
