import { Secret } from '#kernel/secret.js';
import { plainHostOf } from './plain-host.js';

const of = (url: string) => plainHostOf({ kind: 'postgres', url: new Secret(url) });

describe('a connection to Postgres that others can read', () => {
  it.each([
    'postgres://u:p@db.example/calls',
    'postgres://u@10.0.0.7:6432/calls?sslmode=disable',
    'postgres://u@db.example/c?sslmode=no-verify',
  ])('is %s', (url) => expect(of(url)).toBe(new URL(url).hostname));

  it.each([
    'postgres://u@localhost/calls',
    'postgres://u@127.0.0.1:5432/calls',
    'postgres://u@[::1]/calls',
    'postgres:///calls?host=/var/run/postgresql',
    'postgres://u@db.example/calls?sslmode=verify-full',
    'postgres://u@db.example/calls?ssl=true',
  ])('is not %s', (url) => expect(of(url)).toBeNull());

  it('is not a SQLite file', () => expect(plainHostOf({ kind: 'sqlite', path: 'x' })).toBeNull());
});
