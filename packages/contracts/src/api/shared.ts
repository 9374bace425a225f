import { z } from 'zod';

/** A moment as ISO 8601 in UTC. */
export const Moment = z.iso.datetime();
export const Id = z.string().min(1).max(255);
export const IdParams = z.object({ id: Id });
export const Done = z.object({ ok: z.literal(true) });

/** RFC 9457, what every failed call answers with. `code` is the AppError's. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  code: z.string(),
  instance: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;

/** A figure with its 95 % interval and how many it rests on. `null` where the data cannot say. */
export const Estimate = z.object({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.number(),
});
export type Estimate = z.infer<typeof Estimate>;

/** Rows of a list and how many there are in all. */
export const page = <T extends z.ZodType>(row: T) => z.object({ rows: z.array(row), total: z.number() });

export const PageQuery = z.object({
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
});
