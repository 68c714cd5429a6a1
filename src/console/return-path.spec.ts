import { describe, expect, it } from '@jest/globals';

const { returnPath, goBack } = (await import(new URL('./page/return-path.js', import.meta.url).href)) as {
  returnPath(search: string, origin: string): string | null;
  goBack(
    place: { search: string; origin: string; replace(path: string): void },
    memory: { getItem(key: string): string | null; setItem(key: string, value: string): void },
    now: number,
  ): boolean;
};

const ORIGIN = 'https://calls.example.com';
const REPORT = '/api/compliance/reports/periods?every=week&date=2026-11-16&format=html&phone_number_id=1,2';
const back = (wanted: string) => returnPath(`?return=${encodeURIComponent(wanted)}`, ORIGIN);

describe('the way back after the sign-in', () => {
  it.each([REPORT, '/api/compliance/reports/rep_1?format=html', '/api/compliance/reports/latest'])('leads to the report %s', (path) => {
    expect(back(path)).toBe(path);
  });

  it.each([
    'https://evil.example/api/compliance/reports/1',
    '//evil.example/api/compliance/reports/1',
    '///evil.example/api/compliance/reports/1',
    '/\\evil.example/api/compliance/reports/1',
    '\\\\evil.example/api/compliance/reports/1',
    '/api/compliance/reports/\\..\\..\\..\\\\evil.example',
    '/\t/evil.example/api/compliance/reports/1',
    '\n//evil.example',
    ' /api/compliance/reports/1',
    'javascript:alert(1)',
    'data:text/html,hello',
    '@evil.example/api/compliance/reports/1',
    'https:/api/compliance/reports/1',
    '/api/compliance/reports/../../../console',
    '/api/compliance/reports/../../keys',
    '/api/compliance/reports/%2e%2e/%2e%2e/keys',
    '/api/compliance/reports',
    '/api/calls',
    '/console',
    '',
  ])('leads nowhere for %j', (wanted) => {
    expect(back(wanted)).toBeNull();
  });

  it('leads nowhere without a wish', () => {
    expect([returnPath('', ORIGIN), returnPath('?other=1', ORIGIN)]).toEqual([null, null]);
  });

  it('is taken once: a report that leads here again at once is not opened for ever', () => {
    const [gone, kept]: [string[], Map<string, string>] = [[], new Map()];
    const place = { search: `?return=${encodeURIComponent(REPORT)}`, origin: ORIGIN, replace: (path: string) => gone.push(path) };
    const memory = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) };
    expect([goBack(place, memory, 0), goBack(place, memory, 1_000), goBack(place, memory, 60_000)]).toEqual([true, false, true]);
    expect(gone).toEqual([REPORT, REPORT]);
  });
});
