import { describe, expect, it } from '@jest/globals';
import { EMPTY, fingerprintOf } from './fingerprint.js';

describe('the fingerprint of a table', () => {
  const [ana, beto] = [
    { id: 1, name: 'Ana', body: Buffer.from([0, 255]), at: null },
    { id: 2, name: 'Beto', body: Buffer.from([]), at: 7 },
  ];

  it('is the same whatever the order of rows and columns, and however they were cut', () => {
    const turned = { at: null, body: Buffer.from([0, 255]), name: 'Ana', id: 1 };
    expect(fingerprintOf([beto, turned])).toEqual(fingerprintOf([beto], fingerprintOf([ana])));
  });

  it.each([
    ['a value', { ...ana, name: 'ana' }],
    ['a byte', { ...ana, body: Buffer.from([0, 254]) }],
    ['a null', { ...ana, at: 0 }],
  ])('differs by %s', (_, other) => {
    expect(fingerprintOf([other])).not.toEqual(fingerprintOf([ana]));
  });

  it('counts a row that came twice', () => {
    expect([EMPTY.rows, fingerprintOf([ana, ana])]).toEqual([0, expect.objectContaining({ rows: 2 })]);
    expect(fingerprintOf([ana, ana]).sum).not.toBe(fingerprintOf([ana]).sum);
  });
});
