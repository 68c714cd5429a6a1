import { describe, expect, it } from '@jest/globals';
import { isStoreFault } from './store-fault.js';

const withCode = (code: string) => Object.assign(new Error('as the driver says it'), { code });

describe('a fault of the store', () => {
  it.each(['08006', '28P01', '3D000', '40001', '40P01', '53300', '55P03', '57014', '57P01', '58030', '25006', '25P03', '25P04'])(
    'is SQLSTATE %s',
    (code) => expect(isStoreFault(withCode(code))).toBe(true),
  );

  it.each(['SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT', 'SQLITE_FULL', 'SQLITE_IOERR_FSYNC', 'SQLITE_READONLY_DBMOVED'])('is %s', (code) =>
    expect(isStoreFault(withCode(code))).toBe(true),
  );

  it.each(['ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID'])('is %s', (code) =>
    expect(isStoreFault(withCode(code))).toBe(true),
  );

  it.each([
    'Connection terminated unexpectedly',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'The server does not support SSL connections',
  ])('is "%s"', (message) => expect(isStoreFault(new Error(message))).toBe(true));

  it('is found beneath the error that wraps it', () =>
    expect(isStoreFault(new Error('not kept', { cause: withCode('57014') }))).toBe(true));

  it.each(['25P02', '22001', '22021', '23505', '42P01', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_MISMATCH', 'ERR_INVALID_ARG_TYPE'])(
    'is not %s, which speaks of the data or of this program',
    (code) => expect(isStoreFault(withCode(code))).toBe(false),
  );

  it('is not a bug of this program', () => expect(isStoreFault(new TypeError('undefined is not a function'))).toBe(false));
  it.each([undefined, null, 'SQLITE_BUSY', { code: 'SQLITE_BUSY' }])('is not %j, which is no error', (thrown) =>
    expect(isStoreFault(thrown)).toBe(false),
  );
});
