import { join } from 'node:path';
import { Controller, Get, Headers, Param, Res, StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '#access/authorization/scopes.decorator.js';
import { Problem } from '#kernel/problem.js';
import { madeScript, readPageFiles } from './page-files.js';
import { PAGE_HEADERS } from './page-security.js';
import { problemWords } from './problem-words.js';

/** The console's files, public since they hold no data: the pages read everything from the API. */
@ApiExcludeController()
@Controller('console')
@Public()
export class ConsoleController {
  readonly #files = new Map([...readPageFiles(join(import.meta.dirname, 'page')), ['problem-words.js', madeScript(problemWords())]]);

  /** The page itself, never cached. */
  @Get()
  page(@Res({ passthrough: true }) reply: FastifyReply): StreamableFile {
    reply.header('Cache-Control', 'no-store');
    return this.#serve('index.html', reply);
  }

  /** A script, style or image of the page. @throws Problem `route_not_found` */
  @Get('*')
  file(
    @Param('*') name: string,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): StreamableFile | undefined {
    const file = this.#files.get(name);
    if (!file || name.endsWith('.html')) throw new Problem('route_not_found');
    // The browser revalidates each time, so that it uses a new version at once; an unchanged file is not sent again.
    reply.headers({ 'Cache-Control': 'no-cache', ETag: file.etag });
    if (known !== file.etag) return this.#serve(name, reply);
    reply.status(304);
    return undefined;
  }

  #serve(name: string, reply: FastifyReply): StreamableFile {
    const file = this.#files.get(name);
    if (!file) throw new Problem('route_not_found');
    reply.headers(PAGE_HEADERS);
    return new StreamableFile(file.body, { type: file.type, length: file.body.length });
  }
}
