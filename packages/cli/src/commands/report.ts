import { AppError } from '@bellwether/contracts';
import { writeFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { withServer } from '../connect.ts';
import type { Context } from '../context.ts';

export async function reportCommand(
  context: Context,
  { out, lang }: { out: string; lang?: string },
): Promise<void> {
  const format = extname(out).slice(1).toLowerCase();
  if (format !== 'html' && format !== 'pdf')
    throw new AppError('cli.usage', `--out ${out}: the name should end in .html or .pdf`);
  if (lang !== undefined && lang !== 'en' && lang !== 'zh-CN')
    throw new AppError('cli.usage', `--lang ${lang}: there is en and zh-CN`);
  await withServer(context, async client => {
    const language = lang === undefined ? '' : `&lang=${lang}`;
    const answer = await client.request('GET', `/v1/report?format=${format}${language}`);
    await writeFile(out, Buffer.from(await answer.arrayBuffer()));
  });
  context.output.tell('report', { out: resolve(out) }, `written to ${resolve(out)}`);
}
