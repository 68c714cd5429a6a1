import { describe, expect, it } from '@jest/globals';
import { ALL_EVENT_TYPES, ALL_META_EVENT_TYPES, isEventType, isMetaEvent, scopesOf, wants } from './event.js';

const [A, B] = ['300000000000001', '300000000000002'];
const filter = { types: null, phoneNumberId: null };

describe('an event', () => {
  it('about a number is for who reaches it', () => {
    for (const type of ['call.ended', 'number.changed', 'number.removed', 'number.key_rejected'] as const) {
      expect(wants({ ...filter, numbers: [A] }, { type, phoneNumberId: A })).toBe(true);
      expect(wants({ ...filter, numbers: [A] }, { type, phoneNumberId: B })).toBe(false);
      expect(wants({ ...filter, numbers: [A] }, { type, phoneNumberId: null })).toBe(false);
      expect(wants({ ...filter, numbers: null }, { type, phoneNumberId: null })).toBe(true);
      expect(wants({ types: ['permission.updated'], phoneNumberId: null, numbers: null }, { type, phoneNumberId: A })).toBe(false);
      expect(wants({ ...filter, phoneNumberId: B, numbers: null }, { type, phoneNumberId: A })).toBe(false);
    }
  });

  it('that a number was added is for who reaches all, also where a list has it from an earlier time', () => {
    const added = { type: 'number.added', phoneNumberId: A } as const;
    expect(wants({ ...filter, numbers: [A] }, added)).toBe(false);
    expect(wants({ ...filter, numbers: null }, added)).toBe(true);
  });

  it("in Meta's shape is for who asks for its type alone, and needs what its content shows", () => {
    for (const type of ALL_META_EVENT_TYPES) {
      expect(wants({ ...filter, numbers: null }, { type, phoneNumberId: A })).toBe(false);
      expect(wants({ ...filter, types: [type], numbers: null }, { type, phoneNumberId: A })).toBe(true);
      expect(isEventType(type)).toBe(false);
    }
    expect(wants({ ...filter, types: ['meta.calls'], numbers: null }, { type: 'call.ended', phoneNumberId: A })).toBe(false);
    expect(scopesOf(['meta.calls', 'meta.messages'])).toEqual(['calls:read', 'calls:control', 'permissions:read']);
    expect(ALL_EVENT_TYPES.filter(isMetaEvent)).toEqual([]);
  });
});
