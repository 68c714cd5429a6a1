import { SECOND } from '#kernel/clock.js';
import { type Decision, permissionReplyWebhook } from '#simulator/webhooks/message-webhooks.js';
import { heldPermission, LIMITS, newPermission, PERMISSION_LIFE_MS } from '#simulator/world/permissions.js';
import type { SimulatedPermission, SimulatedUser } from '#simulator/world/user.js';
import type { SimulatorContext } from './context.js';

/** How users and WhatsApp itself grant and withdraw permissions. */
export class PermissionSimulation {
  constructor(private readonly context: SimulatorContext) {}

  /** A permission request has reached the phone: it replaces any older one, and the user acts by the script. */
  asked(user: SimulatedUser, wamid: string, text: string | null = null): void {
    const now = this.context.clock.now();
    user.askedAt.push(now);
    user.openRequest = { wamid, at: now, text, answered: false };
    const { on_permission_request: does, permission_after_seconds: after, old_client: old } = user.script;
    if (old || does === 'ignore' || this.context.pages.has(user)) return;
    const what = {
      grant_temporary: 'grants permission for 7 days',
      grant_permanent: 'grants permission for ever',
      refuse: 'refuses permission',
    }[does];
    this.context.agenda.plan(after * SECOND, user.id, `${user.name} ${what}`, () => {
      if (user.openRequest?.wamid !== wamid || this.context.pages.has(user)) return;
      if (does === 'refuse') this.withdraw(user);
      else this.grant(user, does === 'grant_permanent' ? 'permanent' : 'temporary');
    });
  }

  /** The user accepts the open request, or without one permits calls in the business profile. */
  grant(user: SimulatedUser, kind: SimulatedPermission['kind']): void {
    const permission = newPermission(kind, this.context.clock.now());
    this.#decide(user, { permission, source: 'user_action', context: this.requestOf(user) });
    const after = user.script.revoke_after_seconds;
    if (after === null) return;
    this.context.agenda.plan(after * SECOND, user.id, `${user.name} withdraws the permission`, () => {
      if (user.permission === permission) this.withdraw(user);
    });
  }

  /** The user declines the open request, or withdraws the permission in the business profile. */
  withdraw(user: SimulatedUser): void {
    const context = heldPermission(user, this.context.clock.now()) ? null : this.requestOf(user);
    this.#decide(user, { permission: null, source: 'user_action', context });
  }

  /** Changes what Meta knows without a webhook, as when the webhook is lost. */
  setSilently(user: SimulatedUser, kind: SimulatedPermission['kind'] | null): void {
    user.permission = kind && newPermission(kind, this.context.clock.now());
    user.unanswered = 0;
  }

  /** A user has called, answered or not: with the callback setting on, that is a permission for 7 days. */
  called(user: SimulatedUser, wacid: string): void {
    if (this.context.number.calling.callback_permission_status !== 'ENABLED') return;
    if (heldPermission(user, this.context.clock.now())?.kind === 'permanent') return;
    this.context.agenda.plan(SECOND / 2, user.id, `WhatsApp grants permission to call ${user.name} back`, () => {
      this.#decide(user, { permission: newPermission('temporary', this.context.clock.now()), source: 'automatic', context: wacid });
    });
  }

  /** Any connected call sets the counters of requests and of unanswered calls to zero. */
  connected(user: SimulatedUser): void {
    user.askedAt = [];
    user.unanswered = 0;
  }

  /** A call of the business was not picked up: the second earns the user a nudge, the fourth ends the permission. */
  unanswered(user: SimulatedUser): void {
    user.unanswered += 1;
    if (user.unanswered === LIMITS.nudgeAfter) {
      user.nudgedAt = this.context.clock.now();
      this.context.journal.note(`WhatsApp asks ${user.name} whether to keep the permission (nothing on the wire)`, user.id);
    }
    if (user.unanswered < LIMITS.revokeAfter) return;
    this.context.agenda.plan(SECOND / 2, user.id, `WhatsApp withdraws the permission after ${LIMITS.revokeAfter} unanswered calls`, () => {
      this.#decide(user, { permission: null, source: 'automatic', context: null });
    });
  }

  /** The wamid of the request that can still be answered: 7 days long, also after a refusal. */
  requestOf({ openRequest }: SimulatedUser): string | null {
    return openRequest && openRequest.at > this.context.clock.now() - PERMISSION_LIFE_MS ? openRequest.wamid : null;
  }

  #decide(user: SimulatedUser, decision: Decision): void {
    const { ids, clock, number } = this.context;
    user.permission = decision.permission;
    user.unanswered = 0;
    if (user.openRequest?.wamid === decision.context) user.openRequest.answered = true;
    this.context.journal.note(`${user.name}: permission ${decision.permission?.kind ?? 'none'} (${decision.source})`, user.id);
    this.context.send(permissionReplyWebhook(number, user, ids.wamid(), decision, clock.now()), user.id);
  }
}
