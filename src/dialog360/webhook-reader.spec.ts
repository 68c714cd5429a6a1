import fc from 'fast-check';
import type { CallFact } from './fact.js';
import { readDelivery } from './webhook-reader.js';

const metadata = { phone_number_id: '300000000000001', display_phone_number: '5215500000001' };
const delivery = (field: string, value: unknown, entry: object = {}) => ({
  object: 'whatsapp_business_account',
  entry: [{ id: '200000000000001', ...entry, changes: [{ field, value }] }],
});
/** Long after every time in these deliveries. */
const RECEIVED = Date.UTC(2030, 0, 1);
const readBytes = (body: Uint8Array, receivedAt = RECEIVED) => readDelivery({ body, receivedAt });
const read = (body: unknown, receivedAt = RECEIVED) => readBytes(Buffer.from(JSON.stringify(body)), receivedAt);
const ofCalls = (value: object) => read(delivery('calls', { metadata, ...value })).elements;
const callIn = (value: object) => ofCalls(value)[0]?.fact as CallFact | undefined;
const terminate = { id: 'wacid.1', event: 'terminate', timestamp: '1797400000', direction: 'USER_INITIATED' };

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
      expect.objectContaining({ field: 'calls', wabaId: '200000000000001', fact: null, key: expect.stringMatching(/^[0-9a-f]{64}$/) }),
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
        return elements.length > 0 && elements.every(({ key }) => key.length === 64);
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

  it('a contact goes to the call that shares an id with it, in any writing of the number', () => {
    const calls = [
      { ...terminate, from: '5512345678', id: 'wacid.0', from_user_id: 'MX.1' },
      { ...terminate, from: '5215587654321' },
    ];
    const contacts = [
      { wa_id: '525587654321', profile: { name: 'Beto' } },
      { user_id: 'MX.1', profile: { name: 'Ana' } },
    ];
    expect(ofCalls({ contacts, calls }).map(({ fact }) => (fact as CallFact).contact)).toEqual([
      expect.objectContaining({ waId: '5512345678', userId: 'MX.1', name: 'Ana' }),
      expect.objectContaining({ waId: '525587654321', name: 'Beto' }),
    ]);
  });

  it('the only contact is not given to the second call of another user', () => {
    const calls = [
      { ...terminate, from: '5215512345678' },
      { ...terminate, id: 'wacid.2', from: '5215587654321' },
    ];
    const names = ofCalls({ contacts: [{ wa_id: '5215512345678', profile: { name: 'Ana' } }], calls }).map(
      ({ fact }) => (fact as CallFact).contact?.name,
    );
    expect(names).toEqual(['Ana', null]);
  });

  it('the only contact is not given to a call of another user, and completes one that names its user by another kind of id', () => {
    const contact = { wa_id: '5215512345678', profile: { name: 'Ana' } };
    const contactOf = (call: object, contacts: object[]) => callIn({ contacts, calls: [{ ...terminate, ...call }] })?.contact;
    expect(contactOf({ from: '5215587654321' }, [contact])).toMatchObject({ waId: '5215587654321', name: null });
    expect(contactOf({ from_user_id: 'MX.10000001' }, [{ ...contact, user_id: 'MX.10000002' }])).toMatchObject({
      waId: null,
      userId: 'MX.10000001',
    });
    expect(contactOf({ from_user_id: 'MX.10000001' }, [contact])).toMatchObject({ waId: '5215512345678', userId: 'MX.10000001' });
    expect(contactOf({}, [contact])).toMatchObject({ waId: '5215512345678', name: 'Ana' });
    // A contact that shares the BSUID and names another number does not replace the number of the call.
    const shared = { from: '5215587654321', from_user_id: 'MX.10000001' };
    expect(contactOf(shared, [{ ...contact, user_id: 'MX.10000001' }])).toMatchObject({ waId: '5215587654321', name: 'Ana' });
  });

  describe('the form of an id decides what it is, wherever it stands', () => {
    const [PHONE, BSUID, PARENT] = ['5215512345678', 'MX.10000000000000777', 'MX.ENT.20000000000000777'];
    const contactOf = (call: object) => callIn({ calls: [{ ...terminate, ...call }] })?.contact;
    const NONE = { waId: null, userId: null, parentUserId: null };

    it.each([
      ['a BSUID in from', { from: BSUID }, { ...NONE, userId: BSUID }],
      ['a parent BSUID in from', { from: PARENT }, { ...NONE, parentUserId: PARENT }],
      ['a BSUID in to, swapped', { from: '5215500000001', to: BSUID }, { ...NONE, userId: BSUID }],
      ['a parent BSUID as user id', { from_user_id: PARENT }, { ...NONE, parentUserId: PARENT }],
      ['a number as user id', { from_user_id: PHONE }, { ...NONE, waId: PHONE }],
      ['a BSUID with space around it', { from: ` ${BSUID}\n` }, { ...NONE, userId: BSUID }],
      ['both at their places', { from: PHONE, from_user_id: BSUID }, { ...NONE, waId: PHONE, userId: BSUID }],
      ['another BSUID in from', { from: 'MX.1000000001', from_user_id: BSUID }, { ...NONE, userId: BSUID }],
      ['an id of an unknown form as user id', { from_user_id: 'x-1' }, { ...NONE, userId: 'x-1' }],
    ])('%s', (_, call, ids) => expect(contactOf(call)).toMatchObject(ids));

    it('text of no form in from names nobody', () => expect(contactOf({ from: 'MX.1' })).toBeNull());

    it('in statuses and contacts alike', () => {
      const statuses = [{ id: 'wacid.1', type: 'call', status: 'RINGING', timestamp: '1797400000', recipient_id: BSUID }];
      expect(callIn({ statuses })?.contact).toMatchObject({ ...NONE, userId: BSUID });
      const beside = { contacts: [{ wa_id: BSUID, profile: { name: 'Ana' } }], calls: [{ ...terminate, from: BSUID }] };
      expect(callIn(beside)?.contact).toMatchObject({ ...NONE, userId: BSUID, name: 'Ana' });
    });

    it('a BSUID tells the direction where nothing else does', () => {
      const { direction: _, ...silent } = terminate;
      const directionOf = (call: object) => callIn({ calls: [{ ...silent, ...call }] })?.direction;
      expect([directionOf({ from: BSUID }), directionOf({ to: BSUID }), directionOf({})]).toEqual(['inbound', 'outbound', null]);
    });
  });

  describe('a change of identity', () => {
    const [A, B] = ['MX.10000000000000888', 'MX.20000000000000888'];
    const [N, M] = ['5215512340001', '5215512340002'];
    const changeOf = (message: object, system: object, type = 'user_changed_user_id') => {
      const value = {
        metadata,
        messages: [{ id: 'wamid.1', timestamp: '1797400000', type: 'system', ...message, system: { type, ...system } }],
      };
      const fact = read(delivery('messages', value)).elements[0]?.fact;
      if (fact?.kind !== 'identity.changed') return fact;
      const known = (ids: object) => Object.fromEntries(Object.entries(ids).filter(([, id]) => id !== null));
      return [known(fact.former), known(fact.present)];
    };

    it.each<[string, object, object, object[]]>([
      ['previous ids', {}, { user_id: B, previous_user_id: A }, [{ userId: A }, { userId: B }]],
      ['previous ids, sent from the new one', { from_user_id: B }, { previous_user_id: A }, [{ userId: A }, { userId: B }]],
      ['the sender', { from_user_id: A }, { user_id: B }, [{ userId: A }, { userId: B }]],
      ['from', { from: A }, { user_id: B }, [{ userId: A }, { userId: B }]],
      ['the text', {}, { user_id: B, body: `User Ana changed from ${A} to ${B}.` }, [{ userId: A }, { userId: B }]],
      ['the text alone', {}, { body: `User Ana changed from ${A} to ${B}` }, [{ userId: A }, { userId: B }]],
      [
        'the end of the text, whatever the name is',
        {},
        { body: `User x from ${N} to ${M} changed from ${A} to ${B}` },
        [{ userId: A }, { userId: B }],
      ],
      ['a number', { from: N }, { wa_id: M }, [{ waId: N }, { waId: M }]],
      [
        'a number, with the BSUIDs',
        { from: N },
        { wa_id: M, user_id: B, previous_user_id: A },
        [
          { waId: N, userId: A },
          { waId: M, userId: B },
        ],
      ],
      [
        'a number, sent from the new one',
        { from: M },
        { wa_id: M, user_id: B, previous_user_id: A },
        [{ userId: A }, { waId: M, userId: B }],
      ],
      ['the text, when the sender is new', { from: M }, { wa_id: M, body: `changed from ${N} to ${M}` }, [{ waId: N }, { waId: M }]],
    ])('is read by %s', (_, message, system, ids) => expect(changeOf(message, system)).toEqual(ids));

    it.each<[string, object, object]>([
      ['nobody before', {}, { user_id: B }],
      ['nobody after', { from_user_id: A }, {}],
      ['the same before and after', { from_user_id: A }, { user_id: A }],
      ['a text about others', {}, { user_id: B, body: `changed from ${N} to ${M}` }],
    ])('that names %s is unknown', (_, message, system) => expect(changeOf(message, system)).toBeNull());

    it('is no change of the security code', () =>
      expect(changeOf({ from: N }, { wa_id: M, hash: 'x' }, 'customer_identity_changed')).toBeNull());
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
