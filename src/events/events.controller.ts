import type { OutgoingHttpHeaders } from 'node:http';
import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access/authorization/principal.js';
import { requireScopes } from '#access/authorization/require-scopes.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { scopesOf } from './event.js';
import { StreamQueryDto, toEventTypes } from './events.dto.js';
import { StreamsService } from './streams.service.js';

/** The stream of events. */
@ApiTags('events')
@Controller('api/events')
export class EventsController {
  constructor(
    private readonly streams: StreamsService,
    private readonly numbers: NumbersService,
  ) {}

  /**
   * Streams events as Server-Sent Events. Each frame has an `id` and the event as JSON. After a break, the header `Last-Event-ID`
   * resumes the stream: the client gets every missed event once and in order. A frame `event: reset` means that this is not
   * possible and the client must read the state again; `event: draining` means that the gateway is about to stop. Each type needs
   * the scope that reads the same over REST; without `types` the stream carries what the key may read.
   */
  @Get()
  @Scopes('events:read')
  @ApiProduces('text/event-stream')
  @ApiResponse({
    status: 200,
    description: 'A stream of frames; `data` of each is one event.',
    headers: { 'X-Accel-Buffering': { $ref: '#/components/headers/X-Accel-Buffering' } },
    schema: { $ref: '#/components/schemas/Event' },
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The `id` of the last frame: the stream goes on after it.',
    schema: { type: 'string' },
  })
  async streamEvents(
    @Caller() caller: Principal,
    @Query() query: StreamQueryDto,
    @Headers('last-event-id') header: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const types = toEventTypes(query.types);
    if (types !== null) requireScopes(caller, scopesOf(types));
    this.streams.admit(caller);
    if (query.phone_number_id !== undefined) await this.numbers.require(caller, query.phone_number_id);
    const filter = { types, phoneNumberId: query.phone_number_id ?? null };
    const start = await this.streams.startAfter(caller, header || query.last_event_id || null);
    reply.headers({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      connection: 'close',
    });
    reply.hijack();
    reply.raw.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders);
    this.streams.open(reply.raw, caller, filter, start);
  }
}
