import type { Installation } from '../installation.ts';
import { reportOf } from './content.ts';
import type { Language } from './format.ts';
import { gatherReport } from './gather.ts';
import { htmlReport } from './html.ts';
import { pdfReport } from './pdf.ts';

/** The report on an installation as it is now. */
export async function writeReport(
  installation: Installation,
  format: 'html' | 'pdf',
  language: Language,
): Promise<string | Buffer> {
  const blocks = reportOf(await gatherReport(installation), language);
  return format === 'html' ? htmlReport(blocks, language) : pdfReport(blocks);
}
