import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { guard } from '../http/access.ts';
import type { Installation } from '../installation.ts';
import { reportOf } from '../report/content.ts';
import { LANGUAGES } from '../report/format.ts';
import { gatherReport } from '../report/gather.ts';
import { htmlReport } from '../report/html.ts';
import { pdfReport } from '../report/pdf.ts';

const Query = z.object({
  format: z.enum(['html', 'pdf']).default('html'),
  lang: z.enum(LANGUAGES).optional(),
});

/** `GET /v1/report?format=html|pdf&lang=en|zh-CN`: the loop's figures as one document. */
export function mountReport(app: FastifyInstance, installation: Installation): void {
  const schema = {
    summary: 'The loop’s figures as one self-contained HTML page or PDF',
    operationId: 'system.report',
    tags: ['system'],
    security: [{ key: [] }, { session: [] }],
    querystring: Query,
  };
  app.get('/v1/report', { schema, preParsing: guard('read') }, async (request, reply) => {
    // the schema above parsed it
    const { format, lang = installation.settings.locale } = request.query as z.output<typeof Query>;
    const blocks = reportOf(await gatherReport(installation), lang);
    if (format === 'html') return reply.type('text/html; charset=utf-8').send(htmlReport(blocks, lang));
    return reply.type('application/pdf').send(await pdfReport(blocks));
  });
}
