import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { INestApplication } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { PRODUCT } from '#config/product.js';
import { Settings } from '#config/settings.js';
import { Problem } from '#kernel/problem.js';
import { DocsFolder } from './pages/docs-folder.js';
import { llmsText } from './pages/llms.js';
import { ProblemFilter } from './problem.filter.js';

/** What the page loads; nothing else of the package is served. */
const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${PRODUCT.name} API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="alternate" type="text/markdown" href="/llms.txt">
<link rel="icon" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<noscript>This page needs JavaScript; the same description as JSON is at <a href="/openapi.json">/openapi.json</a>, and <a href="/llms.txt">/llms.txt</a> lists pages to read.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, persistAuthorization: false, validatorUrl: null });\n`;

/**
 * `/openapi.json`, `/docs` with the pages of the repository's folder `docs` below it, and `/llms.txt`: public, and working without internet. The
 * description is made on the first request: the library that writes it would cost a third of the start.
 */
export function mountDocs(app: INestApplication, fastify: FastifyInstance): void {
  const filter = app.get(ProblemFilter);
  const options = { errorHandler: filter.answer.bind(filter) };
  let description: Promise<unknown> | undefined;
  const describe = async (): Promise<unknown> => (await import('./openapi/describe-api.js')).describeApi(app);
  fastify.get('/openapi.json', options, async () => {
    description ??= describe().catch((error: unknown) => {
      description = undefined;
      throw error;
    });
    return description;
  });
  fastify.get('/docs', options, async (_, reply) => reply.type('text/html; charset=utf-8').send(PAGE));
  fastify.get('/docs/start.js', options, async (_, reply) => reply.type('text/javascript; charset=utf-8').send(START));
  const docs = new DocsFolder();
  const { publicUrl, operations } = app.get(Settings);
  fastify.get('/llms.txt', options, async (_, reply) =>
    // The public address does not serve the pages when they have a port of their own.
    reply.type('text/plain; charset=utf-8').send(await llmsText(docs, operations.port === null ? publicUrl : '')),
  );
  fastify.get<{ Params: { '*': string } }>('/docs/*', options, async ({ params: { '*': file } }, reply) => {
    const asset = Object.hasOwn(FILES, file) ? FILES[file] : undefined;
    const page = asset === undefined ? await docs.read(file) : null;
    if (asset === undefined && page === null) throw new Problem('route_not_found');
    return reply
      .type(asset ?? page?.type ?? '')
      .header('Cache-Control', 'public, max-age=3600')
      .send(page?.text ?? createReadStream(join(swaggerUi(), file)));
  });
}

/** The package stands beside the one that depends on it, or within it. */
const swaggerUi = (): string => {
  const swagger = createRequire(fileURLToPath(import.meta.url)).resolve('@nestjs/swagger/package.json');
  return dirname(createRequire(swagger).resolve('swagger-ui-dist/package.json'));
};
