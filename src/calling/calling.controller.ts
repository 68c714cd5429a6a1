import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { Idempotency, send } from '#access/idempotency/idempotency.decorator.js';
import { type Answer, IdempotencyService, type IdempotentRequest, type Intent } from '#access/idempotency/idempotency.service.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import { userOf } from '#api-conventions/user-input.dto.js';
import type { Call } from '#calling/call/call.js';
import { CallDto } from '#calling/call/call.view.js';
import { CallsService } from '#calling/call/calls.service.js';
import { InboundCallService } from '#calling/inbound/inbound-call.service.js';
import { HangUpService } from '#calling/lifecycle/hang-up.service.js';
import { LeasesService } from '#calling/lifecycle/leases.service.js';
import { OutboundCallService } from '#calling/outbound/outbound-call.service.js';
import { NumbersService } from '#identity/numbers.service.js';
import {
  AcceptDto,
  askingOf,
  CallIdDto,
  CallSessionDto,
  callIdOf,
  MakeCallDto,
  PermissionRequestedDto,
  RequestPermissionDto,
  sessionOf,
  wishOf,
} from './calling.dto.js';

type Done = { status: number; call: Call };

/** Everything a consumer can do with calls. Every verb takes an `Idempotency-Key`. */
@ApiTags('calling')
@Controller('api/calling')
export class CallingController {
  constructor(
    private readonly outbound: OutboundCallService,
    private readonly inbound: InboundCallService,
    private readonly hangUps: HangUpService,
    private readonly leases: LeasesService,
    private readonly calls: CallsService,
    private readonly numbers: NumbersService,
    private readonly idempotency: IdempotencyService,
  ) {}

  /**
   * Calls a user in two steps: obtains permission if needed, then connects.
   * 201: dialled. 202: waiting for the user's permission, for your offer, or of unknown outcome (`outcome_known: false`).
   */
  @Post('make-call')
  @Scopes('calls:dial')
  @ApiResponse({ status: 201, type: CallDto })
  @ApiResponse({ status: 202, type: CallDto })
  @Problems(
    'call_in_progress',
    'permission_required',
    'permission_request_limit_reached',
    'window_closed',
    'call_limit_reached',
    'calling_disabled',
    'calling_restricted',
    'country_not_supported',
    'sip_enabled',
    'not_call_primary',
    'user_unreachable',
    'unknown_number',
    'idempotency_key_reused',
    'request_in_progress',
    'rate_limited',
    'upstream_unavailable',
    'upstream_refused',
  )
  async makeCall(
    @Body() dto: MakeCallDto,
    @Caller() by: Principal,
    @Idempotency() request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const wish = wishOf(dto, this.leases.ofDial(dto.lease_holder, by));
    await this.#run(request, reply, by, (intent) => this.outbound.makeCall(wish, this.#noted(intent, 'make-call', by)));
  }

  /** Step two: dials a call that waits in `ready`. */
  @Post('connect')
  @Scopes('calls:dial')
  @ApiResponse({ status: 201, type: CallDto })
  @ApiResponse({ status: 202, type: CallDto })
  @Problems(
    'call_not_found',
    'call_not_ready',
    'call_ended',
    'wrong_direction',
    'permission_required',
    'call_limit_reached',
    'calling_disabled',
    'calling_restricted',
    'not_call_primary',
    'rate_limited',
    'upstream_unavailable',
    'upstream_refused',
  )
  async connectCall(
    @Body() dto: CallSessionDto,
    @Caller() by: Principal,
    @Idempotency() request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const [id, session] = [await this.#idOf(dto), sessionOf(dto.session, 'offer')];
    await this.#run(request, reply, by, async (intent) => {
      await this.calls.noteCommandOn(id, 'connect', by.name);
      return this.outbound.connect(id, session, intent);
    });
  }

  /** Step one alone: asks the user whether you may call. */
  @Post('request-permission')
  @Scopes('permissions:ask')
  @ApiResponse({ status: 202, type: PermissionRequestedDto })
  @Problems(
    'permission_request_limit_reached',
    'permission_already_permanent',
    'window_closed',
    'template_unavailable',
    'calling_disabled',
    'calling_restricted',
    'unknown_number',
    'rate_limited',
    'upstream_unavailable',
    'upstream_refused',
  )
  async requestPermission(
    @Body() dto: RequestPermissionDto,
    @Idempotency() request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const wish = { phoneNumberId: dto.phone_number_id, ...userOf(dto), asking: askingOf(dto, '') };
    const ask = async (): Promise<Answer> => {
      const { number, person, messageId } = await this.outbound.requestPermission(wish);
      const body = {
        phone_number_id: number.phoneNumberId,
        wa_id: person.waId,
        user_id: person.userId,
        message_id: messageId,
        status: messageId === null ? 'unknown' : 'sent',
      } satisfies PermissionRequestedDto;
      return { status: 202, body };
    };
    await send(reply, await this.idempotency.run(request, ask, ask));
  }

  /** Inbound: warms the media up with your SDP answer and claims the call. Send no media yet. */
  @Post('pre-accept')
  @Scopes('calls:control')
  @ApiResponse({ status: 200, type: CallDto })
  @ApiResponse({ status: 202, type: CallDto })
  @Problems(
    'call_not_found',
    'call_claimed',
    'call_ended',
    'call_already_answered',
    'answer_mismatch',
    'wrong_direction',
    'not_call_primary',
    'upstream_unavailable',
    'upstream_refused',
  )
  async preAcceptCall(
    @Body() dto: CallSessionDto,
    @Caller() by: Principal,
    @Idempotency() request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const [id, session] = [await this.#idOf(dto), sessionOf(dto.session, 'answer')];
    await this.#run(request, reply, by, () => this.inbound.preAccept(id, session, by));
  }

  /** Inbound: answers. 200: send media now. 202: 360dialog's answer was lost (`accepting`, `outcome_known: false`); send none. */
  @Post('accept')
  @Scopes('calls:control')
  @ApiResponse({ status: 200, type: CallDto })
  @ApiResponse({ status: 202, type: CallDto })
  @Problems(
    'call_not_found',
    'session_required',
    'call_claimed',
    'call_ended',
    'call_already_answered',
    'answer_mismatch',
    'wrong_direction',
    'not_call_primary',
    'upstream_unavailable',
    'upstream_refused',
  )
  async acceptCall(
    @Body() dto: AcceptDto,
    @Caller() by: Principal,
    @Idempotency() request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const [id, session] = [await this.#idOf(dto), dto.session ? sessionOf(dto.session, 'answer') : null];
    await this.#run(request, reply, by, () => this.inbound.accept(id, session, by));
  }

  /** Inbound: declines. */
  @Post('reject')
  @Scopes('calls:control')
  @ApiResponse({ status: 200, type: CallDto })
  @ApiResponse({ status: 202, type: CallDto })
  @Problems(
    'call_not_found',
    'call_claimed',
    'call_ended',
    'call_already_answered',
    'wrong_direction',
    'not_call_primary',
    'upstream_unavailable',
    'upstream_refused',
  )
  async rejectCall(
    @Body() dto: CallIdDto,
    @Caller() by: Principal,
    @Idempotency() request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const id = await this.#idOf(dto);
    await this.#run(request, reply, by, () => this.inbound.reject(id, by));
  }

  /** Inbound: gives up your claim, so that somebody else may answer. */
  @Post('release')
  @Scopes('calls:control')
  @ApiResponse({ status: 200, type: CallDto })
  @Problems('call_not_found', 'call_claimed', 'call_ended', 'call_already_answered', 'wrong_direction')
  async releaseCall(
    @Body() dto: CallIdDto,
    @Caller() by: Principal,
    @Idempotency() request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const id = await this.#idOf(dto);
    await this.#run(request, reply, by, () => this.inbound.release(id, by));
  }

  /** Hangs up, cancels a ringing call, or calls off one that waits. One that is over already counts as done. */
  @Post('terminate')
  @Scopes('calls:control')
  @ApiResponse({ status: 200, type: CallDto })
  @ApiResponse({ status: 202, type: CallDto })
  @Problems('call_not_found', 'not_call_primary', 'upstream_unavailable', 'upstream_refused')
  async terminateCall(
    @Body() dto: CallIdDto,
    @Caller() by: Principal,
    @Idempotency() request: IdempotentRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const id = await this.#idOf(dto);
    await this.#run(request, reply, by, async () => {
      await this.calls.noteCommandOn(id, 'terminate', by.name);
      return this.hangUps.terminate(id);
    });
  }

  /** The call's id as it was given; a business number given along must be ours. */
  async #idOf(dto: CallIdDto): Promise<string> {
    if (dto.phone_number_id !== undefined) await this.numbers.require(dto.phone_number_id);
    return callIdOf(dto);
  }

  /** An intent that tells the timeline of the call who asked for it. */
  #noted(intent: Intent, verb: string, by: Principal): Intent {
    return {
      record: async (tx, callId) => {
        await intent.record(tx, callId);
        await this.calls.noteCommand(tx, callId, verb, by.name);
      },
    };
  }

  /** Runs a command under its idempotency key; after a crash the answer is the call as its intent left it. */
  async #run(request: IdempotentRequest, reply: FastifyReply, by: Principal, work: (intent: Intent) => Promise<Done>): Promise<void> {
    const show = async ({ status, call }: Done): Promise<Answer> => ({
      status,
      body: await this.calls.view(call, by.scopes.has('calls:control')),
    });
    const answer = await this.idempotency.run(
      request,
      async (intent) => show(await work(intent)),
      async (callId) => show({ status: 202, call: await this.outbound.abandoned(callId) }),
    );
    await send(reply, answer);
  }
}
