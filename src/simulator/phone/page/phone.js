import { Media } from './media.js';
import { language, text } from './texts.js';

const API = new URL('../api/', import.meta.url);
const METER_EVERY_MS = 100;

const at = (id) => document.getElementById(id);
const show = (id, visible) => {
  at(id).hidden = !visible;
};
const user = new URLSearchParams(location.search).get('user') ?? 'ana';
/** The number that this phone deals with; null for whichever something goes on with. */
const number = new URLSearchParams(location.search).get('number');

let screen = null;
/** The call whose sound is here, or none. */
let line = null;
let answering = false;
let muted = false;

async function send(command, body = {}) {
  const response = await fetch(new URL(`users/${encodeURIComponent(user)}/${command}`, API), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, ...(screen && { phone_number_id: screen.business.phone_number_id }) }),
  });
  if (response.ok) return response.json();
  throw new Error((await response.json().catch(() => null))?.error?.message ?? response.statusText);
}

/** Runs what a button does; while it runs the button rests, and what fails is told. */
function onClick(id, work) {
  const button = at(id);
  button.addEventListener('click', async () => {
    button.disabled = true;
    tell('');
    await work().catch((error) => tell(error.message));
    button.disabled = false;
    render();
  });
}

function tell(words) {
  at('line').textContent = words;
  show('line', words !== '');
}

/** Warms up the sound of an incoming call, so that answering it takes no time. */
async function prepare({ call_id, session }) {
  line = { callId: call_id, media: new Media(), microphone: null };
  const mine = line;
  try {
    await send('session', { session: await mine.media.answer(session) });
  } catch {
    if (line === mine) hush();
  }
}

async function dial() {
  const media = new Media();
  try {
    const microphone = await media.openMicrophone();
    const offer = await media.offer();
    line = { callId: null, media, microphone };
    const { call } = await send('call', { session: offer });
    if (line) line.callId = call?.call_id ?? null;
  } catch (error) {
    media.close();
    line = null;
    throw error;
  }
}

async function answer() {
  answering = true;
  try {
    if (line) line.microphone = await line.media.openMicrophone();
    await send('answer');
  } finally {
    answering = false;
  }
}

function hush() {
  line?.media.close();
  line = null;
  muted = false;
}

/** What the screen says decides over the sound: it is warmed up, it begins, it ends. */
function follow({ call }) {
  if (!call) {
    if (line?.callId) hush();
    return;
  }
  if (line && line.callId === null && call.direction === 'USER_INITIATED') line.callId = call.call_id;
  if (line && line.callId !== call.call_id) hush();
  const incoming = call.direction === 'BUSINESS_INITIATED';
  if (!line && incoming && call.media === 'page' && call.state !== 'in_progress' && call.session) prepare(call);
  if (!line) return;
  if (!incoming && call.session) line.media.take(call.session).catch((error) => tell(error.message));
  if (call.state === 'in_progress') line.media.talk().catch((error) => tell(error.message));
}

function render() {
  if (!screen) return;
  const { call, request, permission, last_call: last, cannot_call: obstacle } = screen;
  at('number').textContent = screen.user.wa_id ? `+${screen.user.wa_id}` : (screen.user.user_id ?? '');
  at('permission').textContent = text(`permission.${permission.status}`);
  show('card', request);
  at('card-text').textContent = request?.text ?? text('card_text');
  show('last', last && !call);
  at('last').textContent = last ? `${text('last_call')} ${text(last.ended_because)}` : '';
  at('dial').disabled = obstacle !== null;
  at('obstacle').textContent = obstacle ? text(`obstacle.${obstacle.code}`) : '';
  show('obstacle', at('obstacle').textContent !== '');
  renderNumbers(screen);
  renderCall(call);
}

/** The choice of the number, when there are several. */
function renderNumbers({ numbers }) {
  show('numbers', numbers.length > 1);
  if (at('business').childElementCount === numbers.length + 1) return;
  const options = numbers.map(({ phone_number_id: id, phone, name }) => new Option(`${name} +${phone}`, id, false, id === number));
  at('business').replaceChildren(new Option(text('any_number'), ''), ...options);
}

function renderCall(call) {
  document.documentElement.dataset.call = call?.state ?? 'none';
  show('call', call);
  if (!call) return;
  const talking = call.state === 'in_progress';
  const incoming = call.direction === 'BUSINESS_INITIATED';
  at('business-number').textContent = `+${screen.business.phone}`;
  at('state').textContent = talking ? lasted(call) : text(progressOf(call));
  show('answer', incoming && call.state === 'ringing' && !answering);
  show('reject', incoming && call.state === 'ringing');
  show('hang-up', talking || !incoming);
  show('mute', talking && line?.microphone);
  at('mute').textContent = text(muted ? 'unmute' : 'mute');
  at('mute').setAttribute('aria-pressed', String(muted));
  show('levels', talking && line);
  const note = talking ? mediaNote() : '';
  show('media-note', note);
  at('media-note').textContent = note;
}

function progressOf({ direction, state }) {
  if (direction !== 'BUSINESS_INITIATED') return 'ringing_out';
  return state === 'ringing' ? 'ringing_in' : 'connecting';
}

function mediaNote() {
  if (!line) return text('not_ours');
  if (line.media.lost) return text('media_lost');
  return line.microphone === false ? text('no_microphone') : '';
}

/** Counted from when this page saw the call answered: the simulator's clock may run ahead. */
function lasted({ call_id }) {
  if (lasted.callId !== call_id) Object.assign(lasted, { callId: call_id, since: performance.now() });
  const seconds = Math.floor((performance.now() - lasted.since) / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function measure() {
  if (screen?.call?.state !== 'in_progress') return;
  at('level-out').value = line && !muted ? line.media.level('out') : 0;
  at('level-in').value = line ? line.media.level('in') : 0;
  renderCall(screen.call);
}

function listen() {
  const events = new EventSource(
    new URL(`users/${encodeURIComponent(user)}/events?play=true${number ? `&phone_number_id=${encodeURIComponent(number)}` : ''}`, API),
  );
  events.addEventListener('screen', ({ data }) => {
    screen = JSON.parse(data);
    follow(screen);
    render();
  });
  events.addEventListener('open', () => tell(''));
  events.addEventListener('error', () => tell(text('disconnected')));
}

async function offerCast() {
  const { users } = await (await fetch(new URL('users', API))).json();
  for (const { id, name } of users) at('user').append(new Option(name, id, false, id === user));
  if (!users.some(({ id }) => id === user)) at('user').append(new Option(user, user, true, true));
}

function goTo(changes) {
  const query = new URLSearchParams({ user, lang: language, ...(number && { number }), ...changes });
  if (!query.get('number')) query.delete('number');
  location.search = query.toString();
}

document.documentElement.lang = language;
document.title = text('title');
for (const element of document.querySelectorAll('[data-text]')) element.textContent = text(element.dataset.text);
at('language').textContent = text('other_language');
at('language').lang = language === 'es' ? 'en' : 'es';
at('language').addEventListener('click', () => goTo({ lang: language === 'es' ? 'en' : 'es' }));
at('business').addEventListener('change', ({ target }) => goTo({ number: target.value }));
at('user').addEventListener('change', ({ target }) => goTo({ user: target.value }));
onClick('allow', () => send('grant', { kind: 'temporary' }));
onClick('allow-always', () => send('grant', { kind: 'permanent' }));
onClick('decline', () => send('revoke'));
onClick('dial', dial);
onClick('answer', answer);
onClick('reject', () => send('reject'));
onClick('hang-up', () => send('hang-up'));
onClick('mute', async () => {
  muted = !muted;
  line?.media.mute(muted);
});
setInterval(measure, METER_EVERY_MS);
offerCast().catch((error) => tell(error.message));
listen();
