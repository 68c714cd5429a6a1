import { Global, Inject, Injectable, Module, ValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { type ApiAnswer, ProblemRenderer } from '#access/idempotency/idempotency.service.js';
import { Settings } from '#config/settings.js';
import type { Problem } from '#kernel/problem.js';
import { OperationsPort } from './entry/operations.server.js';
import { ProblemFilter } from './problem.filter.js';
import { problemDocument } from './problem-document.js';
import { validationOptions } from './validation.js';

/** A refusal that is stored for a repeated `Idempotency-Key` is stored in English. */
@Injectable()
class DocumentRenderer extends ProblemRenderer {
  constructor(@Inject(Settings) private readonly settings: Pick<Settings, 'publicUrl'>) {
    super();
  }

  render(problem: Problem): ApiAnswer {
    const body = problemDocument(problem, 'en', this.settings.publicUrl);
    return { status: body.status, body };
  }
}

/** HTTP for all modules: the validation of requests, and refusals as problem documents. */
@Global()
@Module({
  providers: [
    ProblemFilter,
    OperationsPort,
    { provide: APP_FILTER, useExisting: ProblemFilter },
    { provide: APP_PIPE, useFactory: () => new ValidationPipe(validationOptions) },
    { provide: ProblemRenderer, useClass: DocumentRenderer },
  ],
  exports: [ProblemFilter, ProblemRenderer],
})
export class HttpModule {}
