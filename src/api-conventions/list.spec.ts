import { describe, expect, it } from '@jest/globals';
import { Problem } from '#kernel/problem.js';
import { readPageCursor, toPage, writePageCursor } from './list.js';

const refusal = (read: () => unknown): unknown => {
  try {
    return read();
  } catch (error) {
    return error instanceof Problem ? [error.code, error.errors[0]?.field] : error;
  }
};

describe('a list', () => {
  it('goes on where the page before ended', () => {
    const cursor = writePageCursor([1_795_000_000_000, 'call_01J']);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(readPageCursor(cursor, ['number', 'string'])).toEqual([1_795_000_000_000, 'call_01J']);
    expect(readPageCursor(undefined, ['number'])).toBeNull();
  });

  it.each([
    '',
    'x',
    writePageCursor([1]),
    writePageCursor(['a', 1]),
    `${writePageCursor([1, 'a'])}=`,
    writePageCursor([1.5, 'a']),
    writePageCursor([1, 'a', 2]),
    'bnVsbA',
  ])('refuses %j, which is no cursor of its own, and names the field', (cursor) => {
    expect(refusal(() => readPageCursor(cursor, ['number', 'string']))).toEqual(['invalid_request', 'cursor']);
  });

  it('has a next page exactly when one item more was found', () => {
    const page = (found: number[]) => toPage(found, 2, (item) => [item], String);
    expect(page([1, 2, 3])).toEqual({ data: ['1', '2'], next_cursor: writePageCursor([2]) });
    expect(page([1, 2])).toEqual({ data: ['1', '2'], next_cursor: null });
    expect(page([])).toEqual({ data: [], next_cursor: null });
  });
});
