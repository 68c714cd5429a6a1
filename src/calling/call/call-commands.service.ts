import { Injectable } from '@nestjs/common';
import type { Principal } from '#access/authorization/principal.js';
import { type ApiAnswer, IdempotencyService, type IdempotentRequest, type Intent } from '#access/idempotency/idempotency.service.js';
import type { NumberReach } from '#identity/numbers/number-reach.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { apply, awaitsResponse, type Call } from './call.js';
import { CallsService } from './calls.service.js';
import type { CallIdDto } from './command.view.js';

/** The result of a verb: 200 or 201 once 360dialog confirmed it, 202 while it waits or its result is unknown. */
export interface CommandResult {
  status: 200 | 201 | 202;
  call: Call;
}

/** Runs the verbs that act on a call, each once per `Idempotency-Key`, and answers the call as the client may see it. */
@Injectable()
export class CallCommandsService {
  constructor(
    private readonly calls: CallsService,
    private readonly numbers: NumbersService,
    private readonly idempotency: IdempotencyService,
    private readonly clock: Clock,
  ) {}

  /**
   * Runs a verb under the key of its request. After a crash a repeated request is answered from the call, never run again.
   * @param show the answer that the client gets; by default the call
   * @throws Problem of the key, or as `verb` throws
   */
  run(
    request: IdempotentRequest,
    verb: (intent: Intent) => Promise<CommandResult>,
    show: (result: CommandResult) => Promise<ApiAnswer> = (result) => this.#asCall(result, request.principal),
  ): Promise<ApiAnswer & { replayed: boolean }> {
    return this.idempotency.run(
      request,
      async (intent) => show(await verb(intent)),
      async (callId) => show({ status: 202, call: await this.#abandoned(request.principal, callId) }),
    );
  }

  /**
   * The id that a request names a call by: the gateway's or the wacid.
   * @throws Problem `invalid_request` naming `id`, or `unknown_number` for a number that is not the gateway's
   */
  async idOf({ id, call_id, phone_number_id }: CallIdDto, by: NumberReach): Promise<string> {
    if (phone_number_id !== undefined) await this.numbers.require(by, phone_number_id);
    const given = id ?? call_id;
    if (given === undefined || (call_id !== undefined && given !== call_id)) {
      throw new Problem('invalid_request', { errors: [{ field: 'id', message: ONE_ID }] });
    }
    return given;
  }

  async #asCall({ status, call }: CommandResult, { scopes }: Principal): Promise<ApiAnswer> {
    return { status, body: await this.calls.view(call, scopes.has('calls:control')) };
  }

  /** A process ended after the intent of this call was committed: the result of its dial is unknown. */
  async #abandoned(by: NumberReach, id: string): Promise<Call> {
    return this.calls.change(await this.calls.require(by, id), async (tx, call) =>
      awaitsResponse(call) ? this.calls.write(tx, call, apply(call, { kind: 'dial.lost', at: this.clock.now() })) : call,
    );
  }
}

const ONE_ID = { en: 'give id or call_id, one of both', es: 'indique id o call_id, uno de los dos' };
