import { rfc3339 } from '#kernel/clock.js';
import type { JsonRecord } from '#kernel/read.js';
import type { SimulatorContext } from '#simulator/play/context.js';
import type { Simulator } from '#simulator/simulator.js';
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

/** The business number in the control API. */
export function numberView({ number, clock }: SimulatorContext): JsonRecord {
  const { restrictions, templates, ...plain } = number;
  return {
    ...snakeCased(plain),
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
export const faultsView = ({ requestFaults, webhookFaults }: Simulator): JsonRecord[] => [
  ...requestFaults.all().map(snakeCased),
  ...webhookFaults.all().map(webhookFaultView),
];

/** What comes next, soonest first: everything, or only what concerns one user. */
export function nextView({ agenda, context }: Simulator, user?: SimulatedUser): JsonRecord[] {
  const about = user && [user.id, ...context.calls.all().flatMap((call) => (call.user === user ? [call.id] : []))];
  const now = context.clock.now();
  const inSeconds = (at: number) => Math.max(0, Math.round((at - now) / 100) / 10);
  return agenda.upcoming(about).map(({ at, what, about: id }) => ({ at: rfc3339(at), in_seconds: inSeconds(at), what, about: id }));
}

/** `GET /state`: all of the simulator, with the last 100 journal lines. */
export const stateView = (simulator: Simulator): JsonRecord => {
  const { context, clock, delivery } = simulator;
  return {
    now: rfc3339(clock.now()),
    clock_moved_by_seconds: Math.round(clock.offsetMs / 1_000),
    webhook: delivery.target && { url: delivery.target.url.replace(/\?.*$/, '?…'), headers: Object.keys(delivery.target.headers) },
    number: numberView(context),
    users: context.users.all().map((user) => userView(user, context)),
    calls: context.calls.live().map(callView),
    faults: faultsView(simulator),
    journal: context.journal
      .all()
      .slice(-SHOWN_LINES)
      .map(({ at, what, about }) => ({ at: rfc3339(at), what, about })),
    next: nextView(simulator),
  };
};
