import type { OutgoingHttpHeaders } from 'node:http';
import { Controller, Get, Headers, Inject, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { NumbersService } from '#identity/numbers.service.js';
import { StreamQueryDto, toEventTypes } from './events.dto.js';
import { StreamsService } from './streams.service.js';

/** The event stream. */
@ApiTags('events')
@Controller('api/events')
export class EventsController {
  constructor(
    @Inject(StreamsService) private readonly streams: StreamsService,
    @Inject(NumbersService) private readonly numbers: NumbersService,
  ) {}

  /**
   * Streams events as Server-Sent Events. Each frame has an `id` and the event as JSON; after a break, the `Last-Event-ID`
   * header brings everything missed, once and in order. A frame `event: reset` says that this is not possible and the
   * state must be read again; `event: draining` says that the gateway is about to stop.
   */
  @Get()
  @Scopes('events:read')
  async streamEvents(
    @Caller() caller: Principal,
    @Query() query: StreamQueryDto,
    @Headers('last-event-id') header: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.streams.admit(caller);
    if (query.phone_number_id !== undefined) await this.numbers.require(query.phone_number_id);
    const filter = { types: toEventTypes(query.types), phoneNumberId: query.phone_number_id ?? null };
    const place = await this.streams.placeOf(header || query.last_event_id || null);
    reply.headers({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      connection: 'close',
    });
    reply.hijack();
    reply.raw.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders);
    this.streams.open(reply.raw, caller, filter, place);
  }
}
