import type { EventType, NewEvent } from '#events/event.js';
import type { SubscriptionDisabledView, SubscriptionGapView } from '#events/views/event-data.view.js';
import { rfc3339 } from '#kernel/clock.js';
import { type Loss, shownLoss } from './gap.js';
import { reachOf, type StopReason, type Subscription } from './subscription.js';

/** What an event about a subscription needs of it. */
type Subject = Pick<Subscription, 'id' | 'description' | 'phoneNumberId' | 'numbers' | 'revision'>;

/** What every event about a subscription names. */
type Named = 'id' | 'description';

/** An event about a subscription itself. Its data does not show the URL, which may hold a token. */
const subscriptionEvent = (subscription: Subject, type: EventType, now: number, data: object): NewEvent => {
  const { id, description, revision } = subscription;
  // About one number when the subscription is; else about none, and for those who reach all.
  const { numbers } = reachOf(subscription);
  return {
    type,
    subject: id,
    sequence: revision + 1,
    phoneNumberId: numbers?.length === 1 ? (numbers[0] ?? null) : null,
    occurredAt: now,
    expiresAt: null,
    data: { id, description, ...data },
  };
};

/** The event `subscription.disabled`: the gateway has stopped a subscription. */
export const disabledEvent = (subscription: Subscription, state: 'paused' | 'disabled', reason: StopReason, now: number): NewEvent =>
  subscriptionEvent(subscription, 'subscription.disabled', now, {
    state,
    disabled_at: rfc3339(now),
    disabled_reason: reason,
    failing_since: rfc3339(subscription.failingSince),
    failures: subscription.failures,
  } satisfies Omit<SubscriptionDisabledView, Named>);

/** The event `subscription.gap`. */
export const gapEvent = (subscription: Subject, gap: Loss, now: number): NewEvent =>
  subscriptionEvent(subscription, 'subscription.gap', now, shownLoss(gap) satisfies Omit<SubscriptionGapView, Named>);
