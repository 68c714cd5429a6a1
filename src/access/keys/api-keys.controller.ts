import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { Idempotency, send } from '#access/idempotency/idempotency.decorator.js';
import { type ApiAnswer, IdempotencyService, type IdempotentRequest } from '#access/idempotency/idempotency.service.js';
import { readPageCursor, toPage } from '#api-conventions/list.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import {
  ApiKeyDto,
  ApiKeyListDto,
  ChangeApiKeyDto,
  CreateApiKeyDto,
  DeletedApiKeyDto,
  ListApiKeysDto,
  MadeApiKeyDto,
  toApiKeyDto,
} from './api-keys.dto.js';
import { ApiKeysService } from './api-keys.service.js';
import { keyLimitsOf } from './limits/key-limits.dto.js';

/** API keys of consumers. */
@ApiTags('keys')
@Controller('api/keys')
@Scopes('keys:admin')
export class ApiKeysController {
  constructor(
    private readonly keys: ApiKeysService,
    private readonly idempotency: IdempotencyService,
  ) {}

  /** Lists the keys, oldest first, without their secrets; a key with a list of numbers sees those whose list lies within its own. */
  @Get()
  async listApiKeys(@Query() query: ListApiKeysDto, @Caller() by: Principal): Promise<ApiKeyListDto> {
    const found = await this.keys.list(by, query.limit + 1, readPageCursor(query.cursor, ['number', 'string']));
    return toPage(found, query.limit, (key) => [key.created_at, key.id], toApiKeyDto);
  }

  /** Makes a key and shows it once, and again under the same `Idempotency-Key` to the same credential. */
  @Post()
  @ApiResponse({ status: 201, type: MadeApiKeyDto })
  @Problems('insufficient_scope', 'unknown_number', 'idempotency_key_reused', 'request_in_progress')
  async createApiKey(
    @Caller() caller: Principal,
    @Body() body: CreateApiKeyDto,
    @Idempotency('sealed') request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const limits = keyLimitsOf(body.limits ?? null);
    const make = async (): Promise<ApiAnswer> => {
      const { key, text } = await this.keys.create(caller, body.name, body.scopes, body.numbers, limits);
      return { status: 201, body: { ...toApiKeyDto(key), key: text } satisfies MadeApiKeyDto };
    };
    await send(reply, await this.idempotency.run(request, make, make));
  }

  /**
   * Changes which numbers a key reaches, its limits, or whether it is suspended; what is left out stays. A number that is taken from it is out of its reach from the next request on, for its sessions and tokens
   * too; its event streams end within a second, and requests with an `Idempotency-Key` of before are not answered from memory.
   * A suspended key, its sessions and its tokens are refused with `key_suspended` from the next request on; its event streams end within a second,
   * its live calls go on, and its subscriptions are paused with that reason: they stay so when it is put back into use, until a `PATCH` resumes each.
   */
  @Patch(':id')
  @Problems('not_found', 'unknown_number')
  async changeApiKey(@Param('id') id: string, @Body() body: ChangeApiKeyDto, @Caller() by: Principal): Promise<ApiKeyDto> {
    return toApiKeyDto(
      await this.keys.change(by, id, { ...body, limits: body.limits === undefined ? undefined : keyLimitsOf(body.limits) }),
    );
  }

  /**
   * Deletes a key; it is refused from the next request on. Its event streams and browser sessions end, and the subscriptions
   * that belong to it are paused with the reason `key_deleted`.
   */
  @Delete(':id')
  @Problems('not_found')
  async deleteApiKey(@Param('id') id: string, @Caller() by: Principal): Promise<DeletedApiKeyDto> {
    return { id, subscriptions_paused: await this.keys.delete(by, id) };
  }
}
