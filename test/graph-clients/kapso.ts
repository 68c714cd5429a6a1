import { GraphApiError, WhatsAppClient } from '@kapso/whatsapp-cloud-api';
import * as server from '@kapso/whatsapp-cloud-api/server';
import type { Body } from '../recipes/stage.js';
import { ClientRefusal, type GraphClientClass, type Heard } from './client.js';

/** `@kapso/whatsapp-cloud-api`: the host is its option `baseUrl`. */
export const kapso: GraphClientClass = ({ baseUrl, token, phoneNumberId }, _verifyToken, appSecret) => {
  const client = new WhatsAppClient({ baseUrl, accessToken: token });
  const answerTo = (callId: string, sdp: string) => ({ phoneNumberId, callId, session: { sdpType: 'answer', sdp } });
  const body = 'May we call you?';
  const idOf = ({ messages: [message] }: { messages: { id: string }[] }): string => String(message?.id);
  return {
    name: 'kapso',
    fields: ['calls', 'messages', 'account_settings_update'],
    connect: async (addressee, sdp, bizOpaqueCallbackData) => {
      const request = { phoneNumberId, ...addressee, session: { sdpType: 'offer', sdp } };
      const answer: Body = await refused(
        client.calls.connect({ ...request, ...(bizOpaqueCallbackData && { bizOpaqueCallbackData }) } as Body),
      );
      return answer.calls[0].id;
    },
    preAccept: (callId, sdp) => refused(client.calls.preAccept(answerTo(callId, sdp))),
    accept: (callId, sdp, bizOpaqueCallbackData) =>
      refused(client.calls.accept({ ...answerTo(callId, sdp), ...(bizOpaqueCallbackData && { bizOpaqueCallbackData }) })),
    reject: (callId) => refused(client.calls.reject({ phoneNumberId, callId })),
    terminate: (callId) => refused(client.calls.terminate({ phoneNumberId, callId })),
    ask: async (to) => {
      const parameters = { phoneNumber: phoneNumberId };
      return idOf(await refused(client.messages.sendInteractiveCallPermission({ phoneNumberId, to, bodyText: body, parameters })));
    },
    askByTemplate: async (to) => {
      const template = { name: 'call_permission_v1', language: { code: 'es' } };
      return idOf(await refused(client.messages.sendTemplate({ phoneNumberId, to, template })));
    },
    sendLocation: async (to) => {
      const location = { latitude: 19.4, longitude: -99.1 };
      return idOf(await refused(client.messages.sendLocation({ phoneNumberId, to, location })));
    },
    permission: (userWaId) => refused(client.calls.permissions.get({ phoneNumberId, userWaId })),
    settings: () => refused(client.phoneNumbers.settings.get({ phoneNumberId })),
    changeSettings: (calling) => refused(client.phoneNumbers.settings.update({ phoneNumberId, calling })),
    number: { cannot: 'it has no method for the fields of a number', proof: () => !('get' in client.phoneNumbers) },
    history: {
      cannot: "calls.list and calls.get ask Kapso's own proxy, and refuse any other host",
      proof: () => !client.isKapsoProxy(),
    },
    capture: {
      cannot: 'connect and accept drop recording and transcription',
      proof: () => !/\b(recording|transcription)\b/.test(String(client.calls.connect) + String(client.calls.accept)),
    },
    handshake: {
      cannot: 'it has no handler of the handshake: the program answers it',
      proof: () => Object.keys(server).every((name) => !/challenge|handshake|verifyToken/i.test(name)),
    },
    readsSettingsWebhooks: true,
    receive: async (rawBody, signatureHeader) => {
      if (!server.verifySignature({ appSecret, rawBody, signatureHeader })) throw new Error('the signature is not right');
      return heardOf(server.normalizeWebhook(JSON.parse(rawBody)));
    },
  };
};

/** The client throws an error of its own for a refusal. */
async function refused<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw error instanceof GraphApiError ? new ClientRefusal(error.code, error.errorSubcode, error.message) : error;
  });
}

function heardOf({ phoneNumberId, calls, statuses, messages, contacts, raw }: Body): Heard {
  const [element] = [...calls, ...statuses, ...messages];
  const event = element?.event ?? element?.status ?? element?.interactive?.type ?? Object.keys(raw)[0];
  return {
    event,
    phoneNumberId,
    id: element?.id ?? null,
    name: contacts[0]?.profile?.name ?? null,
    opaque: element?.bizOpaqueCallbackData ?? null,
    element: element ?? raw[event]?.[0],
  };
}
