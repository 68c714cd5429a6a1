import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readSettings } from '#config/read-settings.js';

/** The variables of the example with the values it shows, whether commented out or not. */
const EXAMPLE = new Map(
  [...readFileSync('.env.example', 'utf8').matchAll(/^#?([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
);

const SOURCES = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !/\.(spec|fixture)\.ts$/.test(file))
  .map((file) => ({ file, text: readFileSync(`src/${file}`, 'utf8') }));

/** What terminals set and every program understands is nobody's to configure here. */
const OF_TERMINALS = new Set(['TERM', 'NO_COLOR', 'COLUMNS', 'LANG', 'LC_ALL', 'LC_MESSAGES']);

/** Variables by the two ways in which the code reads them: through `Environment`, and straight from an `env` object. */
const READ = new Set(
  SOURCES.flatMap(({ text }) => [
    ...[...text.matchAll(/\benv\.\w+\(\s*'([A-Z][A-Z0-9_]*)'/g)].map(([, name = '']) => name),
    ...[...text.matchAll(/\benv\.([A-Z][A-Z0-9_]*)\b/g)].map(([, name = '']) => name),
    ...[...text.matchAll(/\{([^{}]*)\}\s*=\s*(?:process\.)?env\b/g)].flatMap(([, names = '']) => names.match(/\b[A-Z][A-Z0-9_]*\b/g) ?? []),
  ]),
);

describe('.env.example', () => {
  it('shows every variable that the code reads, and no other', () => {
    expect([...EXAMPLE.keys()].sort()).toEqual([...READ].filter((name) => !OF_TERMINALS.has(name)).sort());
  });

  it('shows the defaults that hold', () => {
    const shown = Object.fromEntries(EXAMPLE);
    // With the simulator 360dialog is elsewhere, and a webhook token is made anew at each start.
    const { dialog360: example, ...rest } = readSettings({ ...shown, D360_BASE_URL: '' });
    const { dialog360: bare, ...others } = readSettings({});
    expect(rest).toEqual(others);
    expect({ ...example, webhookTokens: [] }).toEqual({ ...bare, webhookTokens: [] });
    expect(shown.D360_BASE_URL).toBe(liveBaseUrl());
  });

  it('can be complete, since the environment is looked at where a process begins', () => {
    const looking = SOURCES.filter(({ text }) => /process\.env\b/.test(text)).map(({ file }) => file);
    // The check of Node takes the language of the terminal before anything else is loaded.
    const places = ['cli/terminal/surroundings.ts', 'kernel/node/required-node.ts', 'simulator/alone.ts', 'start.ts'];
    expect(looking.sort()).toEqual(places);
  });
});

const liveBaseUrl = (): string =>
  readSettings({ D360_API_KEY: 'a-key-of-a-number', D360_WEBHOOK_TOKEN: '0123456789abcdef' }).dialog360.baseUrl;
