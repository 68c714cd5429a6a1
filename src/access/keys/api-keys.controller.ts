import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { Idempotency, send } from '#access/idempotency/idempotency.decorator.js';
import { type Answer, IdempotencyService, type IdempotentRequest } from '#access/idempotency/idempotency.service.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import { ApiKeyListDto, CreateApiKeyDto, ListApiKeysDto, MadeApiKeyDto, toApiKeyDto, toApiKeyList, toPosition } from './api-keys.dto.js';
import { ApiKeysService } from './api-keys.service.js';

/** API keys of consumers. */
@ApiTags('keys')
@Controller('api/keys')
@Scopes('keys:admin')
export class ApiKeysController {
  constructor(
    @Inject(ApiKeysService) private readonly keys: ApiKeysService,
    @Inject(IdempotencyService) private readonly idempotency: IdempotencyService,
  ) {}

  /** Lists the keys, oldest first; never their texts. */
  @Get()
  async listApiKeys(@Query() query: ListApiKeysDto): Promise<ApiKeyListDto> {
    return toApiKeyList(await this.keys.list(query.limit + 1, toPosition(query.cursor)), query.limit);
  }

  /** Makes a key and shows it once, and again under the same `Idempotency-Key` to the same credential. */
  @Post()
  @ApiResponse({ status: 201, type: MadeApiKeyDto })
  @Problems('insufficient_scope', 'idempotency_key_reused', 'request_in_progress')
  async createApiKey(
    @Caller() caller: Principal,
    @Body() body: CreateApiKeyDto,
    @Idempotency('sealed') request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const make = async (): Promise<Answer> => {
      const { key, text } = await this.keys.create(caller, body.name, body.scopes);
      return { status: 201, body: { ...toApiKeyDto(key), key: text } satisfies MadeApiKeyDto };
    };
    await send(reply, await this.idempotency.run(request, make, make));
  }

  /** Takes a key back; it is refused from the next request on. */
  @Delete(':id')
  @HttpCode(204)
  async deleteApiKey(@Param('id') id: string): Promise<void> {
    await this.keys.delete(id);
  }
}
