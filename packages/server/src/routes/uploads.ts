import { AppError, KeptFile, Preview } from '@bellwether/contracts';
import { previewFile } from '@bellwether/pipeline';
import type { FastifyInstance } from 'fastify';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { guard } from '../http/access.ts';
import type { Installation } from '../installation.ts';

const Query = z.object({
  name: z.string().min(1).max(255),
  /** A table to learn from, or to be told of, is kept without asking what kind of import it is. */
  as: z.enum(['import', 'table']).default('import'),
});

/** `POST /v1/uploads?name=FILE`: the raw body goes to the disk as it comes, and is looked at. */
export async function mountUploads(parent: FastifyInstance, { uploads }: Installation): Promise<void> {
  await parent.register(async app => {
    app.removeAllContentTypeParsers();
    // the body stays a stream, whatever its type; its size is bounded where it is written
    app.addContentTypeParser('*', (_, payload, done) => done(null, payload));
    app.post(
      '/v1/uploads',
      {
        schema: {
          summary: 'Send a file as the raw body; answers what is in it',
          operationId: 'data.upload',
          tags: ['data'],
          security: [{ key: [] }, { session: [] }],
          querystring: Query,
          response: { 200: z.union([Preview, KeptFile]) },
        },
        preParsing: guard('write'),
      },
      async request => {
        if (request.body === undefined)
          throw new AppError('upload.empty', 'the request has no body; send the file itself as the body');
        // the schema above parsed the query, the parser above left the body a stream
        const { name, as } = request.query as z.output<typeof Query>;
        const { id, path, fileName } = await uploads.receive(name, request.body as Readable);
        if (as === 'table') return { upload_id: id, file_name: fileName };
        return { upload_id: id, ...(await previewOr(path, fileName, () => uploads.forget(id))) };
      },
    );
  });
}

/** A file that cannot be read is not kept. */
async function previewOr(path: string, fileName: string, forget: () => Promise<void>) {
  try {
    return await previewFile(path, fileName);
  } catch (error) {
    await forget();
    throw error;
  }
}
