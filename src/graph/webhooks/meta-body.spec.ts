import { describe, expect, it } from '@jest/globals';
import type { Contact, Element } from '#dialog360/fact.js';
import { readDelivery } from '#dialog360/webhook-reader.js';
import { newId } from '#kernel/id.js';
import type { JsonRecord } from '#kernel/read.js';
import { type AroundElement, metaBodyOf, wacidIn, withSession } from './meta-body.js';

const [OURS, DISPLAY, ANA] = ['300000000000001', '5215500000001', '5215512340001'];
const metadata = { display_phone_number: DISPLAY, phone_number_id: OURS };
const SESSION = { sdp_type: 'answer', sdp: 'v=0\r\n' };

const elements = (value: object, field = 'calls', entry: object = { id: '200000000000001' }): Element[] => {
  const body = { object: 'whatsapp_business_account', entry: [{ ...entry, changes: [{ field, value: { metadata, ...value } }] }] };
  return readDelivery({ body: Buffer.from(JSON.stringify(body)), receivedAt: Date.UTC(2026, 10, 29) }).elements;
};
const contactIn = ({ fact }: Element): Contact | null => (fact && 'contact' in fact ? fact.contact : null);
const AROUND = { phoneNumberId: OURS, displayPhoneNumber: DISPLAY, wabaId: null, person: null, callbackData: null };
const written = (element: Element | undefined, around: Partial<AroundElement> = {}) =>
  metaBodyOf(element as Element, { ...AROUND, contact: contactIn(element as Element), ...around });
// biome-ignore lint/suspicious/noExplicitAny: bodies are read as consumers read them
const contentOf = (body: JsonRecord): any => (body as any).entry[0].changes[0].value;

const call = (more: object = {}) => ({
  id: 'wacid.A',
  from: DISPLAY,
  to: ANA,
  event: 'connect',
  timestamp: '1797400000',
  direction: 'BUSINESS_INITIATED',
  ...more,
});

describe('an element as Meta would post it alone', () => {
  it('has the data of the caller in place of ours, which is nowhere', () => {
    const ours = newId('call');
    const sent = { biz_opaque_callback_data: ours };
    const all = [
      ...elements({ calls: [call({ ...sent, session: SESSION }), call({ event: 'terminate', status: 'COMPLETED', ...sent })] }),
      ...elements({ statuses: [{ id: 'wacid.A', type: 'call', status: 'RINGING', timestamp: '1797400001', recipient_id: ANA, ...sent }] }),
    ];
    expect(all).toHaveLength(3);
    for (const element of all) {
      for (const callbackData of ['crm 7 ñ', null]) {
        const body = written(element, { callbackData });
        const [one] = contentOf(body).calls ?? contentOf(body).statuses;
        expect(one.biz_opaque_callback_data).toBe(callbackData ?? undefined);
        expect(JSON.stringify(body)).not.toContain(ours);
      }
    }
  });

  it('keeps the data of another app, and what the gateway does not know, as they came', () => {
    const odd = { biz_opaque_callback_data: 'call_of another app', terminate_reason: { code: 7, words: ['ñ', null] }, '42': true };
    const [element] = elements({
      calls: [call({ event: 'terminate', status: 'FAILED', ...odd })],
      errors: [{ code: 138021, href: 'x' }],
      vendor: 1,
    });
    expect(contentOf(written(element))).toEqual({
      ...{ messaging_product: 'whatsapp', metadata, contacts: [{ wa_id: ANA, profile: { name: null } }] },
      ...{ calls: [call({ event: 'terminate', status: 'FAILED', ...odd })], errors: [{ code: 138021, href: 'x' }] },
    });
  });

  it('holds no SDP, in either form, until it is posted', () => {
    const connection = { webrtc: { sdp: '{"sdp":"v=0"}' } };
    const body = written(elements({ calls: [call({ session: SESSION, connection })] })[0]);
    expect(JSON.stringify(body)).not.toContain('v=0');
    expect(wacidIn(body)).toBe('wacid.A');
    expect(contentOf(withSession(body, SESSION)).calls).toEqual([call({ session: SESSION })]);
    expect(contentOf(body).calls).toEqual([call()]);
  });

  it('names its own user alone, completed by what is known of them', () => {
    const contacts = [
      { wa_id: '5215512349999', profile: { name: 'Otra' } },
      { wa_id: ANA, user_id: 'MX.1', profile: { username: 'ana' }, extra: 1 },
    ];
    const person = { waId: ANA, userId: 'MX.1', parentUserId: 'MX.ENT.1', username: 'old', name: 'Ana' };
    const [element] = elements({
      contacts,
      calls: [call({ event: 'terminate' }), call({ id: 'wacid.B', to: '5215512349999', event: 'terminate' })],
    });
    expect(contentOf(written(element, { person })).contacts).toEqual([
      { wa_id: ANA, user_id: 'MX.1', parent_user_id: 'MX.ENT.1', profile: { name: 'Ana', username: 'ana' }, extra: 1 },
    ]);
    const [bare] = elements({ calls: [{ id: 'wacid.C', event: 'terminate', timestamp: '1797400000' }] });
    expect(contentOf(written(bare))).not.toHaveProperty('contacts');
    expect(contentOf(written(bare, { person: { waId: null, userId: 'MX.1' } })).contacts).toEqual([
      { user_id: 'MX.1', profile: { name: null } },
    ]);
  });

  it('is under the account and the number that the gateway knows where the webhook names none', () => {
    const source = {
      statuses: [{ id: 'wacid.A', type: 'call', status: 'RINGING', recipient_id: ANA }],
      metadata: { phone_number_id: OURS },
    };
    const [named] = elements(source);
    expect(written(named)).toMatchObject({ entry: [{ id: '200000000000001', changes: [{ field: 'calls' }] }] });
    const [unnamed] = elements(source, 'calls', { time: 1_797_400_000 });
    expect(written(unnamed, { wabaId: '2' })).toMatchObject({
      object: 'whatsapp_business_account',
      entry: [{ id: '2', time: 1_797_400_000 }],
    });
    expect(written(unnamed)).toMatchObject({ entry: [{ id: '0' }] });
    expect(contentOf(written(unnamed)).metadata).toEqual(metadata);
  });

  it('of settings is the whole value, without passwords of SIP servers', () => {
    const servers = [{ hostname: 'sip.example', sip_user_password: 'hunter2', port: 5061 }];
    const settings = { phone_number_id: OURS, calling: { status: 'ENABLED', sip: { servers } } };
    const value = { timestamp: '1797400000', type: 'phone_number_settings', phone_number_settings: settings };
    const [element] = elements(value, 'account_settings_update');
    const shown = contentOf(written(element));
    expect(shown.phone_number_settings.calling.sip.servers).toEqual([{ hostname: 'sip.example', port: 5061 }]);
    expect(shown).toMatchObject({ type: 'phone_number_settings', timestamp: '1797400000', metadata });
  });

  it('of the number has its errors and the contacts beside them', () => {
    const value = { contacts: [{ wa_id: ANA, profile: { name: 'Ana' } }], errors: [{ code: 131044, error_data: { details: 'x' } }] };
    expect(contentOf(written(elements(value)[0]))).toEqual({ messaging_product: 'whatsapp', metadata, ...value });
  });
});
