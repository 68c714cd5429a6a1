import { parseJson } from './read.js';

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
