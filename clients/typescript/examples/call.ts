import { createGateway, GatewayError, type GatewayOptions, type Schemas } from 'whatsapp-calling-gateway-client';

/** Calls a person, who is asked for permission where it is needed, hangs up when they answer, and returns how the call ended. */
export async function call(options: GatewayOptions, to: string, session: Schemas['SessionInput']) {
  const gateway = createGateway(options);
  await using events = await gateway.events({ types: ['call.ready', 'call.connected', 'call.answered', 'call.ended'] });
  const { id, state } = await gateway.makeCall({ body: { to } }).catch((error) => {
    if (error instanceof GatewayError) console.error(error.code, error.remedy, error.retry_at);
    throw error;
  });
  if (state === 'ready') await gateway.connectCall({ body: { id, session } });
  for await (const { type, data } of events) {
    if (data.id !== id) continue;
    if (type === 'call.ready' && state !== 'ready') await gateway.connectCall({ body: { id, session } });
    if (type === 'call.connected') console.log('the answer for your WebRTC connection:', data.session?.sdp.length, 'characters');
    if (type === 'call.answered') await gateway.terminateCall({ body: { id } });
    if (type === 'call.ended') return data.outcome;
  }
}
