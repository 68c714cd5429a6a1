import { WhatsAppAPI } from 'whatsapp-api-js';
import { ActionCallPermission, Body as BodyText, Interactive, Location, Template } from 'whatsapp-api-js/messages';
import type { Body } from '../recipes/stage.js';
import { type Addressee, ClientRefusal, type GraphClientClass, type Heard } from './client.js';

const META = 'https://graph.facebook.com';

/** `whatsapp-api-js`: its hosts are fixed, so the function that it takes as `ponyfill.fetch` puts another host in their place. */
export const whatsappApiJs: GraphClientClass = ({ baseUrl, token, phoneNumberId }, webhookVerifyToken, appSecret) => {
  const elsewhere: typeof fetch = (url, init) => fetch(String(url).replace(META, baseUrl), init);
  const client = new WhatsAppAPI<Heard>({ token, appSecret, webhookVerifyToken, v: 'v23.0', ponyfill: { fetch: elsewhere } });
  client.on.call.connect = ({ phoneID, call, name }) => heard(call.event, phoneID, call, name);
  client.on.call.terminate = ({ phoneID, call, name }) => heard(call.event, phoneID, call, name);
  client.on.call.status = ({ phoneID, status, id, biz_opaque_callback_data, raw }: Body) =>
    heard(status, phoneID, { id, biz_opaque_callback_data }, raw.entry[0].changes[0].value.contacts?.[0]?.profile?.name);
  client.on.message = ({ phoneID, message, name }: Body) => heard(message.interactive?.type ?? message.type, phoneID, message, name);
  client.on.status = ({ phoneID, status, id }: Body) => heard(status, phoneID, { id }, undefined);
  const send = async (to: string, message: Body): Promise<string> =>
    (await refused(client.sendMessage(phoneNumberId, to, message))).messages[0].id;
  const methods = Object.getOwnPropertyNames(WhatsAppAPI.prototype);
  const hasNone = (pattern: RegExp) => () => methods.every((name) => !pattern.test(name));
  return {
    name: 'whatsapp-api-js',
    fields: ['calls', 'messages'],
    connect: async (addressee, sdp, opaque) =>
      (await refused(client.initiateCall(phoneNumberId, calleeOf(addressee), sdp, opaque))).calls[0].id,
    preAccept: (callId, sdp) => refused(client.preacceptCall(phoneNumberId, wacid(callId), sdp)),
    accept: (callId, sdp, opaque) => refused(client.acceptCall(phoneNumberId, wacid(callId), sdp, opaque)),
    reject: (callId) => refused(client.rejectCall(phoneNumberId, wacid(callId))),
    terminate: (callId) => refused(client.terminateCall(phoneNumberId, wacid(callId))),
    ask: (to) => send(to, new Interactive(new ActionCallPermission(), new BodyText('May we call you?'))),
    askByTemplate: (to) => send(to, new Template('call_permission_v1', 'es')),
    sendLocation: (to) => send(to, new Location(-99.1, 19.4)),
    permission: { cannot: 'it has no method for call_permissions', proof: hasNone(/permission/i) },
    settings: { cannot: 'it has no method for settings', proof: hasNone(/setting/i) },
    changeSettings: { cannot: 'it has no method for settings', proof: hasNone(/setting/i) },
    number: { cannot: 'it has no method for the fields of a number', proof: hasNone(/phone|number/i) },
    history: { cannot: 'it has no method for past calls', proof: hasNone(/list|history/i) },
    capture: {
      cannot: 'initiateCall and acceptCall have no place for recording and transcription',
      proof: () => !/recording|transcription/.test(String(client.initiateCall) + String(client.acceptCall)),
    },
    handshake: (query) => client.get(query as Body),
    readsSettingsWebhooks: {
      cannot: 'post() reads the fields calls and messages only',
      proof: () => !String(client.post).includes('account_settings_update'),
    },
    receive: async (rawBody, signature) => (await client.post(JSON.parse(rawBody), rawBody, signature)) as Heard,
  };
};

/** The client's type for the id of a call. */
const wacid = (id: string) => id as `wacid.${string}`;

const calleeOf = ({ to, recipient }: Addressee): Body => (to === undefined ? { bsuid: recipient } : { phone: to });

/** The client returns a refusal as it came. */
async function refused(work: Promise<unknown>): Promise<Body> {
  const answer: Body = await work;
  if (answer.error) throw new ClientRefusal(answer.error.code, answer.error.error_subcode, answer.error.message);
  return answer;
}

const heard = (event: string, phoneNumberId: string, element: Body, name: string | undefined): Heard => ({
  event,
  phoneNumberId,
  id: element.id ?? null,
  name: name ?? null,
  opaque: element.biz_opaque_callback_data ?? null,
  element,
});
