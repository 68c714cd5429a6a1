// Never runs. The type check holds what the types allow, and refuses a line whose expected error is not there.
import { createGateway, type ErrorCode, type EventOf } from 'whatsapp-calling-gateway-client';

const gateway = createGateway({ url: 'http://127.0.0.1:3000', key: () => 'wac_' });

export const known: ErrorCode = 'call_in_progress';
export const ofALaterRelease: ErrorCode = 'a_code_of_a_later_release';
export const outcome = (event: EventOf<'call.ended' | 'permission.updated'>): string | null =>
  event.type === 'call.ended' ? event.data.outcome : event.data.user.wa_id;

export async function allowed() {
  const page = await gateway.listCalls({ params: { query: { limit: 3 } } });
  const call = await gateway.makeCall({ body: { to: '+52 55 1234 5678' }, params: { header: { 'Idempotency-Key': 'crm-4711' } } });
  const nothing: undefined = await gateway.deleteSubscription({ params: { path: { id: 'sub_1' } } });
  const { data: csv } = await gateway.api.GET('/api/calling/calls', { parseAs: 'text', headers: { Accept: 'text/csv' } });
  const texts: [string | null | undefined, string, string | undefined] = [page.data[0]?.call_id, call.state, csv];
  return [texts, nothing] as const;
}

export async function refused() {
  // @ts-expect-error neither `to` nor `recipient`
  await gateway.makeCall({ body: {} });
  // @ts-expect-error a member that the API does not have
  await gateway.makeCall({ body: { to: '+52 55 1234 5678', refrence: 'crm-4711' } });
  // @ts-expect-error a path without its parameter
  await gateway.getCall();
  // @ts-expect-error a type of event that does not exist
  await gateway.events({ types: ['call.started'] });
  // @ts-expect-error a type that was not asked for
  for await (const { type } of await gateway.events({ types: ['call.ended'] })) if (type === 'call.ready') return;
}
