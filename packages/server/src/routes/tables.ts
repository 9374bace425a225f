import { api, TableChoices, type Words } from '@bellwether/contracts';
import {
  checkFile,
  chooseForTable,
  createTable,
  listTables,
  predictedFile,
  predictRow,
  promoteVersion,
  removeTable,
  scenarioOfTable,
  tablePage,
  tableRow,
} from '@bellwether/pipeline';
import type { FastifyInstance } from 'fastify';
import { basename, extname } from 'node:path';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { guard } from '../http/access.ts';
import { DONE, type Mount } from '../http/mount.ts';
import type { Installation } from '../installation.ts';

const { tables } = api;

/** Files that people learn from: read, chosen of, trained, asked. */
export function mountTables(on: Mount, app: FastifyInstance, installation: Installation): void {
  const { stores, jobs, uploads } = installation;
  on(tables.list, () => listTables(stores.records));
  on(tables.create, async ({ body }) => {
    const { id, path, fileName } = await uploads.find(body.upload_id);
    const choices = TableChoices.parse(body.choices ?? {});
    return createTable(stores, { path, fileName, uploadId: id, choices });
  });
  on(tables.page, ({ params }) => tablePage(stores.records, params.id));
  on(tables.choose, ({ params, body }) => chooseForTable(stores, params.id, body));
  on(tables.train, async ({ params }) => {
    const { id } = await tableRow(stores.records, params.id);
    return jobs.enqueue('train_table', id);
  });
  on(tables.promote, async ({ params }, { request }) => {
    const { id } = await tableRow(stores.records, params.id);
    const why = chosenBy(request.caller?.name);
    await promoteVersion(
      stores.records,
      scenarioOfTable(id),
      params.version,
      why,
      new Date(stores.clock.now()),
    );
    return tablePage(stores.records, id);
  });
  on(tables.predict, ({ params, body }) => predictRow(stores, params.id, body.features));
  on(tables.check, async ({ params, body }) => {
    const { path, fileName } = await uploads.find(body.upload_id);
    return checkFile(stores, params.id, { path, name: fileName });
  });
  on(tables.remove, async ({ params }) => {
    const { upload_id } = await removeTable(stores.records, params.id);
    await uploads.forget(upload_id).catch(() => undefined); // somebody discarded the file before
    return DONE;
  });
  mountPredictions(app, installation);
}

function chosenBy(name: string | undefined): Words {
  return { en: `Chosen by ${name ?? 'a person'}.`, 'zh-CN': `由 ${name ?? '操作者'} 手动启用。` };
}

const Params = z.object({ id: z.string().min(1).max(255), upload_id: z.string().min(1).max(255) });

/** `GET /v1/tables/:id/predictions/:upload_id`: every row of another file with its probability, as CSV, as it is told. */
function mountPredictions(app: FastifyInstance, { stores, uploads, log }: Installation): void {
  const schema = {
    summary: 'Every row of an uploaded file with its probability, interval and reasons, as CSV',
    operationId: 'tables.predictions',
    tags: ['tables'],
    security: [{ key: [] }, { session: [] }],
    params: Params,
  };
  app.get(
    '/v1/tables/:id/predictions/:upload_id',
    { schema, preParsing: guard('read') },
    async (request, reply) => {
      // the schema above parsed it
      const { id, upload_id } = request.params as z.output<typeof Params>;
      const { path, fileName } = await uploads.find(upload_id);
      const file = { path, name: fileName };
      // what is wrong is answered as a problem, before the first line is on its way
      await checkFile(stores, id, file);
      const body = Readable.from(predictedFile(stores, id, file));
      body.on('error', error => log.error({ err: error, table: id }, 'a file of predictions broke off'));
      const name = basename(fileName.replace(/\.gz$/i, ''), extname(fileName.replace(/\.gz$/i, '')));
      return reply
        .type('text/csv; charset=utf-8')
        .header(
          'content-disposition',
          `attachment; filename*=UTF-8''${encodeURIComponent(`${name}-predicted.csv`)}`,
        )
        .send(body);
    },
  );
}
