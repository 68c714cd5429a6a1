import fc from 'fast-check';
import type { CallFact } from './fact.js';
import { webhookReading } from './webhook-reader.fixture.js';

const { metadata, delivery, readBytes, read, ofCalls, terminate } = webhookReading;

describe('readDelivery', () => {
  it.each([
    ['nothing', ''],
    ['text', 'no json'],
    ['broken JSON', '{"object":'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a number', '42'],
    ['an empty object', '{}'],
    ['another product', '{"object":"page","entry":[]}'],
    ['entries that are no list', '{"object":"whatsapp_business_account","entry":"x"}'],
    ['control characters', '\u0000\u0001'],
    ['nesting without end', '['.repeat(200_000)],
    [
      'deep nesting inside a delivery',
      `{"entry":[{"changes":[{"field":"calls","value":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}]}]}`,
    ],
  ])('%s is unreadable and throws nothing', (_, source) => {
    expect(readBytes(Buffer.from(source))).toEqual({ elements: [], unreadable: true });
  });

  it('bytes that are no UTF-8 are unreadable, or read with the damage inside a text', () => {
    expect(readBytes(Buffer.from([0xff, 0xfe, 0x80, 0x7b])).unreadable).toBe(true);
    const source = JSON.stringify(
      delivery('calls', { metadata, contacts: [{ wa_id: '5215512345678', profile: { name: 'An@' } }], calls: [terminate] }),
    );
    const bytes = Buffer.from(source);
    bytes[bytes.indexOf('@')] = 0xe1;
    expect(readBytes(bytes).elements[0]?.fact).toMatchObject({
      kind: 'call.terminate',
      contact: { waId: '5215512345678', name: 'An\ufffd' },
    });
  });

  it.each([
    null,
    [],
    'text',
    { calls: null },
    { calls: {} },
    { calls: [null] },
    { calls: [{}] },
    { statuses: [{ id: 5 }] },
    { statuses: [7] },
    { messages: [{ interactive: { type: 'call_permission_reply' } }] },
  ])('the odd value %j is kept without a fact', (value) => {
    const { elements, unreadable } = read(delivery('calls', value));
    expect(unreadable).toBe(false);
    expect(elements).toEqual([
      expect.objectContaining({ field: 'calls', wabaId: '200000000000001', fact: null, key: expect.stringMatching(/^[0-9a-f]{44}$/) }),
    ]);
  });

  it('never throws, for any JSON at any place', () => {
    const anything = fc.jsonValue();
    const value = fc.oneof(
      anything,
      fc.record(
        {
          metadata: anything,
          contacts: anything,
          calls: fc.array(anything),
          statuses: fc.array(anything),
          messages: fc.array(anything),
          errors: anything,
        },
        { requiredKeys: [] },
      ),
    );
    const field = fc.constantFrom('calls', 'messages', 'account_update', 'account_settings_update', 'business_capability_update', '');
    fc.assert(
      fc.property(field, value, (name, content) => {
        const { elements } = read(delivery(name, content));
        return elements.length > 0 && elements.every(({ key }) => key.length === 44);
      }),
    );
  });

  it('a key is the same in another batch, with another type of timestamp and beside other elements', () => {
    const [alone] = ofCalls({ calls: [terminate] });
    const [, second] = ofCalls({
      calls: [
        { ...terminate, id: 'wacid.0' },
        { ...terminate, timestamp: 1797400000 },
      ],
    });
    expect(second?.key).toBe(alone?.key);
  });

  it('an end that is reported again with more has another key, and its duration is whole seconds', () => {
    const [bare] = ofCalls({ calls: [{ ...terminate, status: 'COMPLETED' }] });
    const [rich] = ofCalls({ calls: [{ ...terminate, status: 'COMPLETED', start_time: '1797399990', duration: 9.6 }] });
    expect(rich?.key).not.toBe(bare?.key);
    expect(rich?.fact).toMatchObject({ durationSeconds: 10 });
  });

  it('a key differs by number, element, event, status and time', () => {
    const status = { id: 'wacid.1', type: 'call', status: 'RINGING', timestamp: '1797400000' };
    const keys = [
      ...ofCalls({
        calls: [terminate, { ...terminate, event: 'connect' }, { ...terminate, id: 'wacid.2' }, { ...terminate, timestamp: '1797400001' }],
      }),
      ...ofCalls({ statuses: [status, { ...status, status: 'ACCEPTED' }] }),
      ...ofCalls({ metadata: { phone_number_id: '300000000000002' }, calls: [terminate] }),
    ].map(({ key }) => key);
    expect(new Set(keys).size).toBe(7);
  });

  it('what has no id is deduplicated by its content', () => {
    const limit = (tier: string) =>
      read(delivery('business_capability_update', { max_daily_conversations_per_business: tier })).elements[0]?.key;
    expect(limit('TIER_2K')).toBe(limit('TIER_2K'));
    expect(limit('TIER_2K')).not.toBe(limit('TIER_10K'));
  });

  it('the same news at another time of its entry is news', () => {
    const at = (time: number) =>
      read(delivery('business_capability_update', { max_daily_conversations_per_business: 'TIER_2K' }, { time })).elements[0]?.key;
    expect(at(1797000000)).not.toBe(at(1797500000));
  });

  it('statuses are of calls under the field calls or by their type, else of messages', () => {
    const status = { id: 'x', status: 'failed', timestamp: '1797400000' };
    const kinds = (field: string, more = {}) =>
      read(delivery(field, { metadata, statuses: [{ ...status, ...more }] })).elements.map(({ fact }) => fact?.kind);
    expect(kinds('calls')).toEqual(['call.note']);
    expect(kinds('messages', { type: 'call', status: 'ACCEPTED' })).toEqual(['call.status']);
    expect(kinds('messages')).toEqual(['message.status']);
  });

  it('sibling errors belong to the call that failed', () => {
    const calls = [
      { ...terminate, status: 'COMPLETED' },
      { ...terminate, id: 'wacid.2', status: 'FAILED' },
    ];
    const elements = ofCalls({ calls, errors: [{ code: 138021 }] });
    expect(elements.map(({ fact }) => (fact as Extract<CallFact, { kind: 'call.terminate' }>).errors.length)).toEqual([0, 1]);
  });

  it('of many sibling errors the first are copied to each call that failed', () => {
    const calls = ['1', '2'].map((id) => ({ ...terminate, id: `wacid.${id}`, status: 'FAILED' }));
    const elements = ofCalls({ calls, errors: new Array(50_000).fill({ code: 138021 }) });
    expect(elements.map(({ fact }) => (fact as Extract<CallFact, { kind: 'call.terminate' }>).errors.length)).toEqual([20, 20]);
  });

  it('a flood is read up to a bound and marked', () => {
    const { elements, unreadable } = read(delivery('calls', { calls: new Array(20_000).fill({}) }));
    expect(elements).toHaveLength(10_000);
    expect(unreadable).toBe(true);
  });

  describe('what cannot be', () => {
    const received = 1_797_400_000_000;
    const terminated = (call: object) => {
      const body = delivery('calls', { metadata, calls: [{ ...terminate, ...call }] });
      const [element] = read(body, received).elements;
      return { at: element?.at, key: element?.key, fact: element?.fact as Extract<CallFact, { kind: 'call.terminate' }> };
    };

    it('a time far ahead becomes five minutes after the receipt, and the key stays that of every redelivery', () => {
      const far = { timestamp: '9999999999', start_time: '9999999998', end_time: 9_999_999_999 };
      const latest = received + 300_000;
      const { at, key, fact } = terminated(far);
      expect([at, fact.startTime, fact.endTime]).toEqual([latest, latest, latest]);
      const later = read(delivery('calls', { metadata, calls: [{ ...terminate, ...far }] }), received + 60_000).elements[0];
      expect([later?.key, later?.at]).toEqual([key, latest + 60_000]);
      expect(terminated({ timestamp: '1797400299' }).at).toBe(1_797_400_299_000);
    });

    it('an end to something may lie ahead', () => {
      const reply = { response: 'accept', expiration_timestamp: '1798000000' };
      const message = {
        id: 'wamid.1',
        from: '5215512345678',
        interactive: { type: 'call_permission_reply', call_permission_reply: reply },
      };
      const [element] = read(delivery('messages', { metadata, messages: [message] }), received).elements;
      expect(element?.fact).toMatchObject({ kind: 'permission.reply', expiresAt: 1_798_000_000_000 });
    });

    it.each([1e20, '9007199254740993', -1, 'long'])('a duration of %s is unknown', (duration) => {
      expect(terminated({ duration }).fact.durationSeconds).toBeNull();
    });

    it.each([1e308, 3.5, 2 ** 31])('the number %s of an error is unknown', (code) => {
      expect(terminated({ errors: [{ code, message: 'x' }] }).fact.errors).toEqual([{ code: null, message: 'x', details: null }]);
    });

    it('NUL in a text is left out', () => {
      expect(terminated({ id: 'wacid.\0a', biz_opaque_callback_data: '\0' }).fact).toMatchObject({
        wacid: 'wacid.a',
        opaque: null,
      });
    });

    it('an id longer than an index can hold is none', () => {
      expect(terminated({ id: 'w'.repeat(513) }).fact).toBeNull();
      expect(terminated({ id: 'w'.repeat(512) }).fact.wacid).toHaveLength(512);
    });
  });
});
