import { parseJson, unixTime } from './read.js';

describe('JSON that others made', () => {
  it('is read as it is', () => {
    expect(parseJson('{"name":"Jos\\u00e9","list":[1,null,"a"]}')).toEqual({ name: 'José', list: [1, null, 'a'] });
    expect(parseJson('{"a":')).toBeUndefined();
  });

  it.each(['__proto__', '\\u005f_proto__', '__\\u0070roto__', '__prot\\u006F__'])('loses the key %s at any depth', (key) => {
    const read = parseJson(`{"a":{"${key}":{"admin":true},"b":1}}`) as { a: Record<string, unknown> };
    expect(read).toEqual({ a: { b: 1 } });
    expect(Object.getOwnPropertyNames(read.a)).toEqual(['b']);
    expect(Object.assign({}, read.a)).not.toHaveProperty('admin');
  });
});

describe('a time that another system wrote', () => {
  const at = Date.UTC(2026, 3, 19, 13, 59, 20);

  it.each([
    ['Unix seconds', at / 1_000],
    ['Unix seconds as text', String(at / 1_000)],
    ['milliseconds', at],
    ['milliseconds as text', String(at)],
    ['ISO 8601 in UTC', '2026-04-19T13:59:20Z'],
    ['ISO 8601 with an offset as Meta writes it', '2026-04-19T13:59:20+0000'],
    ['ISO 8601 with another offset', '2026-04-19T15:59:20.000+02:00'],
    ['ISO 8601 without a zone, which is UTC', '2026-04-19T13:59:20'],
    ['a blank for the T', '2026-04-19 13:59:20'],
  ])('is read from %s', (_, written) => {
    expect(unixTime(written)).toBe(at);
  });

  it('is midnight of UTC for a day alone', () => {
    expect(unixTime('2026-04-19')).toBe(Date.UTC(2026, 3, 19));
  });

  it.each([[0], [-1], ['1'], [1e15], ['soon'], ['April 19, 2026'], ['2026-13-40T99:99:99Z'], ['1971-01-01T00:00:00Z'], [null], [{}], ['']])(
    'is none in %p',
    (written) => {
      expect(unixTime(written)).toBeUndefined();
    },
  );
});
