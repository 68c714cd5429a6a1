import { api } from '../api.js';
import { ofNumber } from '../numbers.js';
import { LABELS, SENTENCES } from '../problem-words.js';
import { linkTo } from '../router.js';
import { can } from '../session.js';
import { language, t } from '../texts.js';
import { announce, fill, h } from '../view.js';
import { whom } from '../whom.js';
import { addressOf, nameOf, phone } from './call.js';
import { action, confirmed } from './form.js';
import { atTime } from './time.js';

/** @import { Scope } from '../api-shapes.js' */
/** @import { AnyUser } from './call.js' */
/** @import { Moment } from './time.js' */
/** @typedef {keyof typeof LABELS} ActionKind */

/**
 * What a problem is about. What is unknown is left out; the button then leads to where it can be done.
 * @typedef {object} Context
 * @property {AnyUser | null} [user] whom it is about
 * @property {string | null} [address] the phone number or id of the person, where the user is not known
 * @property {Moment} [at] when it changes
 * @property {string} [callId]
 * @property {string} [number] the id of the business number; that of the page
 * @property {() => unknown} [again] does again what was refused
 * @property {() => unknown} [call] calls the person
 * @property {() => unknown} [changed] draws the page again after the cause was removed
 * @property {HTMLElement | null} [input] what must be corrected
 * @property {() => string} [report] what an administrator needs to know, as text
 */

/** What passes by itself: such a problem is shown calmly. @type {readonly ActionKind[]} */
const PASSING = ['wait', 'none', 'ask_again_at', 'call_again_at'];
/** A timer of a browser holds no more than this. */
const LONGEST_MS = 2_147_483_647;

/** Where a link leads, and the scope that its page needs. @type {Partial<Record<ActionKind, [Scope, (context: Context) => string[]]>>} */
const PAGES = {
  open_settings: ['settings:read', () => ['settings']],
  open_person: ['permissions:read', (context) => ['people', addressIn(context) ?? '']],
  open_call: ['calls:read', ({ callId }) => (callId ? ['calls', callId] : ['live'])],
  open_calls: ['calls:read', () => ['calls']],
  open_overview: ['status:read', () => []],
  open_eligibility: ['compliance:read', () => ['eligibility']],
  open_numbers: ['numbers:read', () => ['numbers']],
  open_softphone: ['calls:control', () => ['softphone']],
};

/** @param {Context} context */
const addressIn = ({ user, address }) => (user ? addressOf(user) : null) ?? address ?? null;

/** How the person is called, or `this person`. @param {Context} context */
function personIn({ user, address }) {
  if (user) return nameOf(user);
  return address ? (phone(address) ?? address) : t('problem.thisPerson');
}

/** @param {{ en: string, es: string }} text @param {Context} context */
const filled = (text, context) =>
  text[language()].replace(/\{(\w+)\}/g, (_, name) => (name === 'name' ? personIn(context) : atTime(context.at)));

const capital = (/** @type {string} */ text) => text.charAt(0).toLocaleUpperCase(language()) + text.slice(1);

/** What an error code says to people; one that no catalogue has is an unknown reason. @param {string | null | undefined} code @param {Context} [context] */
export function sentenceOf(code, context = {}) {
  const found = entryOf(code);
  return found ? capital(filled(found, context)) : t('problem.unknownSentence');
}

/** @param {string | null | undefined} code */
const entryOf = (code) => (code && Object.hasOwn(SENTENCES, code) ? SENTENCES[code] : undefined);

/** What can be done about an error code. @param {string | null | undefined} code @returns {ActionKind} */
export const actionOf = (code) => entryOf(code)?.action ?? 'contact_administrator';

/** Whether it changes by itself. @param {string | null | undefined} code */
export const isPassing = (code) => PASSING.includes(actionOf(code));

/** The button that does what can be done about a code, or leads there. @param {string | null | undefined} code @param {Context} [context] */
export const nextStep = (code, context = {}) => stepFor(actionOf(code), context);

/** @param {ActionKind} kind @param {Context} context @returns {HTMLElement | null} */
export function stepFor(kind, context) {
  const label = filled(LABELS[kind], context);
  switch (kind) {
    case 'wait':
    case 'none':
      return h('p', { class: 'faint' }, label);
    case 'turn_calling_on':
      return can('settings:write') ? action(label, () => turnOn(context), own('primary')) : tellAdministrator(context);
    case 'ask_permission':
      return asking(label, context);
    case 'ask_again_at':
      return whenDue(context.at, label, () => asking(filled(LABELS.ask_permission, context), context));
    case 'call_again_at':
      return whenDue(context.at, label, () => calling(filled(LABELS.call_again, context), context));
    case 'call_again':
      return calling(label, context);
    case 'retry':
      return context.again ? action(label, doing(context.again), own()) : null;
    case 'sign_in':
    case 'correct_number':
    case 'correct_input':
      return toInput(label, kind, context);
    case 'contact_administrator':
      return tellAdministrator(context);
    default:
      return link(label, kind, context);
  }
}

const own = (look = '') => ({ class: `step-button ${look}`.trim() });

const doing = (/** @type {() => unknown} */ work) => async () => {
  await work();
};

/** @param {string} label @param {ActionKind} kind @param {Context} context */
function link(label, kind, context) {
  const [scope, path] = PAGES[kind] ?? [];
  if (scope === undefined || path === undefined || !can(scope)) return tellAdministrator(context);
  return h('p', {}, h('a', { class: 'button step-button', href: linkTo(path(context), {}, context.number) }, label));
}

/** @param {string} label @param {Context} context */
function asking(label, context) {
  const address = addressIn(context);
  if (!can('permissions:ask')) return tellAdministrator(context);
  if (address === null) return null;
  const ask = async () => {
    await api('POST', '/api/calling/request-permission', { ...whom(address), ...numberOf(context) });
    context.changed?.();
    return t('people.asked');
  };
  return action(label, ask, own('primary'));
}

/** @param {string} label @param {Context} context */
function calling(label, context) {
  if (!can('calls:dial')) return null;
  if (context.call) return action(label, doing(context.call), own('primary'));
  const at = linkTo(['softphone'], { to: addressIn(context) }, context.number);
  return h('p', {}, h('a', { class: 'button step-button', href: at }, label));
}

/**
 * Until a moment has come the button names it and cannot be pressed; then it becomes the one that acts.
 * @param {Moment} at
 * @param {string} label
 * @param {() => HTMLElement | null} ready
 */
function whenDue(at, label, ready) {
  const left = at ? Date.parse(at) - Date.now() : 0;
  if (left <= 0) return ready();
  const place = h('div', {}, h('button', { type: 'button', class: 'step-button', disabled: true }, label));
  if (left < LONGEST_MS) setTimeout(() => place.isConnected && fill(place, ready()), left);
  return place;
}

/** @param {string} label @param {ActionKind} kind @param {Context} context */
function toInput(label, kind, context) {
  const { input } = context;
  if (input) return h('button', { type: 'button', class: 'step-button', on: { click: () => input.focus() } }, label);
  // Without a session the shell shows the page to sign in.
  if (kind === 'sign_in') return h('button', { type: 'button', class: 'step-button', on: { click: () => location.reload() } }, label);
  if (kind === 'correct_number' && can('calls:control'))
    return h('p', {}, h('a', { class: 'button step-button', href: linkTo(['softphone'], { to: addressIn(context) }) }, label));
  return null;
}

/** Turns calling on, after one question. @param {Context} context */
async function turnOn(context) {
  if (!(await confirmed(t('problem.turnOnQuestion'), LABELS.turn_calling_on[language()], t('shell.cancel'), 'primary'))) return;
  await api('PATCH', '/api/calling/settings', { calling: { status: 'ENABLED' }, ...numberOf(context) });
  announce(t('problem.turnedOn'));
  context.changed?.();
  return t('problem.turnedOn');
}

/** @param {Context} context */
const numberOf = ({ number }) => (number ? { phone_number_id: number } : ofNumber());

/** Copies what an administrator needs to know. @param {Context} context */
function tellAdministrator({ report }) {
  if (!report) return null;
  return action(LABELS.contact_administrator[language()], () => copy(report()), own());
}

/** Browsers copy on https and on the machine itself; elsewhere the text is saved as a file. @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return t('problem.copied');
  } catch {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    h('a', { href: url, download: 'problem.txt' }).click();
    setTimeout(() => URL.revokeObjectURL(url), LATER_MS);
    return t('problem.saved');
  }
}

const LATER_MS = 10_000;
