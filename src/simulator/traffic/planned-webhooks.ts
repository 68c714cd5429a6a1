import { DAY, HOUR, MINUTE } from '#kernel/clock.js';
import { connectWebhook, statusWebhook, terminateWebhook } from '#simulator/webhooks/call-webhooks.js';
import type { SimulatedChange } from '#simulator/webhooks/change.js';
import { type BillingForm, messageStatusWebhook } from '#simulator/webhooks/message-webhooks.js';
import { SimulatedCall } from '#simulator/world/call.js';
import { Ids } from '#simulator/world/ids.js';
import type { SimulatedNumber } from '#simulator/world/number.js';
import { metaAnswer, metaOffer } from '#simulator/world/sdp.js';
import type { SimulatedUser } from '#simulator/world/user.js';
import type { DayPlan, PlannedCall, PlannedConversation } from './day-plan.js';
import { SeededDraws } from './draws.js';

/** A webhook of a plan. */
export interface PlannedWebhook {
  kind: 'calls' | 'messages';
  /** When the event happened; ms since 1970. */
  at: number;
  /** When it arrives: webhooks leave in this order. */
  arrives: number;
  /** Webhooks of one subject leave one after the other. */
  subject: number;
  change: () => SimulatedChange;
}

/** The form of the webhooks, and the disorder of their delivery. */
export interface DeliveryPattern {
  form: BillingForm;
  /** The share of webhooks that arrive twice, and of those that arrive hours late; 0 to 1. */
  duplicates: number;
  late: number;
}

export const USUAL_PATTERN: DeliveryPattern = { form: 'per_message', duplicates: 0.02, late: 0.03 };

interface Parties {
  number: SimulatedNumber;
  person: (index: number) => SimulatedUser;
}

/** The webhooks of a day's plan, in no order. What is drawn here does not move the plan. */
export function webhooksOf(plan: DayPlan, { duplicates, late, form }: DeliveryPattern, seed: string, to: Parties): PlannedWebhook[] {
  const draws = new SeededDraws(`${seed}:mail`);
  const webhooks = [
    ...[...plan.conversations, ...plan.failures].flatMap((conversation) => ofConversation(conversation, form, to)),
    ...plan.calls.map((call) => ofCall(call, to)),
  ];
  return webhooks.flatMap((webhook) => {
    const arrives = webhook.at + (draws.chance(late) ? draws.between(60, 36 * 60) * MINUTE : 0);
    const once = { ...webhook, arrives };
    return draws.chance(duplicates) ? [once, { ...once, arrives: arrives + draws.between(1, 120) * MINUTE }] : [once];
  });
}

function ofConversation({ id, at, category, person, messages }: PlannedConversation, form: BillingForm, to: Parties): PlannedWebhook[] {
  const until = at + DAY;
  return messages.flatMap(({ wamid, fate }) =>
    fate.map(({ status, at: when }) => ({
      kind: 'messages' as const,
      at: when,
      arrives: when,
      subject: person,
      change: () => messageStatusWebhook(to.number, to.person(person), { wamid, status, category, conversation: id, until }, when, form),
    })),
  );
}

/**
 * A call that is over, in one delivery. The terminate goes first, so that no consumer takes the call for a ringing one. Its
 * time is the end of the call.
 */
function ofCall(planned: PlannedCall, { number, person }: Parties): PlannedWebhook {
  const change = (): SimulatedChange => {
    const call = simulated(planned, person(planned.person));
    const end = terminateWebhook(number, call, null);
    const begin = connectWebhook(number, call, planned.startedAt);
    if (!planned.byBusiness) return { ...end, batched: [begin] };
    const ringing = statusWebhook(number, call, 'RINGING', planned.startedAt + 2_000);
    if (planned.rejected) return { ...statusWebhook(number, call, 'REJECTED', planned.endedAt), batched: [end, ringing, begin] };
    if (planned.pickedUpAt === null) return { ...end, batched: [ringing, begin] };
    return { ...end, batched: [statusWebhook(number, call, 'ACCEPTED', planned.pickedUpAt), ringing, begin] };
  };
  return { kind: 'calls', at: planned.endedAt, arrives: planned.endedAt, subject: planned.person, change };
}

function simulated({ id, byBusiness, startedAt, pickedUpAt, endedAt, rejected }: PlannedCall, user: SimulatedUser): SimulatedCall {
  const ids = new Ids(id);
  const offer = metaOffer(ids);
  const direction = byBusiness ? 'BUSINESS_INITIATED' : 'USER_INITIATED';
  const call = new SimulatedCall(id, user, direction, startedAt, byBusiness ? metaAnswer(ids, offer.sdp) : offer);
  const over = { state: 'ended', pickedUpAt, endedAt, connectSent: true, endedBecause: rejected ? 'rejected' : 'over' } as const;
  return Object.assign(call, over);
}

/** The longest that anything of a day goes on into the next ones. */
export const LONGEST_CALL_MS = 6 * HOUR;
