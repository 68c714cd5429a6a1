import { Global, Inject, Injectable, Module, ValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { type Answer, ProblemRenderer } from '#access/idempotency/idempotency.service.js';
import { Settings } from '#config/settings.js';
import type { Problem } from '#kernel/problem.js';
import { ProblemFilter } from './problem.filter.js';
import { problemDocument } from './problem-document.js';
import { validationOptions } from './validation.js';

/** Refusals that are kept for a repeated `Idempotency-Key` are kept in English. */
@Injectable()
class DocumentRenderer extends ProblemRenderer {
  constructor(@Inject(Settings) private readonly settings: Pick<Settings, 'publicUrl'>) {
    super();
  }

  render(problem: Problem): Answer {
    const body = problemDocument(problem, 'en', this.settings.publicUrl);
    return { status: body.status, body };
  }
}

/** How every room speaks HTTP: what a request must look like, and how a refusal is told. */
@Global()
@Module({
  providers: [
    ProblemFilter,
    { provide: APP_FILTER, useExisting: ProblemFilter },
    { provide: APP_PIPE, useFactory: () => new ValidationPipe(validationOptions) },
    { provide: ProblemRenderer, useClass: DocumentRenderer },
  ],
  exports: [ProblemFilter, ProblemRenderer],
})
export class HttpModule {}
