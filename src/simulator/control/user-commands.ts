import { type JsonRecord, record } from '#kernel/read.js';
import { isBsuid, phoneDigits } from '#kernel/wa-id.js';
import type { SimulatedLine } from '#simulator/line.js';
import { IDENTITY_FORMS, type IdentityForm } from '#simulator/webhooks/identity-webhooks.js';
import type { SimulatedCall } from '#simulator/world/call.js';
import { faultOfScript, isScriptField, type Script } from '#simulator/world/script.js';
import { faultOfSdp, type SimulatedSession } from '#simulator/world/sdp.js';
import type { SimulatedUser } from '#simulator/world/user.js';
import { ControlError, possible, simulatedUserOf, sure } from './control-error.js';
import { callView, nextView, userView } from './views.js';
import { whyNoCall } from './why-no-call.js';

type Command = (line: SimulatedLine, user: SimulatedUser, body: JsonRecord) => string;

/** The commands of `POST /users/{id}/{command}`. Each returns one sentence about what it did. */
const COMMANDS: Readonly<Record<string, Command>> = {
  ...{ call, session, message, grant, revoke, answer, reject },
  'hang-up': hangUp,
  'hand-over': handOver,
  'change-number': changeNumber,
  'change-user-id': changeUserId,
};

export const COMMAND_NAMES = Object.keys(COMMANDS);

/** Runs one command for a user. @throws ControlError 404 for an unknown command or user, 400 or 409 from the command */
export function commandUser(line: SimulatedLine, id: string, command: string, body: JsonRecord): JsonRecord {
  const act = COMMANDS[command];
  if (!act) throw new ControlError(404, `no command ${command}: there are ${COMMAND_NAMES.join(', ')}`);
  const user = simulatedUserOf(line.context, id);
  const done = act(line, user, body);
  const live = line.context.calls.liveWith(user);
  return { done, user: userView(user, line.context), call: live ? callView(live) : null, next: nextView(line, user) };
}

/** `POST /users` and `PUT /users/{id}`: makes a user, or changes one's name and script. */
export function putUser(line: SimulatedLine, id: string | null, body: JsonRecord): JsonRecord {
  const { users } = line.context;
  const script = readScript(body);
  const known = id === null ? undefined : users.find(id);
  const user = known ?? newUser(line, id, body);
  Object.assign(user.script, script);
  if (typeof body.name === 'string') user.person.name = body.name;
  if (typeof body.bsuid_as_number === 'boolean') user.person.bsuidAsNumber = body.bsuid_as_number;
  return {
    done: known ? `${user.name} behaves as told from now on` : `${user.name} is here`,
    user: userView(user, line.context),
    next: nextView(line, user),
  };
}

function newUser({ context }: SimulatedLine, id: string | null, body: JsonRecord): SimulatedUser {
  const written = [body.wa_id, body.user_id, id].find((value) => typeof value === 'string' && value !== '');
  sure(typeof written === 'string', 'wa_id (a phone number) or user_id (a BSUID) is required');
  sure(phoneDigits(written) !== undefined || isBsuid(written), `${written} is neither a phone number nor a BSUID`);
  possible(id !== null || !context.users.find(written), `there is already a user ${written}: change it with PUT`);
  const user = context.users.meet(written);
  sure(user, `${written} cannot be a user`);
  user.person.role = 'Made through the control API.';
  if (typeof body.wa_id === 'string' && typeof body.user_id === 'string') user.userId = body.user_id;
  return user;
}

function readScript(body: JsonRecord): Partial<Script> {
  const script = record(body.script) ?? {};
  for (const [name, value] of Object.entries(script)) {
    sure(isScriptField(name), `script.${name} is unknown`);
    const fault = faultOfScript(name, value);
    sure(fault === null, `script.${fault}`);
  }
  return script;
}

function call(line: SimulatedLine, user: SimulatedUser, body: JsonRecord): string {
  const seconds = body.give_up_after_seconds ?? user.script.give_up_after_seconds;
  sure(typeof seconds === 'number' && seconds >= 0, 'give_up_after_seconds must be a number of seconds');
  const payload = (name: string): string | undefined => {
    sure(
      body[name] === undefined || (typeof body[name] === 'string' && body[name].length <= 512),
      `${name} must be a text of at most 512 characters`,
    );
    return body[name] as string | undefined;
  };
  const wanted = {
    ctaPayload: payload('cta_payload'),
    deeplinkPayload: payload('deeplink_payload'),
    giveUpAfterSeconds: seconds,
    session: body.session === undefined ? null : readSession(body.session, 'offer'),
  };
  const obstacle = whyNoCall(line.context, user);
  possible(obstacle === null, obstacle?.message ?? '');
  if (!line.context.number.payment) {
    line.callSimulation.refuseCallIn(user);
    return 'no payment method: instead of the call an error webhook (131044) leaves now';
  }
  line.callSimulation.callIn(user, wanted);
  return `${user.name} calls: the connect webhook with the SDP offer leaves now`;
}

/** The page that plays this user answers the offer of a ringing call with SDP of its own. */
function session({ phones, context }: SimulatedLine, user: SimulatedUser, body: JsonRecord): string {
  const answer = readSession(body.session, 'answer');
  const live = waiting(context.calls.liveWith(user), user, 'prepare');
  possible(phones.answered(live, answer), 'the call has its session already');
  return 'the connect webhook leaves with this session';
}

function readSession(value: unknown, type: SimulatedSession['sdp_type']): SimulatedSession {
  const { sdp_type, sdp } = record(value) ?? {};
  sure(sdp_type === type && typeof sdp === 'string', `session must be { sdp_type: "${type}", sdp }`);
  const fault = faultOfSdp(sdp, type);
  sure(fault === null, `session.sdp: ${fault}`);
  return { sdp_type: type, sdp };
}

function message({ messageSimulation }: SimulatedLine, user: SimulatedUser, body: JsonRecord): string {
  const { text = 'Hello' } = body;
  sure(typeof text === 'string' && text !== '', 'text must be a text');
  messageSimulation.write(user, text);
  return `${user.name} writes: the message webhook leaves now, and the 24 h window is open`;
}

function grant({ permissionSimulation }: SimulatedLine, user: SimulatedUser, body: JsonRecord): string {
  const asked = permissionSimulation.requestOf(user) !== null;
  const { kind = asked ? 'temporary' : 'permanent' } = body;
  sure(kind === 'temporary' || kind === 'permanent', 'kind must be temporary or permanent');
  if (body.silent === true) {
    permissionSimulation.setSilently(user, kind);
    return `${user.name} has granted a ${kind} permission; no webhook leaves`;
  }
  possible(
    asked || kind === 'permanent',
    'without an open request only a permanent permission can be given (in the business profile); or add "silent": true',
  );
  permissionSimulation.grant(user, kind);
  return `${user.name} grants a ${kind} permission: the call_permission_reply webhook leaves now`;
}

function revoke({ permissionSimulation }: SimulatedLine, user: SimulatedUser, body: JsonRecord): string {
  if (body.silent === true) {
    permissionSimulation.setSilently(user, null);
    return `${user.name} has no permission any more; no webhook leaves`;
  }
  permissionSimulation.withdraw(user);
  return `${user.name} refuses or withdraws: the call_permission_reply webhook leaves now`;
}

function answer({ callSimulation, context }: SimulatedLine, user: SimulatedUser): string {
  callSimulation.answer(waiting(context.calls.liveWith(user), user, 'answer'));
  return `${user.name} answers: the ACCEPTED status leaves now`;
}

function reject({ callSimulation, context }: SimulatedLine, user: SimulatedUser): string {
  callSimulation.reject(waiting(context.calls.liveWith(user), user, 'reject'));
  return `${user.name} rejects: the REJECTED status leaves now, the terminate after it`;
}

function hangUp({ callSimulation, context }: SimulatedLine, user: SimulatedUser): string {
  const live = context.calls.liveWith(user);
  possible(live, `${user.name} is in no call`);
  possible(live.state === 'in_progress' || live.direction === 'USER_INITIATED', 'the call is not picked up yet: use reject');
  callSimulation.hangUp(live);
  return `${user.name} hangs up: the terminate webhook leaves next`;
}

/** The user goes on with another number. */
function changeNumber({ identitySimulation, context }: SimulatedLine, user: SimulatedUser, body: JsonRecord): string {
  const digits = typeof body.wa_id === 'string' ? phoneDigits(body.wa_id) : undefined;
  sure(digits !== undefined, 'wa_id must be the new phone number');
  possible(context.users.find(digits) === undefined, `${digits} is the number of another user`);
  identitySimulation.changeNumber(user, digits, formOf(body));
  return `${user.name} has another number: the user_changed_number webhook leaves now`;
}

/** The user goes on with another BSUID and a hidden number. */
function changeUserId({ identitySimulation, context }: SimulatedLine, user: SimulatedUser, body: JsonRecord): string {
  const { user_id: userId = null } = body;
  sure(userId === null || (typeof userId === 'string' && isBsuid(userId)), 'user_id must be a BSUID, or left out');
  possible(userId === null || context.users.find(userId) === undefined, `${userId} is the BSUID of another user`);
  identitySimulation.changeUserId(user, userId, formOf(body));
  return `${user.name} has another BSUID: the user_changed_user_id webhook leaves now`;
}

function formOf({ form = 'previous' }: JsonRecord): IdentityForm {
  const known = IDENTITY_FORMS.find((one) => one === form);
  sure(known, `form must be one of ${IDENTITY_FORMS.join(', ')}`);
  return known;
}

/** The Meta Business Agent gets the thread with this user, or gives it back. */
function handOver({ messageSimulation }: SimulatedLine, user: SimulatedUser, { to = 'agent' }: JsonRecord): string {
  sure(to === 'agent' || to === 'business', 'to must be agent or business');
  messageSimulation.handOver(user, to);
  const then = to === 'agent' ? 'what the user writes arrives on the field standby' : 'what the user writes arrives as usual';
  return `the thread with ${user.name} goes to the ${to}: ${then}`;
}

function waiting(live: SimulatedCall | undefined, user: SimulatedUser, what: string): SimulatedCall {
  possible(live, `${user.name} is in no call`);
  possible(live.direction === 'BUSINESS_INITIATED', `${user.name} is the caller: only the business can ${what} this call`);
  possible(live.state !== 'in_progress', 'the call is already picked up');
  return live;
}
