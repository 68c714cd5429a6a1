import { rfc3339 } from '#kernel/clock.js';
import type { JsonRecord } from '#kernel/read.js';
import type { SimulatedLine } from '#simulator/line.js';
import type { SimulatorContext } from '#simulator/play/context.js';
import type { WebhookFault } from '#simulator/webhooks/change.js';
import type { SimulatedCall } from '#simulator/world/call.js';
import { reachesCallingTier, shownCalling } from '#simulator/world/number.js';
import { callLimits, heldPermission, requestLimits, windowOpen } from '#simulator/world/permissions.js';
import type { SimulatedUser } from '#simulator/world/user.js';

const SHOWN_LINES = 100;

/** The members of an object under the names of JSON. */
export const snakeCased = (value: object): JsonRecord =>
  Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), member]),
  );

/** A user in the control API, with the limits at this moment. */
export const userView = (user: SimulatedUser, { clock, calls }: SimulatorContext): JsonRecord => {
  const now = clock.now();
  const permission = heldPermission(user, now);
  return {
    id: user.id,
    name: user.name,
    role: user.role,
    wa_id: user.waId,
    user_id: user.userId,
    parent_user_id: user.parentUserId,
    username: user.username,
    script: user.script,
    permission: { status: permission?.kind ?? 'no_permission', expires_at: rfc3339(permission?.until) },
    open_request: user.openRequest?.wamid ?? null,
    requests: requestLimits(user, now).map(({ period, used, allowed }) => ({ period, used, allowed })),
    connected_calls: callLimits(user, now).map(({ period, used, allowed }) => ({ period, used, allowed })),
    unanswered_in_a_row: user.unanswered,
    nudged_at: rfc3339(user.nudgedAt),
    window_open: windowOpen(user, now),
    call_id: calls.liveWith(user)?.id ?? null,
  };
};

/** What the overview and the screen of a phone both show of a call. */
export const progressView = (call: SimulatedCall): JsonRecord => ({
  call_id: call.id,
  direction: call.direction,
  state: call.state,
  started_at: rfc3339(call.startedAt),
  picked_up_at: rfc3339(call.pickedUpAt),
  ended_at: rfc3339(call.endedAt),
  ended_because: call.endedBecause,
});

/** A call in the control API. */
export const callView = (call: SimulatedCall): JsonRecord => ({
  ...progressView(call),
  user: call.user.id,
  pre_accepted: call.preAccepted !== null,
  biz_opaque_callback_data: call.opaque ?? null,
});

/** `null` is unknown: the media of a page is not counted, and a call without a phone has none. */
export function mediaView(call: SimulatedCall, { phones }: SimulatorContext): JsonRecord {
  const report = phones.report(call);
  return { call_id: call.id, ...snakeCased(report), last_packet_at: rfc3339(report.lastPacketAt) };
}

/** A business number in the control API. */
export function numberView({ number, clock }: SimulatorContext): JsonRecord {
  const { restrictions, templates, portfolio, ...plain } = number;
  return {
    ...snakeCased(plain),
    portfolio_id: portfolio.id,
    tier: number.tier,
    tier_allows_calling: reachesCallingTier(number),
    calling: shownCalling(number, clock.now()),
    templates: templates.map(({ name, language, parameters }) => ({ name, language, parameters })),
  };
}

export const webhookFaultView = ({ delaySeconds, ...fault }: WebhookFault): JsonRecord => ({
  ...fault,
  ...(fault.effect === 'delay' && { delay_seconds: delaySeconds }),
});

/** Every fault that waits, those of requests first. */
export const faultsView = ({ requestFaults, webhookFaults }: SimulatedLine): JsonRecord[] => [
  ...requestFaults.all().map(snakeCased),
  ...webhookFaults.all().map(webhookFaultView),
];

/** What comes next, soonest first: everything, or only what concerns one user. */
export function nextView({ agenda, context }: SimulatedLine, user?: SimulatedUser): JsonRecord[] {
  const about = user && [user.id, ...context.calls.all().flatMap((call) => (call.user === user ? [call.id] : []))];
  const now = context.clock.now();
  const inSeconds = (at: number) => Math.max(0, Math.round((at - now) / 100) / 10);
  return agenda.upcoming(about).map(({ at, what, about: id }) => ({ at: rfc3339(at), in_seconds: inSeconds(at), what, about: id }));
}

/** Where the webhooks of a number go; the values of the query and of the headers may be secrets. */
const targetView = ({ delivery }: SimulatedLine): JsonRecord | null =>
  delivery.target && { url: delivery.target.url.replace(/\?.*$/, '?…'), headers: Object.keys(delivery.target.headers) };

/** Where the app at Meta receives webhooks, of all numbers. */
const subscriptionView = ({ appDelivery }: SimulatedLine): JsonRecord | null =>
  appDelivery.target && { url: appDelivery.target.url.replace(/\?.*$/, '?…') };

/** A number in the list of all, without its key. */
export const lineView = (line: SimulatedLine): JsonRecord => ({
  phone_number_id: line.identity.phoneNumberId,
  display_phone_number: line.identity.displayPhoneNumber,
  name: line.identity.name,
  waba_id: line.identity.wabaId,
  portfolio_id: line.portfolio.id,
  now: rfc3339(line.clock.now()),
  history: line.traffic.history,
  webhook: targetView(line),
  subscription: subscriptionView(line),
});

/** `GET /state`: all of one number and its people, with the last 100 journal lines. */
export const stateView = (line: SimulatedLine): JsonRecord => {
  const { context, clock } = line;
  return {
    now: rfc3339(clock.now()),
    clock_held: clock.held,
    clock_moved_by_seconds: Math.round(clock.offsetMs / 1_000),
    webhook: targetView(line),
    subscription: subscriptionView(line),
    number: numberView(context),
    users: context.users.all().map((user) => userView(user, context)),
    calls: context.calls.live().map(callView),
    faults: faultsView(line),
    journal: context.journal
      .all()
      .slice(-SHOWN_LINES)
      .map(({ at, what, about }) => ({ at: rfc3339(at), what, about })),
    next: nextView(line),
  };
};
