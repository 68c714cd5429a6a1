import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isScope, type Scope } from '#access/authorization/scope.js';
import { neededScopes } from '#delivery/subscriptions/rights/rights.js';
import { ALL_EVENT_TYPES, type EventType, isEventType, scopeOf, scopesOf } from '#events/event.js';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const RECIPES = readdirSync(join(root, 'docs/recipes'))
  .filter((file) => file.endsWith('.mjs'))
  .map((file) => file.slice(0, -'.mjs'.length));
const READMES = ['README.md', 'README.es.md'];

const typesIn = (list: string): EventType[] => list.split(',').filter(isEventType);
const scopesIn = (text: string): Set<string> =>
  new Set([...text.matchAll(/`([a-z]+:[a-z]+)`/g)].map(([, scope = '']) => scope).filter(isScope));

/** The scopes that the event streams of a text need: `events('a,b')` of the recipes, and `/api/events` with or without types. */
function streamed(text: string): Scope[] {
  const listened = [...text.matchAll(/\bevents\(['"`]([\w.,]+)['"`]\)|\/api\/events\?types=([\w.,]+)/g)];
  return listened.flatMap(([, own = '', asked = '']) => ['events:read', ...scopesOf(typesIn(own || asked))] as Scope[]);
}

/** The scopes that the subscriptions of a text need: the bodies posted to `/api/subscriptions`. */
function subscribed(text: string): Scope[] {
  const bodies = [...text.matchAll(/\/api\/subscriptions[^'\n]*(?:\\\n)?[^'\n]*-d '(\{[^']*\})'/g)].map(([, body = '']) =>
    JSON.parse(body),
  );
  return bodies.flatMap(({ types = null, scopes = [] }) => neededScopes({ types, scopes }));
}

/** The types of events that a recipe tells apart. */
const handled = (code: string): EventType[] => [...code.matchAll(/'([a-z]+\.[a-z_]+)'/g)].map(([, type = '']) => type).filter(isEventType);

const lineOf = (page: string): string => /^Scopes of the key: .*$/m.exec(page)?.[0] ?? '';
const lacking = (needed: readonly string[], named: ReadonlySet<string>): string[] =>
  [...new Set(needed)].filter((scope) => !named.has(scope)).sort();

describe('the scopes of events in the recipes', () => {
  it('are looked for in every recipe, of which some listen and some subscribe', () => {
    expect(RECIPES.length).toBeGreaterThan(11);
    expect(RECIPES.filter((name) => streamed(read(`docs/recipes/${name}.mjs`)).length > 0).length).toBeGreaterThan(1);
    expect(RECIPES.filter((name) => subscribed(read(`docs/recipes/${name}.md`)).length > 0).length).toBeGreaterThan(1);
  });

  it.each(RECIPES)('%s names for its key what its event stream needs', (name) => {
    expect(lacking(streamed(read(`docs/recipes/${name}.mjs`)), scopesIn(lineOf(read(`docs/recipes/${name}.md`))))).toEqual([]);
  });

  it.each(RECIPES)('%s names what its subscription needs, and subscribes to just what it handles', (name) => {
    const [page, code] = [read(`docs/recipes/${name}.md`), read(`docs/recipes/${name}.mjs`)];
    if (!code.includes("from 'standardwebhooks'")) return;
    const [, body = '{}'] = /\/api\/subscriptions[\s\S]*?-d '(\{[^']*\})'/.exec(page) ?? [];
    expect((JSON.parse(body).types ?? []).sort()).toEqual([...new Set(handled(code))].sort());
    // The text says it, not only the example.
    const [, needs = ''] = /^## Needs$([\s\S]*?)^## /m.exec(page) ?? [];
    expect(lacking(subscribed(page), scopesIn(needs))).toEqual([]);
    expect(
      lacking([...scopesIn(/The key that makes the subscription needs ([^.]*)\./.exec(needs)?.[1] ?? '')], new Set(subscribed(page))),
    ).toEqual([]);
  });

  it.each(RECIPES)('%s says beside every /api/events of its page which scopes the key needs', (name) => {
    const page = read(`docs/recipes/${name}.md`);
    for (const line of page.split('\n').filter((one) => /`GET \/api\/events`/.test(one))) {
      expect(scopesIn(line)).toContain('events:read');
      expect([...scopesIn(line)].some((scope) => scope !== 'events:read')).toBe(true);
    }
  });
});

describe.each(READMES)('the scopes of events in %s', (file) => {
  const text = read(file);
  const section = text.split(/^(?=## )/m).find((part) => part.includes('/api/subscriptions -d')) ?? '';

  it('stand for every type of event in a table', () => {
    const rows = [...section.matchAll(/^\| (`.*`) \| `([a-z]+:[a-z]+)` \|$/gm)].map(([, types = '', scope = '']) => ({ types, scope }));
    const said = (type: EventType): string[] =>
      rows.filter(({ types }) => types.includes(`\`${type}\``) || types.includes(`\`${type.split('.')[0]}.*\``)).map(({ scope }) => scope);
    expect(ALL_EVENT_TYPES.map((type) => [type, said(type)])).toEqual(ALL_EVENT_TYPES.map((type) => [type, [scopeOf(type)]]));
  });

  it('are complete for the stream and the subscription that it shows', () => {
    expect(streamed(section).length).toBeGreaterThan(0);
    expect(subscribed(section).length).toBeGreaterThan(0);
    expect(lacking([...streamed(section), ...subscribed(section)], scopesIn(section))).toEqual([]);
  });

  it('are complete in the keys and tokens that it shows, when these may listen', () => {
    const shown = [...text.matchAll(/"scopes":\[([^\]]*)\]|--scopes ([\w:,]+)/g)].map(([, json, words]) =>
      (json ?? words ?? '').replaceAll('"', '').split(','),
    );
    const listening = shown.filter((scopes) => scopes.includes('events:read'));
    const readable = new Set<string>(scopesOf(null));
    expect(listening.filter((scopes) => !scopes.some((scope) => readable.has(scope)))).toEqual([]);
  });
});

describe('the check', () => {
  it('finds what a text lacks', () => {
    expect(streamed("events('call.ended,webhook.silent')")).toEqual(['events:read', 'calls:read', 'status:read']);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the code of a recipe
    expect(streamed('fetch(`${url}/api/events?types=permission.updated`)')).toEqual(['events:read', 'permissions:read']);
    expect(subscribed(`$URL/api/subscriptions \\\n  -d '{"url":"x","scopes":["calls:control"]}'`)).toEqual(
      expect.arrayContaining([
        'subscriptions:write',
        'compliance:read',
        'settings:read',
        'status:read',
        'permissions:read',
        'calls:control',
      ]),
    );
    expect(lacking(['a:b', 'c:d', 'a:b'], new Set(['c:d']))).toEqual(['a:b']);
  });
});
