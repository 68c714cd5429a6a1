import fc from 'fast-check';
import { type Cursor, isAfter, readCursor, writeCursor } from './cursor.js';

const cursors = fc.record({ xid: fc.maxSafeNat(), id: fc.maxSafeNat() });

describe('a cursor', () => {
  it('is read as it was written', () => {
    fc.assert(fc.property(cursors, (cursor) => expect(readCursor(writeCursor(cursor))).toEqual(cursor)));
  });

  it('sorts as text as the events do', () => {
    fc.assert(fc.property(cursors, cursors, (a: Cursor, b: Cursor) => expect(writeCursor(a) > writeCursor(b)).toBe(isAfter(a, b))));
  });

  it('has an id without a dot, as Standard Webhooks asks', () => {
    expect(writeCursor({ xid: 7, id: 36 })).toBe('evt_0000000000700000000010');
  });

  it.each(['', 'evt_', '7', 'evt_1', `evt_${'0'.repeat(21)}`, `evt_${'z'.repeat(22)}`, `evt_${'0'.repeat(22)} `, `EVT_${'0'.repeat(22)}`])(
    'does not read %p',
    (text) => {
      expect(readCursor(text)).toBeUndefined();
    },
  );
});
