import { hasSeveral, numberTitle } from '../numbers.js';
import { nameOf, phone } from '../parts/call.js';
import { nextStep, sentenceOf, stepFor } from '../parts/next-step.js';
import { clock } from '../parts/time.js';
import { linkTo } from '../router.js';
import { can } from '../session.js';
import { t, word } from '../texts.js';
import { fill, h } from '../view.js';
import { hasRelay } from './ice.js';
import { answer, reject } from './inbound.js';
import { keypad } from './keypad.js';
import { closeLine, phaseOf, speaking } from './lines.js';
import { callAgain, dial, hangUp } from './outbound.js';
import { troubleView } from './problem.js';

/** @import { Line } from './lines.js' */
/** @typedef {ReturnType<typeof build>} Parts */
/** @typedef {ReturnType<typeof phaseOf>} Phase */

/** One call in the dock. */

const SAYS = {
  incoming: 'inbound',
  awaiting_permission: 'awaiting',
  ready: 'ready',
  dialing: 'dialing',
  ringing: 'ringing',
  accepting: 'accepting',
  in_progress: 'talking',
  elsewhere: 'elsewhere',
  lost: 'lost',
};

/** A card that shows a line for as long as it lives: `draw` after a change, `tick` each second, `hear` with each level. @param {Line} line */
export function card(line) {
  const element = h('section', { class: 'phone-card', 'aria-label': nameOf(line.call.user) });
  let shown = '';
  /** @type {Parts | null} */
  let parts = null;
  const tick = () => parts && fill(parts.time, timeOf(line));
  const hear = () => parts?.meters && showLevels(parts.meters, line.heard);
  return {
    element,
    draw: () => {
      const now = signature(line);
      if (now === shown) return;
      shown = now;
      const active = document.activeElement;
      const focus = active instanceof HTMLElement && element.contains(active) ? active.dataset.do : null;
      parts = build(line);
      element.dataset.phase = phaseOf(line);
      fill(element, parts.all);
      /** @type {HTMLElement | null} */
      const again = element.querySelector(`[data-do="${focus}"]`) ?? (focus ? element.querySelector('button') : null);
      again?.focus();
      tick();
      hear();
    },
    tick,
    hear,
  };
}

/** The values that redraw a card when they change. @param {Line} line */
const signature = (line) =>
  JSON.stringify([
    document.documentElement.lang,
    phaseOf(line),
    line.busy,
    line.warm,
    line.takenBy,
    line.media?.muted,
    line.call.outcome,
    line.call.outcome_known,
    line.problem && [line.problem.message, line.problem.problem?.code],
    speaking()?.call.id,
  ]);

/** @param {Line} line */
function build(line) {
  const { call } = line;
  const phase = phaseOf(line);
  const time = h('p', { class: 'phone-time', role: 'timer' });
  const meters = phase === 'in_progress' ? levels() : null;
  const number = phone(call.user.wa_id);
  const all = [
    h('p', { class: 'phone-way' }, t(`softphone.${call.direction}`)),
    h('h2', {}, nameOf(call.user)),
    number && number !== nameOf(call.user) ? h('p', { class: 'faint' }, number) : null,
    hasSeveral() ? h('p', { class: 'faint' }, t(`softphone.of.${call.direction}`, { number: numberTitle(call.phone_number_id) })) : null,
    h('p', { class: 'phone-says' }, saying(line, phase)),
    call.state !== 'ended' && !call.outcome_known ? h('p', { class: 'warn-text' }, t('softphone.unconfirmed')) : null,
    time,
    meters?.element,
    line.problem ? troubleView(line.problem, contextOf(line)) : null,
    !line.problem && phase === 'over' ? ended(line) : null,
    phase === 'in_progress' ? keypad(line) : null,
    h('div', { class: 'row' }, buttons(line, phase)),
    can('calls:read') ? h('p', {}, h('a', { href: linkTo(['calls', call.id]) }, t('softphone.log'))) : null,
  ];
  return { all, time, meters };
}

/** @param {Line} line */
const contextOf = (line) => ({
  user: line.call.user,
  callId: line.call.id,
  number: hasSeveral() ? line.call.phone_number_id : undefined,
  call: () => callAgain(line),
  report: () => JSON.stringify({ call: line.call.id, ...line.call.error }, null, 2),
});

/** Why the call failed and what to do; a missed call can be made again. @param {Line} line */
function ended(line) {
  const { error, outcome, direction } = line.call;
  if (error) return [h('p', {}, sentenceOf(error.code, contextOf(line))), nextStep(error.code, contextOf(line))];
  return direction === 'outbound' && outcome !== 'answered' ? stepFor('call_again', contextOf(line)) : null;
}

/** @param {Line} line @param {Phase} phase */
function saying({ call, warm, takenBy }, phase) {
  if (phase === 'over') return t('softphone.over', { outcome: word('outcome', call.outcome ?? 'unknown') });
  if (phase === 'claimed') return t('softphone.claimed', { who: takenBy });
  if (phase === 'incoming') return warm ? t('softphone.warm') : '';
  return t(`softphone.${SAYS[phase]}`);
}

/** @param {Line} line @param {Phase} phase */
function buttons(line, phase) {
  const occupied = speaking() !== undefined && speaking() !== line;
  const busy = line.busy !== null && line.busy !== 'warming';
  /**
   * @param {string} name
   * @param {(line: Line) => unknown} work
   * @param {string} [look]
   */
  const button = (name, work, look, disabled = busy) =>
    h('button', { type: 'button', class: look, disabled, 'data-do': name, on: { click: () => void work(line) } }, t(`softphone.${name}`));
  const hint = occupied ? h('p', { class: 'hint' }, t('softphone.busy')) : null;
  switch (phase) {
    case 'over':
      return button('close', closeLine);
    case 'claimed':
      return [];
    case 'incoming':
      return [button('answer', answer, 'primary', busy || occupied), button('reject', reject, 'danger'), hint];
    case 'ready':
      return [can('calls:dial') ? button('dial', dial, 'primary', busy || occupied) : null, button('cancel', hangUp, 'danger'), hint];
    case 'awaiting_permission':
      return [button('cancel', hangUp, 'danger'), button('close', closeLine, 'quiet')];
    case 'elsewhere':
      return [button('hangUp', hangUp, 'danger'), button('close', closeLine, 'quiet')];
    case 'in_progress':
      return [mute(line), button('hangUp', hangUp, 'danger')];
    default:
      return button('hangUp', hangUp, 'danger', line.busy === 'ending');
  }
}

/** @param {Line} line */
function mute(line) {
  const button = h('button', { type: 'button', 'data-do': 'mute', 'aria-pressed': line.media?.muted ?? false }, t('softphone.mute'));
  button.addEventListener('click', () => {
    line.media?.mute(!line.media.muted);
    button.setAttribute('aria-pressed', String(line.media?.muted ?? false));
  });
  return button;
}

/** The answer clock, then the length of the call. @param {Line} line */
function timeOf({ call }) {
  if (call.state === 'ended') return call.duration_seconds === null ? '' : `${t('softphone.lasted')} ${clock(call.duration_seconds)}`;
  if (call.state === 'in_progress') return `${t('softphone.lasts')} ${clock(secondsFrom(call.answered_at))}`;
  if (call.state !== 'ringing' || call.direction !== 'inbound' || call.expires_at === null) return '';
  return `${t('softphone.answerWithin')} ${clock(-secondsFrom(call.expires_at, Math.floor))}`;
}

const secondsFrom = (/** @type {string | null} */ iso, round = Math.round) => {
  if (!iso) return 0;
  const seconds = round((Date.now() - new Date(iso).getTime()) / 1_000);
  return round === Math.floor ? Math.min(0, seconds) : Math.max(0, seconds);
};

function levels() {
  const meter = (/** @type {string} */ name) =>
    h('meter', { min: 0, max: 1, low: 0.1, 'aria-label': t(`softphone.${name}`), 'data-level': name });
  const [own, theirs] = [meter('you'), meter('them')];
  const cause = h('p', { class: 'warn-text', role: 'status' });
  const row = (/** @type {string} */ name, /** @type {HTMLElement} */ element) =>
    h('div', { class: 'phone-level' }, h('span', {}, t(`softphone.${name}`)), element);
  return { own, theirs, cause, element: h('div', { class: 'phone-levels' }, row('you', own), row('them', theirs), cause) };
}

/** @param {NonNullable<Parts['meters']>} meters @param {Line['heard']} heard */
function showLevels(meters, heard) {
  meters.own.value = heard?.own ?? 0;
  meters.theirs.value = heard?.theirs ?? 0;
  const cause = heard?.cause === 'no_path' && !hasRelay() ? 'no_relay' : heard?.cause;
  const why = cause ? t(`softphone.silence.${cause}`) : '';
  // Written only when it changes, so that it is read out once.
  if (meters.cause.textContent !== why) meters.cause.textContent = why;
}
