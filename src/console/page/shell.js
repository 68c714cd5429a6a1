import { onEvent, streamState } from './events.js';
import { hasSeveral, lastNumber, numberIds, numberTitle, onNumbers, rememberNumber } from './numbers.js';
import { callPage, callsPage } from './pages/calls.js';
import { eligibilityPage } from './pages/eligibility.js';
import { keysPage } from './pages/keys.js';
import { livePage } from './pages/live.js';
import { numberPage, numbersPage } from './pages/numbers.js';
import { overviewPage } from './pages/overview.js';
import { peoplePage } from './pages/people.js';
import { reportDeliveriesPage } from './pages/report-deliveries.js';
import { settingsPage } from './pages/settings.js';
import { signInPage } from './pages/sign-in.js';
import { subscriptionPage, subscriptionsPage } from './pages/subscriptions.js';
import { phoneOfShell } from './parts/phone.js';
import { refreshAges } from './parts/time.js';
import { go, linkTo, onRoute, route } from './router.js';
import { can, onSession, session, signOut } from './session.js';
import { LANGUAGES, language, onLanguage, setLanguage, t, word } from './texts.js';
import { announce, fill, h } from './view.js';

/** The frame around every page: what is always there, and which page is shown. */

/** @import { Scope, Session } from './api-shapes.js' */
/** @import { Route } from './router.js' */
/** @typedef {(() => void) | null | void} Leave what ends a page */

/**
 * Each page: its word in the address, the scope it needs, and what draws it. A draw may answer with a function that ends it. `of` is the
 * number that it is about, where there are several: one, whichever is chosen, or all.
 * @type {{ name: string, scope: Scope, of: 'one' | 'any' | 'all', draw: (place: HTMLElement, at: Route) => Leave }[]}
 */
const PAGES = [
  { name: 'overview', scope: 'status:read', of: 'one', draw: overviewPage },
  { name: 'live', scope: 'calls:read', of: 'any', draw: livePage },
  { name: 'calls', scope: 'calls:read', of: 'any', draw: (place, at) => (at.path[1] ? callPage(place, at) : callsPage(place, at)) },
  { name: 'people', scope: 'permissions:read', of: 'one', draw: peoplePage },
  { name: 'softphone', scope: 'calls:control', of: 'any', draw: softphonePage },
  { name: 'eligibility', scope: 'compliance:read', of: 'one', draw: eligibilityPage },
  { name: 'report-deliveries', scope: 'compliance:read', of: 'all', draw: reportDeliveriesPage },
  { name: 'settings', scope: 'settings:read', of: 'one', draw: settingsPage },
  {
    name: 'subscriptions',
    scope: 'subscriptions:write',
    of: 'all',
    draw: (place, at) => (at.path[1] ? subscriptionPage(place, at) : subscriptionsPage(place)),
  },
  { name: 'keys', scope: 'keys:admin', of: 'all', draw: keysPage },
  { name: 'numbers', scope: 'numbers:read', of: 'all', draw: (place, at) => (at.path[1] ? numberPage(place, at) : numbersPage(place)) },
];

/** How often relative times such as `3 minutes ago` are refreshed. */
const AGES_MS = 5_000;

const app = /** @type {HTMLElement} */ (document.getElementById('app'));
const dock = /** @type {HTMLElement} */ (document.getElementById('softphone'));
/** @type {Leave} */
let leave = null;
/** @type {Error | null} */
let fault = null;
phoneOfShell.load = () => import('./softphone/softphone.js');
/** @type {Promise<typeof import('./softphone/softphone.js')> | null} */
let phone = null;

/** @param {unknown} first the session, `null`, or the error that kept it from being read */
export function startShell(first) {
  fault = first instanceof Error ? first : null;
  onSession(() => {
    fault = null;
    draw();
  });
  onLanguage(draw);
  onNumbers(numbersChanged);
  onRoute(() => show(true));
  onEvent('stream', showStream);
  onEvent('call.incoming', ({ data }) => announce(t('shell.incoming', { who: data.user.name ?? data.user.wa_id ?? '' })));
  setInterval(() => refreshAges(app), AGES_MS);
  draw();
}

function draw() {
  document.documentElement.lang = language();
  const current = session();
  const signedIn = current !== null;
  dock.hidden = !signedIn || !can('calls:control');
  dock.setAttribute('aria-label', t('nav.softphone'));
  fill(app, h('a', { class: 'skip', href: '#main', on: { click: skip } }, t('shell.skip')), current ? frame(current) : entrance());
  if (signedIn) showStream();
  if (signedIn && !dock.hidden) startPhone();
  show(false);
}

/** @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

/** @param {Session} session */
function frame({ name, mode }) {
  return h(
    'div',
    { class: 'frame' },
    h(
      'header',
      { class: 'bar' },
      h(
        'a',
        { class: 'brand', href: linkTo([]) },
        h('img', { src: '/console/icon.svg', alt: '', width: 28, height: 28 }),
        t('shell.product'),
      ),
      mode === 'simulator' ? h('span', { class: 'pill simulator' }, t('shell.simulator')) : null,
      h('span', { id: 'stream', class: 'stream', role: 'status' }),
      h('span', { id: 'number', class: 'number' }),
      h('span', { class: 'grow' }),
      languageSwitch(),
      h('span', { class: 'who' }, name),
      h('button', { type: 'button', class: 'quiet', on: { click: () => signOut() } }, t('shell.signOut')),
    ),
    h('nav', { class: 'nav', 'aria-label': t('shell.nav') }, h('ul', { id: 'pages' }, navItems())),
    h('main', { id: 'main', tabindex: -1 }),
  );
}

const navItems = () => PAGES.filter(({ name, scope }) => can(scope) && (name !== 'numbers' || hasSeveral())).map(navItem);

const navItem = (/** @type {{ name: string }} */ { name }) => h('li', {}, h('a', { href: '#/', 'data-page': name }, t(`nav.${name}`)));

/** Where a link of the navigation leads: to the page of the number that is shown. @param {HTMLElement} link */
function aim(link) {
  const page = PAGES.find(({ name }) => name === link.dataset.page);
  const number = page?.of === 'all' || !hasSeveral() ? null : route().number;
  link.setAttribute('href', linkTo(page?.name === 'overview' ? [] : [page?.name ?? ''], {}, number));
}

/** The second number brings the choice of one and the page of all; nothing else of the page is drawn anew. */
function numbersChanged() {
  const list = document.getElementById('pages');
  if (!list || !session()) return;
  fill(list, navItems());
  mark(pageAt(route()));
  drawSwitch();
}

/** Shows in the navigation where the page is, and aims its links. @param {{ name: string } | undefined} page */
function mark(page) {
  for (const link of /** @type {NodeListOf<HTMLElement>} */ (app.querySelectorAll('[data-page]'))) {
    aim(link);
    if (link.dataset.page === page?.name) {
      link.setAttribute('aria-current', 'page');
      link.scrollIntoView({ block: 'nearest', inline: 'center' });
    } else link.removeAttribute('aria-current');
  }
}

/** The choice of the number; absent where there is one. */
function drawSwitch() {
  const place = document.getElementById('number');
  if (!place) return;
  const at = route();
  const page = pageAt(at);
  if (!hasSeveral() || page?.of === 'all') return fill(place);
  const shown = at.number ?? '';
  const options = numberIds().map((id) => h('option', { value: id, selected: id === shown }, numberTitle(id)));
  const select = h(
    'select',
    { class: 'language', 'aria-label': t('shell.number'), on: { change: () => switchTo(select.value) } },
    page?.of === 'one' ? null : h('option', { value: '', selected: shown === '' }, t('shell.allNumbers')),
    options,
  );
  fill(place, select);
}

/** The same page of another number; what belongs to the one before, such as a call, does not follow. @param {string} id */
function switchTo(id) {
  const { path } = route();
  if (id !== '') rememberNumber(id);
  go(path[0] === 'people' ? path : path.slice(0, 1), {}, id || null);
}

/** @param {Route} at */
const pageAt = ({ path }) => PAGES.find(({ name }) => name === (path[0] ?? 'overview'));

/**
 * Where there are several numbers, a page of one is always shown at the address of that number, and a page of all at its own.
 * @param {Route} at
 * @returns {boolean} whether the address was another; the page is shown at the right one then
 */
function moved({ number, path, query }) {
  const page = pageAt({ number, path, query });
  const wanted = wantedNumber(page?.of, number);
  if (wanted === number) return false;
  location.replace(linkTo(path, query, wanted));
  return true;
}

/** @param {'one' | 'any' | 'all' | undefined} of @param {string | null} number */
function wantedNumber(of, number) {
  if (!hasSeveral() || of === 'all') return null;
  const isKnown = number !== null && numberIds().includes(number);
  if (of === 'one') return isKnown ? number : lastNumber();
  return isKnown ? number : null;
}

function entrance() {
  return h(
    'div',
    { class: 'entrance' },
    h('header', { class: 'bar' }, h('span', { class: 'grow' }), languageSwitch()),
    h('main', { id: 'main', tabindex: -1 }),
  );
}

function languageSwitch() {
  const options = LANGUAGES.map(([value, name]) => h('option', { value, lang: value, selected: value === language() }, name));
  const select = h(
    'select',
    { class: 'language', 'aria-label': t('shell.language'), on: { change: () => setLanguage(select.value) } },
    options,
  );
  return select;
}

/** Draws the page of the address. After a navigation the focus goes to its heading, so that a screen reader begins there. @param {boolean} navigated */
function show(navigated) {
  leave?.();
  leave = null;
  const main = /** @type {HTMLElement} */ (document.getElementById('main'));
  fill(main);
  if (!session()) return signInPage(main, fault);
  const at = route();
  if (moved(at)) return;
  const page = pageAt(at);
  if (at.number !== null && page?.of !== 'all') rememberNumber(at.number);
  drawSwitch();
  mark(page);
  if (!page) fill(main, h('h1', { tabindex: -1 }, t('shell.nowhere')), h('p', {}, h('a', { href: linkTo([]) }, t('nav.overview'))));
  else if (!can(page.scope))
    fill(main, h('h1', { tabindex: -1 }, t(`nav.${page.name}`)), h('p', {}, t('shell.lacksScope', { right: word('scope', page.scope) })));
  else leave = page.draw(main, at) ?? null;
  const heading = main.querySelector('h1');
  document.title = `${heading?.textContent ?? t('shell.product')} · ${t('shell.product')}`;
  if (navigated) {
    scrollTo(0, 0);
    heading?.focus();
  }
}

function showStream() {
  const place = document.getElementById('stream');
  if (!place) return;
  place.dataset.state = streamState();
  place.textContent = t(`stream.${streamState()}`);
}

/** The softphone is loaded for an operator who may use it. */
function startPhone() {
  phone ??= import('./softphone/softphone.js').then((module) => {
    module.startSoftphone(dock);
    return module;
  });
  void phone.catch(() => {
    dock.hidden = true;
  });
}

/** @param {HTMLElement} place */
function softphonePage(place) {
  let ended = false;
  /** @type {Leave} */
  let end = null;
  fill(place, h('h1', { tabindex: -1 }, t('nav.softphone')));
  phone
    ?.then((module) => {
      if (!ended) end = module.softphonePage(place) ?? null;
    })
    .catch(() => place.append(h('p', {}, t('shell.noPhone'))));
  return () => {
    ended = true;
    end?.();
  };
}
