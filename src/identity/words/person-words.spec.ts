import { describe, expect, it } from '@jest/globals';
import { wordsIn, wordsOf, wordsSought } from './person-words.js';

const nobody = { waId: null, userId: null, parentUserId: null, username: null, name: null };

describe('the words of a person', () => {
  it.each([
    ['José  Pérez-Núñez', ['jose', 'perez', 'nunez']],
    ['ÅSE Straße, Łukasz', ['ase', 'strasse', 'lukasz']],
    ['Иван 李小龙', ['иван', '李小龙']],
    ['İpek', ['ipek']],
    ['🙂 !!', []],
    ['a\u0000b', ['a', 'b']],
  ])('of %j are %j', (name, words) => expect(wordsIn(name)).toEqual(words));

  it('are those of name and user name, every writing of the number both ways, and the BSUIDs', () => {
    const person = { ...nobody, name: 'Ana López', username: 'ana.lopez', waId: '5215512345678', userId: 'MX.1000001' };
    expect(wordsOf(person)).toEqual(['ana', 'lopez', '5215512345678', '<8765432155125', '525512345678', '<876543215525', 'mx.1000001']);
    expect(wordsOf(nobody)).toEqual([]);
  });

  it('are bounded in length and number', () => {
    const words = wordsOf({ ...nobody, name: Array.from({ length: 100 }, (_, n) => `${'x'.repeat(200)}${n}`).join(' ') });
    expect(words).toEqual(['x'.repeat(64)]);
    expect(wordsOf({ ...nobody, name: Array.from({ length: 100 }, (_, n) => `w${n}`).join(' ') })).toHaveLength(24);
  });
});

describe('what is sought', () => {
  it.each([
    ['lopez ANA', [['lopez'], ['ana']]],
    ['  5678 ', [['5678', '<8765']]],
    ['+52 55-1234', [['52551234']]],
    ['0052 55', [['5255', '<552500']]],
    ['(55) 1234.5678', [['5512345678', '<8765432155']]],
    ['ana 55 12', [['ana'], ['5512', '<2155']]],
    ['mx.1000', [['mx.1000']]],
    ['@ana.lopez', [['ana'], ['lopez']]],
    ['ana ana', [['ana']]],
    ['!', []],
    ['', []],
  ])('by %j is %j', (search, words) => expect(wordsSought(search)).toEqual(words));
});
