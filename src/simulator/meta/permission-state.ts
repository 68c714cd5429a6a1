import { SECOND } from '#kernel/clock.js';
import type { JsonRecord } from '#kernel/read.js';
import type { SimulatorContext } from '#simulator/play/context.js';
import { mayStartCalls, restrictionOf } from '#simulator/world/number.js';
import { allFree, callLimits, heldPermission, requestLimits, type SimulatedLimit } from '#simulator/world/permissions.js';
import { checkCallingEnabled } from './number-checks.js';
import { MetaRefusal, need } from './refusals.js';

const unix = (ms: number): number => Math.floor(ms / 1_000);

const shown = ({ period, allowed, used, freeAt }: SimulatedLimit): JsonRecord => ({
  time_period: period,
  max_allowed: allowed,
  current_usage: used,
  ...(freeAt !== null && { limit_expiration_time: unix(freeAt) }),
});

/** `GET /calling/permissions/{user}`: what may be done with one user now, all limits considered. */
export class PermissionState {
  #reads: number[] = [];

  constructor(private readonly context: SimulatorContext) {}

  /** @throws MetaRefusal 613 above the reads per second, 138000 while calling is off, 100 for an unknown user */
  read(id: string): JsonRecord {
    const { clock, number, users } = this.context;
    const now = clock.now();
    this.#throttle(now);
    checkCallingEnabled(number);
    const user = users.meet(id);
    need(user, 'user_wa_id is not a WhatsApp user id');
    const permission = user.script.uncallable ? null : heldPermission(user, now);
    const free = mayStartCalls(number) && !restrictionOf(number, 'business', now);
    const asks = requestLimits(user, now);
    const calls = callLimits(user, now);
    return {
      messaging_product: 'whatsapp',
      permission: {
        status: permission?.kind ?? 'no_permission',
        ...(permission?.until && { expiration_time: unix(permission.until) }),
      },
      actions: [
        {
          action_name: 'send_call_permission_request',
          can_perform_action: free && permission?.kind !== 'permanent' && !user.script.uncallable && allFree(asks),
          limits: asks.map(shown),
        },
        { action_name: 'start_call', can_perform_action: free && permission !== null && allFree(calls), limits: calls.map(shown) },
      ],
    };
  }

  #throttle(now: number): void {
    this.#reads = this.#reads.filter((at) => at > now - SECOND);
    if (this.#reads.length >= this.context.number.permissionReadsPerSecond)
      throw new MetaRefusal(613, 'Too many reads of call permissions');
    this.#reads.push(now);
  }
}
