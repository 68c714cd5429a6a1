import { applyDecorators, Controller, Get, HttpCode, Param, Post, Req, UseGuards } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiProduces, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '#access/authorization/scopes.decorator.js';
import { encodedBodyOf } from '#api-conventions/encoded-body.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import { WEBHOOK_PATH } from '#config/webhook-path.js';
import { InboxService } from '#inbox/inbox.service.js';
import { SIGNATURE_HEADER, SignaturesService } from '#inbox/signatures.service.js';
import { Metrics } from '#telemetry/metrics.js';
import { receiverOf, WebhookTokenGuard } from './webhook-token.guard.js';

/** The gateway keeps any body; it interprets this one. */
const ENVELOPE = {
  type: 'object',
  required: ['object', 'entry'],
  properties: {
    object: { type: 'string', description: 'What the webhook is about.', enum: ['whatsapp_business_account'] },
    entry: {
      type: 'array',
      description: 'What happened, by account.',
      items: { type: 'object', description: 'One account with its changes.', additionalProperties: true },
    },
  },
};

/** What both paths of deliveries share. */
const Delivery = () =>
  applyDecorators(
    Public(),
    UseGuards(WebhookTokenGuard),
    HttpCode(200),
    ApiSecurity('webhook'),
    ApiHeader({
      name: SIGNATURE_HEADER,
      required: false,
      description:
        'The hex HMAC-SHA256 of the body under `D360_WEBHOOK_SIGNING_SECRET`; needed where that is set, unless it is only observed.',
      schema: { type: 'string' },
    }),
    ApiBody({ description: "Meta's envelope of a webhook.", schema: ENVELOPE }),
    ApiProduces('text/plain'),
    Problems(
      'webhook_unauthorized',
      'webhook_signature_missing',
      'webhook_signature_invalid',
      'payload_too_large',
      'unsupported_content_encoding',
      'malformed_content_encoding',
      'inbox_full',
      'store_unavailable',
    ),
  );

/** Receives the webhooks of 360dialog. It persists the body without parsing it and answers 200. */
@ApiTags('webhooks')
@Controller(WEBHOOK_PATH)
export class WebhookController {
  constructor(
    private readonly inbox: InboxService,
    private readonly signatures: SignaturesService,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Deliveries of 360dialog, in Meta's envelope. Authenticated by the bearer token that was registered with the webhook, which says whose
   * they are, and, where its secret is set, by 360dialog's signature.
   */
  @Post()
  @Delivery()
  receiveWebhook(@Req() request: FastifyRequest): Promise<string> {
    return this.#receive(request);
  }

  /** As above, for one number: the token must be that number's. */
  @Post(':phone_number_id')
  @Delivery()
  receiveNumberWebhook(@Req() request: FastifyRequest, @Param('phone_number_id') _phoneNumberId: string): Promise<string> {
    return this.#receive(request);
  }

  /** A probe: 360dialog has no verification handshake, and any GET is answered 200. */
  @Get()
  @Public()
  @ApiProduces('text/plain')
  probeWebhook(): string {
    return 'ok';
  }

  /** The same for one number, whether or not there is one. */
  @Get(':phone_number_id')
  @Public()
  @ApiProduces('text/plain')
  probeNumberWebhook(@Param('phone_number_id') _phoneNumberId: string): string {
    return 'ok';
  }

  async #receive(request: FastifyRequest): Promise<string> {
    const stop = this.metrics.ackSeconds.startTimer();
    const receiver = receiverOf(request);
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const encoded = encodedBodyOf(request);
    const forms = encoded === undefined ? [body] : [body, encoded];
    if (receiver.isOfEnvironment) this.signatures.prove(request.headers[SIGNATURE_HEADER], forms);
    await this.inbox.keep(body, receiver.phoneNumberId);
    receiver.seen?.();
    this.metrics.webhooks.inc({ result: 'stored' });
    stop();
    return '';
  }
}
