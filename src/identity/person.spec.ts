import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bsuidAddress, phoneAddress, phoneDigits, phoneKey, phoneWritings, readUser } from '#kernel/wa-id.js';
import { addressesOf, identify, mergedPerson, type Person } from './person.js';

const person = (id: string, createdAt: number, rest: Partial<Person> = {}): Person => ({
  id,
  phoneNumberId: '300000000000001',
  waId: null,
  userId: null,
  parentUserId: null,
  username: null,
  name: null,
  createdAt,
  ...rest,
});

describe('the writings of a phone', () => {
  it.each([
    ['+52 1 55 1234-5678', '5215512345678'],
    ['(54) 9 11.1234.5678', '5491112345678'],
    ['5511987654321', '5511987654321'],
  ])('%s is %s', (written, digits) => expect(phoneDigits(written)).toBe(digits));

  it.each(['', 'x', '12', '+521551234567890123', '0044123456', '+1 (800) FLOWERS', '55;11'])('%j is no phone number', (written) =>
    expect(phoneDigits(written)).toBeUndefined(),
  );

  it.each([
    ['Mexico', '525512345678', '5215512345678'],
    ['Argentina', '541112345678', '5491112345678'],
    ['Brazil', '551187654321', '5511987654321'],
  ])('twins of %s share one key', (_country, a, b) => expect(phoneKey(a)).toBe(phoneKey(b)));

  it('a Brazilian landline is not the mobile that looks like it', () =>
    expect(phoneKey('551143211234')).not.toBe(phoneKey('5511943211234')));

  it('numbers without twins keep to themselves', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^(1|34|44|57|91)\d{9,10}$/), fc.stringMatching(/^(1|34|44|57|91)\d{9,10}$/), (a, b) => {
        expect(phoneKey(a) === phoneKey(b)).toBe(a === b);
      }),
    );
  });

  it.each([
    ['525512345678', ['525512345678', '5215512345678']],
    ['5491112345678', ['541112345678', '5491112345678']],
    ['551187654321', ['551187654321', '5511987654321']],
    ['551143211234', ['551143211234']],
    ['34600000001', ['34600000001']],
  ])('knows every writing of %s', (digits, writings) => {
    for (const written of [digits, ...writings]) expect(phoneWritings(written).sort()).toEqual([...writings].sort());
  });

  it('a key is its own key', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^(52|521|54|549|55)\d{9,11}$/), (digits) => expect(phoneKey(phoneKey(digits))).toBe(phoneKey(digits))),
    );
  });
});

describe('the identifiers of a person', () => {
  it('reads a BSUID and a parent BSUID as what they are', () => {
    expect(readUser('MX.10000000000000001')).toEqual({ userId: 'MX.10000000000000001' });
    expect(readUser('BR.ENT.20000000000000001')).toEqual({ userId: 'BR.ENT.20000000000000001' });
  });

  it('has an address for every id', () => {
    expect(addressesOf({ waId: '5215512345678', userId: 'MX.1000001', parentUserId: 'MX.ENT.2000001' })).toEqual([
      phoneAddress('525512345678'),
      bsuidAddress('MX.1000001'),
      bsuidAddress('MX.ENT.2000001'),
    ]);
  });

  it('keeps the eldest and merges the others, in any order in which they are found', () => {
    const people = [person('usr_c', 3), person('usr_a', 1), person('usr_b', 2), person('usr_a', 1)];
    fc.assert(
      fc.property(fc.shuffledSubarray(people, { minLength: 4 }), (found) => {
        expect(identify(found)).toEqual({ kind: 'known', person: people[1], others: [people[2], people[0]] });
      }),
    );
  });

  it('lets Meta replace what an API client typed, and never the other way round', () => {
    const typed = mergedPerson(person('usr_a', 1), [], { waId: '525512345678' }, 'caller');
    const known = mergedPerson(typed, [], { waId: '5215512345678', name: 'Ana' }, 'wire');
    expect(known).toMatchObject({ waId: '5215512345678', name: 'Ana' });
    expect(mergedPerson(known, [], { waId: '525512345678' }, 'caller').waId).toBe('5215512345678');
  });

  it('merges what was known apart', () => {
    const joined = mergedPerson(
      person('usr_a', 1, { waId: '5215512345678' }),
      [person('usr_b', 2, { userId: 'MX.1000001', name: 'Ana' })],
      {},
      'wire',
    );
    expect(joined).toMatchObject({ waId: '5215512345678', userId: 'MX.1000001', name: 'Ana' });
  });
});
