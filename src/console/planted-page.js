import { api, withQuery } from './page/api.js';
import { onEvent } from './page/events.js';
import { load } from './page/parts/load.js';
import { table } from './page/parts/table.js';
import { can } from './page/session.js';
import { h } from './page/view.js';

/**
 * What no page may do, so that `npm run types` sees itself find it: each line below must be an error, else its directive is
 * one. No page loads this file.
 * @param {HTMLElement} place
 */
export async function plantedPage(place) {
  const call = await api('GET', `/api/calling/calls/${place.id}`);
  // @ts-expect-error: a call has no such field
  fill(call.outcom);
  // @ts-expect-error: `null` until the call is answered
  new Date(call.answered_at);
  // @ts-expect-error: no such route
  await api('GET', `/api/calling/calls/${place.id}/lines`);
  // @ts-expect-error: the route has no such method
  await api('PATCH', `/api/calling/calls/${place.id}`, {});
  // @ts-expect-error: the route has no such parameter
  await api('GET', withQuery('/api/calling/calls', { status: 'ended' }));
  // @ts-expect-error: the body has no such field
  await api('POST', '/api/calling/terminate', { callId: call.id });
  // @ts-expect-error: the answer is empty
  (await api('DELETE', '/api/session')).name;
  // @ts-expect-error: no such scope
  can('calls:write');
  // @ts-expect-error: no such type of event
  onEvent('call.hungUp', () => undefined);
  // @ts-expect-error: a call has no such field, in an event neither
  onEvent('call.ended', ({ data }) => fill(data.outcom));
  load(
    place,
    () => api('GET', '/api/keys'),
    ({ data }) =>
      table({
        caption: '',
        empty: '',
        rows: data,
        // @ts-expect-error: a key has no such field
        columns: [['', ({ used_at }) => used_at]],
      }),
  );
}

const fill = (/** @type {string | null} */ text) => h('p', {}, text);
