import { Injectable } from '@nestjs/common';
import type { ApiAnswer, IdempotentRequest, Intent } from '#access/idempotency/idempotency.service.js';
import type { Call } from '#calling/call/call.js';
import { CallCommandsService, type CommandResult } from '#calling/call/call-commands.service.js';
import { CallsService } from '#calling/call/calls.service.js';
import { InboundCallService } from '#calling/inbound/inbound-call.service.js';
import { HangUpService } from '#calling/lifecycle/hang-up.service.js';
import { type CallWish, OutboundCallService } from '#calling/outbound/outbound-call.service.js';
import { isProblemCode } from '#error-catalogue/lookup.js';
import type { ActionRequest } from '#graph/shape/action-request.js';
import { CalleesService } from '#identity/callees.service.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import { Problem } from '#kernel/problem.js';
import { record, text } from '#kernel/read.js';
import { DONE } from './graph-answer.view.js';
import { RepeatedConnectsService } from './repeated-connects.service.js';

type Connect = Extract<ActionRequest, { action: 'connect' }>;
type Answered = ApiAnswer & { replayed: boolean };

/** Meta's five actions on calls, as the verbs of the gateway. */
@Injectable()
export class GraphCallsService {
  constructor(
    private readonly outbound: OutboundCallService,
    private readonly inbound: InboundCallService,
    private readonly hangUps: HangUpService,
    private readonly calls: CallsService,
    private readonly callees: CalleesService,
    private readonly commands: CallCommandsService,
    private readonly repeated: RepeatedConnectsService,
  ) {}

  /** Does what a request of a number's client asks for. @throws Problem as the verb, and `outcome_unknown` */
  async run(number: OurNumber, wanted: ActionRequest, request: IdempotentRequest): Promise<Answered> {
    if (wanted.action === 'connect') {
      const connect = (intent: Intent) => this.#connect(number, wanted, request, intent);
      return this.commands.run(request, connect, ({ call }) => this.#dialled(call));
    }
    const by = request.principal;
    const { id } = await this.#required(number, wanted.callId, request);
    switch (wanted.action) {
      case 'pre_accept':
        return this.commands.run(request, () => this.inbound.preAccept(id, wanted.session, by), confirmed);
      case 'accept':
        return this.commands.run(request, () => this.inbound.accept(id, wanted.session, by, wanted.callbackData), confirmed);
      case 'reject':
        return this.commands.run(request, () => this.inbound.reject(id, by), confirmed);
      case 'terminate':
        // What is not confirmed yet is repeated until it is, also for a dial without a wacid: nothing is left for the client to do.
        return this.commands.run(
          request,
          () => this.hangUps.terminate(id, by),
          async () => DONE,
        );
    }
  }

  /** A call of that number alone. @throws Problem `call_not_found` */
  async #required({ phoneNumberId }: OurNumber, id: string, { principal }: IdempotentRequest): Promise<Call> {
    const call = await this.calls.require(principal, id);
    if (call.phoneNumberId !== phoneNumberId) throw new Problem('call_not_found', { params: { id } });
    return call;
  }

  async #connect({ phoneNumberId }: OurNumber, wanted: Connect, request: IdempotentRequest, intent: Intent): Promise<CommandResult> {
    const by = request.principal;
    const living = await this.#living(phoneNumberId, wanted, request);
    if (living) return { status: 201, call: living };
    try {
      return await this.outbound.makeCall(wishOf(phoneNumberId, wanted, by.keyId), by, intent);
    } catch (error) {
      const faster = await this.#faster(error, wanted, request);
      if (faster) return { status: 201, call: faster };
      throw error;
    }
  }

  /** The call that the same request has begun before; null with an `Idempotency-Key`, which says itself what is the same. */
  async #living(phoneNumberId: string, { addressee, callbackData }: Connect, request: IdempotentRequest): Promise<Call | null> {
    if (request.key !== null) return null;
    const callee = await this.callees.shown(request.principal, addressee.user, phoneNumberId);
    return this.repeated.living(callee, { connectedBy: request.principal.keyId, callbackData });
  }

  /** The call in the way of a dial when the same request has begun it meanwhile; it may have ended since. */
  async #faster(error: unknown, { callbackData }: Connect, { principal, key }: IdempotentRequest): Promise<Call | null> {
    if (key !== null || !(error instanceof Problem) || error.code !== 'call_in_progress') return null;
    const call = await this.calls.require(principal, text(record(error.extra.call)?.id) ?? '');
    return call.connectedBy === principal.keyId && call.callbackData === callbackData ? call : null;
  }

  /** @throws Problem `outcome_unknown` for a dial whose wacid is not known in time, and the refusal of a dial that failed */
  async #dialled(result: Call): Promise<ApiAnswer> {
    const call = result.wacid === null ? await this.repeated.settled(result.id) : result;
    if (call.wacid !== null) return { status: 200, body: { ...(DONE.body as object), calls: [{ id: call.wacid }] } };
    const { error } = this.calls.snapshot(call).derived;
    throw error && isProblemCode(error.code) ? new Problem(error.code, { upstream: error.upstream }) : new Problem('outcome_unknown');
  }
}

const wishOf = (phoneNumberId: string, { addressee, session, callbackData }: Connect, keyId: string): CallWish => ({
  phoneNumberId,
  ...addressee,
  session,
  mayAskUser: false,
  content: {},
  reference: null,
  giveUpAfterMs: null,
  lease: null,
  metaShaped: { callbackData, connectedBy: keyId },
});

/** @throws Problem `outcome_unknown` while 360dialog has not confirmed it */
const confirmed = async ({ status }: CommandResult): Promise<ApiAnswer> => {
  if (status === 202) throw new Problem('outcome_unknown');
  return DONE;
};
