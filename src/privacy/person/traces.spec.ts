import { describe, expect, it } from '@jest/globals';
import { Traces } from './traces.js';

const ANA = new Traces({
  ids: ['5215512345678', '525512345678', 'MX.1000001', 'wacid.HBgNNTIx+a/b=='],
  callIds: ['call_01JANA'],
});

describe('the traces of a person', () => {
  it.each([
    '5215512345678',
    '+5215512345678',
    'Call 5215512345678.',
    'tel:525512345678',
    'user MX.1000001, again',
    'wacid.HBgNNTIx+a/b==',
    'https://gateway.example/api/calling/calls/call_01JANA/timeline',
  ])('are in %j', (text) => expect(ANA.isIn(text)).toBe(true));

  it.each(['', '15215512345678', '52155123456789', 'MX.10000011', 'call_01JANABEL', 'wacid.HBgNNTIx', '5512345678'])(
    'are not in %j',
    (text) => expect(ANA.isIn(text)).toBe(false),
  );

  it('go from a delivery with everything in the same entry of a list, and no other user does', () => {
    const bob = { wa_id: '5215500000002', profile: { name: 'Bob' } };
    const value = {
      metadata: { display_phone_number: '15550001111' },
      contacts: [{ wa_id: '5215512345678', profile: { name: 'Ana' } }, bob],
      calls: [{ id: 'wacid.HBgNNTIx+a/b==', session: { sdp: 'v=0' } }, { id: 'wacid.other' }],
      messages: [{ from: '5215500000002', text: { body: 'call 5215512345678' } }],
    };
    const delivery = { entry: [{ id: '1', changes: [{ field: 'calls', value }] }] };
    expect(ANA.without(delivery)).toEqual({
      entry: [
        { id: '1', changes: [{ field: 'calls', value: { ...value, contacts: [bob], calls: [{ id: 'wacid.other' }], messages: [] } }] },
      ],
    });
  });

  it('leave what does not name them as it is, and let nothing stay where no list holds them', () => {
    const other = { entry: [{ changes: [{ value: { statuses: [{ recipient_id: '5215500000002' }] } }] }] };
    expect(ANA.without(other)).toBe(other);
    expect(ANA.without({ to: '5215512345678' })).toBeUndefined();
    expect(ANA.without({ '5215512345678': 1 })).toBeUndefined();
    expect(ANA.without({ list: [5215512345678, 1] })).toEqual({ list: [1] });
  });

  it('leave an event that says what happened, and no user in it', () => {
    const event = {
      id: 'call_01JANA',
      call_id: 'wacid.HBgNNTIx+a/b==',
      state: 'ended',
      outcome: 'answered',
      user: { wa_id: '5215512345678', input: '+52 55 1234 5678', name: 'Ana' },
      reference: 'crm-ana',
      permission_request: { message_id: 'wamid.x', status: 'read', error: null },
      error: { code: 'call_failed', upstream: { details: 'to 5215512345678' } },
      note: 'for MX.1000001',
      links: { self: 'https://gateway.example/api/calling/calls/call_01JANA' },
    };
    expect(ANA.anonymous(event)).toEqual({
      ...event,
      call_id: null,
      user: { wa_id: null, input: null, name: null },
      reference: null,
      permission_request: { message_id: null, status: 'read', error: null },
      error: { code: 'call_failed', upstream: { details: null } },
      note: null,
    });
  });

  it('gives of a text what is about the person, with nothing about others beside it', () => {
    const [ana, other] = ['5215512340001', '4915112345678'];
    const traces = new Traces({ ids: [ana], callIds: [] });
    const value = { metadata: { id: '1' }, calls: [{ from: ana }, { from: other }], contacts: [{ wa_id: other }], field: 'calls' };
    expect(traces.partAbout({ entry: [value, { calls: [{ from: other }] }] })).toEqual({
      entry: [{ metadata: {}, calls: [{ from: ana }], contacts: [], field: 'calls' }],
    });
    expect(traces.partAbout({ entry: [{ calls: [{ from: other }] }] })).toBeUndefined();
  });
});
