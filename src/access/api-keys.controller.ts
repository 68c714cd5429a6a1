import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiKeyListDto, CreateApiKeyDto, ListApiKeysDto, MadeApiKeyDto, toApiKeyDto, toApiKeyList, toPosition } from './api-keys.dto.js';
import { ApiKeysService } from './api-keys.service.js';
import type { Principal } from './principal.js';
import { Caller, Scopes } from './scopes.decorator.js';

/** API keys of consumers. */
@Controller('api/keys')
@Scopes('keys:admin')
export class ApiKeysController {
  constructor(@Inject(ApiKeysService) private readonly keys: ApiKeysService) {}

  /** Lists the keys, oldest first; never their texts. */
  @Get()
  async list(@Query() query: ListApiKeysDto): Promise<ApiKeyListDto> {
    return toApiKeyList(await this.keys.list(query.limit + 1, toPosition(query.cursor)), query.limit);
  }

  /** Makes a key and shows it once. */
  @Post()
  async create(@Caller() caller: Principal, @Body() body: CreateApiKeyDto): Promise<MadeApiKeyDto> {
    const { key, text } = await this.keys.create(caller, body.name, body.scopes);
    return { ...toApiKeyDto(key), key: text };
  }

  /** Takes a key back; it is refused from the next request on. */
  @Delete(':id')
  @HttpCode(204)
  async delete(@Param('id') id: string): Promise<void> {
    await this.keys.delete(id);
  }
}
