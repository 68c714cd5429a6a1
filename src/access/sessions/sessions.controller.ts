import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '#access/authorization/scopes.decorator.js';
import { ApiKeysService } from '#access/keys/api-keys.service.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import { Settings } from '#config/settings.js';
import { Problem } from '#kernel/problem.js';
import { PrincipalsService } from './principals.service.js';
import { ABSOLUTE_MS, cookie } from './session.js';
import { SessionDto, SignInDto, toSessionDto } from './sessions.dto.js';
import { SessionsService } from './sessions.service.js';

/** Described by the document under its own name. */
const SETS_COOKIE = { 'Set-Cookie': { $ref: '#/components/headers/Set-Cookie' } };

/** Signing in to the console: open without a key, since this is where one is shown. */
@ApiTags('sign-in')
@Controller('api/session')
@Public()
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly principals: PrincipalsService,
    private readonly keys: ApiKeysService,
    @Inject(Settings) private readonly settings: Pick<Settings, 'publicUrl' | 'mode' | 'deadlines'>,
  ) {}

  /** Exchanges an API key for a cookie that scripts cannot read; only for pages of the gateway itself. */
  @Post()
  @ApiResponse({ status: 201, type: SessionDto, headers: SETS_COOKIE })
  @Problems('unauthenticated', 'key_suspended', 'origin_not_allowed')
  async signIn(
    @Body() dto: SignInDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionDto> {
    this.principals.requireOurPage(request);
    const principal = await this.keys.authenticate(dto.key.trim());
    if (!principal) throw new Problem('unauthenticated');
    const before = await this.principals.session(request);
    const { session, text } = await this.sessions.signIn(principal, dto.name?.trim() ?? null, before?.id ?? null);
    // The gateway ends the session; the cookie lies there for the call that it may outlast.
    reply.header('Set-Cookie', cookie(this.settings.publicUrl, text, (ABSOLUTE_MS + this.settings.deadlines.talkMs) / 1_000));
    return toSessionDto(session, this.settings.mode);
  }

  /** Who is signed in, and what they may do. */
  @Get()
  @ApiSecurity('session')
  @Problems('unauthenticated', 'key_suspended', 'origin_not_allowed')
  async getSession(@Req() request: FastifyRequest): Promise<SessionDto> {
    const session = await this.principals.session(request);
    if (!session) throw new Problem('unauthenticated');
    if (session.isSuspended) throw new Problem('key_suspended');
    return toSessionDto(session, this.settings.mode);
  }

  /** Signs out; the session's event streams end within seconds. */
  @Delete()
  @HttpCode(204)
  @ApiSecurity('session')
  @ApiResponse({ status: 204, headers: SETS_COOKIE })
  @Problems('origin_not_allowed')
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const session = await this.principals.session(request);
    if (session) await this.sessions.signOut(session.id);
    reply.header('Set-Cookie', cookie(this.settings.publicUrl, '', 0));
  }
}
