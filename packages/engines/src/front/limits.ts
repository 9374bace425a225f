import { totalmem } from 'node:os';
import type { SpoolLimits } from './body.ts';

const MIB = 1 << 20;
const GIB = 1 << 30;

export interface Limits {
  /** Queries at one time; each may hold one of libuv's threads (UV_THREADPOOL_SIZE must be above it). */
  slots: number;
  mayWait: number;
  bodies: Omit<SpoolLimits, 'folder'>;
  /** Command line of the engine. */
  clickhouse: string[];
}

/** What one embedded ClickHouse may take of the machine. */
export function limits(memory: number = totalmem()): Limits {
  const server = Math.max(GIB, Math.floor(memory * 0.4));
  const query = Math.floor(server * 0.8);
  return {
    slots: 12,
    mayWait: 512,
    bodies: { statement: 32 * MIB, statements: 256 * MIB, rows: 16 * GIB },
    clickhouse: [
      `--max_server_memory_usage=${server}`,
      `--max_memory_usage=${query}`,
      // marks of parts that were read: a small share, they are read again quickly
      `--mark_cache_size=${128 * MIB}`,
      `--index_mark_cache_size=${16 * MIB}`,
      // beyond these a query goes on on disk
      `--max_bytes_before_external_group_by=${Math.floor(query / 2)}`,
      `--max_bytes_before_external_sort=${Math.floor(query / 2)}`,
    ],
  };
}
