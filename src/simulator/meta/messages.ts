import { rfc3339 } from '#kernel/clock.js';
import { type JsonRecord, list, record } from '#kernel/read.js';
import type { SimulatorContext } from '#simulator/play/context.js';
import type { MessageSimulation } from '#simulator/play/message-simulation.js';
import type { PermissionSimulation } from '#simulator/play/permission-simulation.js';
import type { Template } from '#simulator/world/number.js';
import { freeAgainAt, heldPermission, requestLimits, windowOpen } from '#simulator/world/permissions.js';
import type { SimulatedUser } from '#simulator/world/user.js';
import { checkMayStartCalls } from './number-checks.js';
import { closed, recipientOf } from './read-call.js';
import { MetaRefusal, need } from './refusals.js';

/** `POST /messages`: texts, call buttons, templates, and requests for permission in both their forms. */
export class Messages {
  constructor(
    private readonly context: SimulatorContext,
    private readonly simulation: MessageSimulation,
    private readonly permissions: PermissionSimulation,
  ) {}

  /** @returns Meta's answer with the message id. @throws MetaRefusal in Meta's order: shape, permission, window */
  send(value: unknown): JsonRecord {
    const body = record(value);
    need(body, 'The body must be an object');
    need(body.messaging_product === 'whatsapp', 'messaging_product must be "whatsapp"');
    need(body.recipient_type === 'individual', 'recipient_type must be "individual"');
    const id = recipientOf(body);
    need(id, 'to or recipient is required and must be a phone number or a business-scoped user id');
    const wanted = this.#read(body);
    const user = this.context.users.meet(id);
    need(user, 'to or recipient is not a user');
    if (wanted.asksPermission) this.#mayAsk(user);
    if (!wanted.template && !windowOpen(user, this.context.clock.now())) {
      throw new MetaRefusal(131047, 'More than 24 hours have passed since the user last wrote: use a template');
    }
    const wamid = this.simulation.sent(user, wanted.template ? 'utility' : 'service', wanted.asksPermission);
    if (wanted.asksPermission) this.permissions.asked(user, wamid, textOf(body));
    const contact = { input: id, ...(user.waId !== null && { wa_id: user.waId }), ...(user.userId !== null && { user_id: user.userId }) };
    return { messaging_product: 'whatsapp', contacts: [contact], messages: [{ id: wamid }] };
  }

  #read(body: JsonRecord): { asksPermission: boolean; template: boolean } {
    if (body.type === 'template') return { asksPermission: this.#template(body.template).asksPermission, template: true };
    if (body.type === 'text') {
      need(typeof record(body.text)?.body === 'string', 'text.body is required');
      return { asksPermission: false, template: false };
    }
    if (body.type !== 'interactive') throw new MetaRefusal(131051, `Unsupported message type ${String(body.type)}`);
    return { asksPermission: readInteractive(body.interactive), template: false };
  }

  #template(value: unknown): Template {
    const wanted = closed(value, ['name', 'language', 'components', 'namespace'], 'template');
    const code = record(wanted.language)?.code;
    need(typeof wanted.name === 'string', 'template.name is required');
    need(typeof code === 'string', 'template.language.code is required');
    const template = this.context.number.templates.find(({ name, language }) => name === wanted.name && language === code);
    if (!template) throw new MetaRefusal(132001, `template name (${wanted.name}) does not exist in ${code}`);
    const components = list(wanted.components).map((item) => record(item) ?? {});
    need(!components.some(({ type }) => /call_permission_request/i.test(String(type))), 'The permission component is not sent');
    const given = components
      .filter(({ type }) => String(type).toLowerCase() === 'body')
      .flatMap(({ parameters }) => list(parameters)).length;
    if (given !== template.parameters)
      throw new MetaRefusal(132000, `body: number of parameters (${given}) does not match (${template.parameters})`);
    return template;
  }

  #mayAsk(user: SimulatedUser): void {
    const { clock, number } = this.context;
    checkMayStartCalls(number, clock.now());
    if (heldPermission(user, clock.now())?.kind === 'permanent')
      throw new MetaRefusal(138017, 'The user has granted permission for ever: just call');
    const freeAt = freeAgainAt(requestLimits(user, clock.now()));
    if (freeAt !== null)
      throw new MetaRefusal(138009, `One request in 24 hours and two in 7 days; the next is allowed at ${rfc3339(freeAt)}`);
  }
}

/** What the user reads above the question, if it was sent along. */
const textOf = ({ interactive }: JsonRecord): string | null => {
  const text = record(record(interactive)?.body)?.text;
  return typeof text === 'string' ? text : null;
};

/** Does this interactive message ask for permission? The other kind that is known is the call button. */
function readInteractive(value: unknown): boolean {
  const interactive = record(value);
  need(interactive, 'interactive is required');
  const action = record(interactive.action);
  if (interactive.type === 'voice_call') {
    need(action?.name === 'voice_call' && typeof record(interactive.body)?.text === 'string', 'voice_call needs action.name and body.text');
    return false;
  }
  if (interactive.type !== 'call_permission_request') throw new MetaRefusal(131009, `Unknown interactive type ${String(interactive.type)}`);
  closed(interactive, ['type', 'action', 'body'], 'interactive');
  need(action?.name === 'call_permission_request', 'interactive.action.name must be "call_permission_request"');
  const text = interactive.body === undefined ? 'none' : record(interactive.body)?.text;
  need(typeof text === 'string' && text !== '' && text.length <= 1_024, 'interactive.body.text must have 1 to 1024 characters');
  return true;
}
