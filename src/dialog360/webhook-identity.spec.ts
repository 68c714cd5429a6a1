import type { CallFact } from './fact.js';
import { webhookReading } from './webhook-reader.fixture.js';

const { metadata, delivery, read, ofCalls, callIn, terminate } = webhookReading;

describe('whose a webhook is', () => {
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
});
