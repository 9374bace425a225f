import { api, AppError } from '@bellwether/contracts';
import {
  arrivals,
  createImport,
  getImport,
  lastPreparation,
  lastQuality,
  listImports,
  mergeCustomers,
  merges,
  previewFile,
  quarantinePage,
  replayImport,
  undoMerge,
} from '@bellwether/pipeline';
import { DONE, type Mount } from '../http/mount.ts';
import type { Installation } from '../installation.ts';

const { data } = api;

export function mountData(on: Mount, installation: Installation): void {
  const { stores, collection } = installation;
  const { warehouse, records } = stores;
  on(data.arrivals, () => arrivals(stores, collection));
  on(data.quarantine, ({ query }) => quarantinePage(warehouse, query));
  on(data.replay, ({ body }) => collection.replay(body));
  on(data.preparation, async () => (await lastPreparation(warehouse)) ?? null);
  on(data.quality, async () => (await lastQuality(warehouse)) ?? null);
  on(data.merges, () => merges(records));
  on(data.merge, ({ body }, { request }) =>
    mergeCustomers(stores, { ...body, by: request.caller?.name ?? '' }),
  );
  on(data.undoMerge, ({ params }) => undoMerge(stores, params.id));
  mountImports(on, installation);
}

function mountImports(on: Mount, { stores, jobs, uploads }: Installation): void {
  const { records } = stores;
  on(data.imports, () => listImports(records));
  on(data.import, ({ params }) => getImport(records, params.id));
  on(data.preview, async ({ params, body }) => {
    const { id, path, fileName } = await uploads.find(params.id);
    return { upload_id: id, ...(await previewFile(path, fileName, body)) };
  });
  on(data.forgetUpload, async ({ params }) => {
    await refuseWhileImporting(await uploads.find(params.id));
    await uploads.forget(params.id);
    return DONE;
  });
  on(data.startImport, async ({ body }) => {
    const { path, fileName } = await uploads.find(body.upload_id);
    const started = await createImport(stores, { path, fileName, kind: body.kind, mapping: body.mapping });
    await jobs.enqueue('import', started.id);
    return started;
  });
  on(data.stopImport, async ({ params }) => {
    const job = await jobs.active('import', params.id);
    if (job !== undefined) {
      await jobs.cancel(job.id);
      await jobs.settled(job.id);
    }
    return getImport(records, params.id);
  });
  on(data.replayImport, ({ params, body: { mapping } }) =>
    replayImport(stores, params.id, mapping === undefined ? {} : { mapping }),
  );
  on(data.resumeImport, async ({ params }) => {
    await getImport(records, params.id);
    await jobs.enqueue('import', params.id);
    return getImport(records, params.id);
  });

  async function refuseWhileImporting({ path, fileName }: { path: string; fileName: string }): Promise<void> {
    const busy = await records
      .selectFrom('imports')
      .select('id')
      .where('file_path', '=', path)
      .where('state', 'in', ['waiting', 'running', 'stopped'])
      .executeTakeFirst();
    if (busy !== undefined)
      throw new AppError('upload.in_use', `${fileName} is being imported, or its import may be gone on with`);
  }
}
