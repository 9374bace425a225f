import { z } from 'zod';

/** Text in both languages, where data says something of itself. */
export const Words = z.object({ en: z.string(), 'zh-CN': z.string() });
export type Words = z.infer<typeof Words>;
