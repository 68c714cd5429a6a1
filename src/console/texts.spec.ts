import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ALL_SCOPES } from '#access/authorization/scope.js';

const PAGE = join(import.meta.dirname, 'page');
type Book = Record<string, [string, string]>;
type Texts = { addTexts(book: Book): void; allTexts(): Book; t(key: string, params?: object): string; setLanguage(to: string): void };
const texts = (await import(join(PAGE, 'texts.js'))) as Texts;
texts.addTexts(((await import(join(PAGE, 'softphone', 'texts.js'))) as { texts: Book }).texts);

const sources = readdirSync(PAGE, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.js') && !file.startsWith('texts'))
  .map((file) => ({ file, text: readFileSync(join(PAGE, file), 'utf8') }));
/** What stands as a whole word in `t('…')`; keys made of parts are looked for below. */
const asked = sources.flatMap(({ text }) => [...text.matchAll(/\bt\(\s*'([\w.:]+)'/g)].map(([, key = '']) => key));

describe('the texts of the console', () => {
  const book = texts.allTexts();

  it('are there in English and in Spanish, and are not the same sentence', () => {
    const entries = Object.entries(book);
    expect(entries.length).toBeGreaterThan(250);
    const wrong = entries.filter(([, pair]) => pair.length !== 2 || pair.some((text) => typeof text !== 'string' || text.trim() === ''));
    expect(wrong).toEqual([]);
    const copied = entries.filter(([, [en, es]]) => en === es && en.split(' ').length > 3);
    expect(copied).toEqual([]);
  });

  it('have the same placeholders in both languages', () => {
    const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    const wrong = Object.entries(book).filter(([, [en, es]]) => placeholders(en).join() !== placeholders(es).join());
    expect(wrong).toEqual([]);
  });

  it('hold every key that a page asks for', () => {
    expect(asked.length).toBeGreaterThan(100);
    expect(asked.filter((key) => book[key] === undefined)).toEqual([]);
  });

  it.each([
    ['scope', ALL_SCOPES],
    ['state', ['awaiting_permission', 'ready', 'dialing', 'ringing', 'accepting', 'in_progress', 'ended']],
    ['outcome', ['answered', 'rejected', 'missed', 'no_answer', 'canceled', 'permission_denied', 'expired', 'failed', 'unknown']],
    ['verdict', ['pass', 'fail', 'warning', 'unknown', 'available', 'blocked']],
    ['step', ['dial', 'wait', 'ask', 'refuse']],
    ['permission', ['permanent', 'temporary', 'no_permission', 'unknown']],
    ['trouble', ['key_rejected', 'webhook_elsewhere', 'webhook_silent', 'blocked', 'paused', 'removing', 'fine']],
    ['numbers.fix', ['key_rejected', 'webhook_elsewhere', 'webhook_silent', 'blocked', 'paused', 'removing']],
    ['delivery', ['delivered', 'retrying', 'exhausted']],
    ['subscription', ['active', 'paused', 'disabled']],
    ['reportState', ['active', 'unconfirmed', 'failing', 'stopped']],
    ['reportStop', ['unsubscribed', 'key_deleted', 'key_suspended', 'scope_missing', 'number_not_reached', 'gone']],
    ['reportEvery', ['day', 'week', 'month']],
    ['request', ['unknown', 'sent', 'delivered', 'read', 'failed', 'accepted', 'declined']],
    ['operation', ['make-call', 'connect', 'pre-accept', 'accept', 'reject', 'release', 'terminate', 'lease']],
    ['operation', ['pre_accept', 'request_permission', 'read_permission', 'read_settings', 'write_settings', 'read_health']],
    ['told', ['connect', 'RINGING', 'ACCEPTED', 'REJECTED', 'terminate']],
    ['value', ['ENABLED', 'DISABLED', 'AVAILABLE', 'LIMITED', 'BLOCKED', 'no_permission', 'allowed', 'not_allowed']],
  ] as const)('name every %s of the API', (group, names) => {
    expect(names.filter((name) => book[`${group}.${name}`] === undefined)).toEqual([]);
  });

  it('speak the language that was chosen, and fill what they are given', () => {
    texts.setLanguage('es');
    expect(texts.t('call.title', { who: 'Ana' })).toBe('Llamada con Ana');
    texts.setLanguage('en');
    expect(texts.t('call.title', { who: '{who}' })).toBe('Call with {who}');
    expect(() => texts.t('no.such.key')).toThrow('no text');
  });
});

describe('the files of the console', () => {
  it('turn no text into markup, run no text as code and load nothing from elsewhere', () => {
    const forbidden =
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|\.style\.cssText|'style':|https?:\/\/(?!www\.w3\.org\/2000\/svg)/;
    expect(sources.filter(({ text }) => forbidden.test(text)).map(({ file }) => file)).toEqual([]);
  });

  it('import only each other', () => {
    const outside = sources.flatMap(({ file, text }) =>
      [...text.matchAll(/\bfrom '([^']+)'|\bimport\('([^']+)'\)/g)].flatMap(([, a, b]) =>
        (a ?? b ?? '').startsWith('.') ? [] : [`${file}: ${a ?? b}`],
      ),
    );
    expect(outside).toEqual([]);
  });

  it('have at most 300 lines each', () => {
    expect(sources.filter(({ text }) => text.split('\n').length > 300).map(({ file }) => file)).toEqual([]);
  });
});
