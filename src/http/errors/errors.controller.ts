import { Controller, Get, Headers, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Scopes } from '#access/authorization/scopes.decorator.js';
import { invalidField } from '#api-conventions/invalid-field.js';
import { readPageCursor, toPage } from '#api-conventions/list.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import type { CatalogueEntry } from '#error-catalogue/catalogue.js';
import { explain } from '#error-catalogue/explain.js';
import { languageOf } from '#error-catalogue/language.js';
import { allEntries, entryOf, entryOfUpstream } from '#error-catalogue/lookup.js';
import { Problem } from '#kernel/problem.js';
import { record } from '#kernel/read.js';
import { ErrorsQueryDto } from './errors.dto.js';
import { ErrorEntryDto, ErrorListDto, ExplanationDto, toErrorEntryDto, toExplanationDto } from './errors.view.js';

/** Every type of JSON. */
const ANY_JSON = ['object', 'array', 'string', 'number', 'boolean', 'null'];

/** The error catalogue. */
@ApiTags('errors')
@Controller('api/calling/errors')
@Scopes('status:read')
export class ErrorsController {
  /** Lists every code with its cause and what to do, in the language of `Accept-Language`. */
  @Get()
  listErrors(@Query() query: ErrorsQueryDto, @Headers('accept-language') wanted: string | undefined): ErrorListDto {
    const { kind, status, limit } = query;
    const [after] = readPageCursor(query.cursor, ['string']) ?? [''];
    const found = allEntries().filter(
      (entry) => entry.code > after && (kind === undefined || entry.kind === kind) && (status === undefined || entry.status === status),
    );
    const language = languageOf(wanted);
    return toPage(
      found,
      limit,
      ({ code }) => [code],
      (entry) => toErrorEntryDto(entry, language),
    );
  }

  /** Reads one entry, by an error code such as `permission_required`, by Meta's number such as `138006`, or by the words of a refusal such as `Bad request`. */
  @Get(':code')
  @Problems('code_not_found')
  getError(@Param('code') code: string, @Headers('accept-language') wanted: string | undefined): ErrorEntryDto {
    const entry = find(code);
    if (!entry) throw new Problem('code_not_found', { params: { code: code.slice(0, LONGEST_CODE) } });
    return toErrorEntryDto(entry, languageOf(wanted));
  }

  /**
   * Explains an error as it was received: paste the JSON of 360dialog, of Meta, of a webhook or of this gateway, or
   * `{ "text": "…" }` for anything that is no JSON.
   */
  @Post('explain')
  @HttpCode(200)
  @ApiBody({ description: 'Any JSON, or `{ "text": "…" }`.', schema: { type: ANY_JSON as never } })
  @Problems('invalid_request', 'invalid_json', 'unsupported_media_type', 'payload_too_large')
  explainError(@Req() request: FastifyRequest, @Headers('accept-language') wanted: string | undefined): ExplanationDto {
    // Not through @Body: the strict pipe would refuse members that it does not know, and here anything may come.
    const { body } = request;
    if (body === undefined) throw invalidField('body', 'is required', 'es obligatorio');
    return toExplanationDto(explain(pastedText(body) ?? body), languageOf(wanted));
  }
}

const LONGEST_CODE = 80;

const find = (written: string): CatalogueEntry | undefined =>
  (/^\d{1,9}$/.test(written) ? entryOfUpstream(Number(written)) : entryOf(written.trim().toLowerCase())) ?? inWords(written);

/** The entry of a refusal in words, such as `Bad request`; none for words that the catalogue does not know. */
function inWords(written: string): CatalogueEntry | undefined {
  const { entry } = explain(written);
  return entry === null || entry.code === 'upstream_refused' ? undefined : entry;
}

/** The text of a body that is nothing but `{ text }`. */
function pastedText(body: unknown): string | undefined {
  const wrapped = record(body);
  return wrapped && Object.keys(wrapped).length === 1 && typeof wrapped.text === 'string' ? wrapped.text : undefined;
}
