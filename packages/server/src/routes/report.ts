import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { guard } from '../http/access.ts';
import type { Installation } from '../installation.ts';
import { LANGUAGES } from '../report/format.ts';

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
    // charts and fonts are loaded when the first report is asked for
    const { writeReport } = await import('../report/write.ts');
    const type = format === 'html' ? 'text/html; charset=utf-8' : 'application/pdf';
    return reply.type(type).send(await writeReport(installation, format, lang));
  });
}
