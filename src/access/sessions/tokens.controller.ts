import { Body, Controller, Post, Req } from '@nestjs/common';
import { ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AnyKey } from '#access/authorization/scopes.decorator.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import { Problem } from '#kernel/problem.js';
import { PrincipalsService } from './principals.service.js';
import { CreateTokenDto, TokenDto, toTokenDto } from './sessions.dto.js';
import { SessionsService } from './sessions.service.js';

/** Browser tokens. Any API key may make one, so the route has no scope; the handler itself refuses tokens and cookies. */
@ApiTags('sign-in')
@Controller('api/tokens')
@AnyKey()
export class TokensController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly principals: PrincipalsService,
  ) {}

  /**
   * Makes a short-lived token for a browser, so that no API key stands in a page: at most 15 minutes, with some of the
   * key's scopes, refused from the moment the key is deleted. A token or a cookie cannot make another.
   */
  @Post()
  @ApiResponse({ status: 201, type: TokenDto })
  @ApiSecurity('bearer')
  @Problems('unauthenticated', 'key_suspended', 'insufficient_scope')
  async createToken(@Body() dto: CreateTokenDto, @Req() request: FastifyRequest): Promise<TokenDto> {
    const principal = await this.principals.of(request);
    if (!principal || principal.operatorId !== undefined) throw new Problem('unauthenticated');
    return toTokenDto(await this.sessions.issueToken(principal, dto.scopes, dto.ttl_seconds));
  }
}
