import { once } from 'node:events';
import http from 'node:http';

export const PHONE_NUMBER_ID = '300000000000001';
export const DISPLAY_PHONE_NUMBER = '5215500000001';
/** A key of this form is one of the number in it. */
const KEY_OF = 'prove-key-of-';
export const keyOf = (phoneNumberId) => `${KEY_OF}${phoneNumberId}`;

/**
 * The least of 360dialog that a gateway needs to start and to dial. It permits everything, and its list of dials is the
 * oracle: nothing that the gateway says about itself counts.
 */
export class Fake360dialog {
  /** Every connect that arrived complete: `{ to, opaque, wacid, at }`. */
  dials = [];
  /** What becomes of a dial: a function from the dial to `{ holdMs, fate: 'answer' | 'drop' | 'fail' }`. */
  fateOf = () => ({ holdMs: 0, fate: 'answer' });

  async start() {
    this.server = http.createServer((request, response) => this.#take(request, response));
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  /** Says whether a request was taken care of otherwise. @returns {boolean} */
  take(_method, _path, _body, _response, _phoneNumberId) {
    return false;
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }

  #take(request, response) {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const { pathname } = new URL(request.url, this.url);
      const phoneNumberId = numberOf(request.headers['d360-api-key']);
      if (this.take(request.method, pathname, jsonOf(parts), response, phoneNumberId)) return;
      if (request.method === 'GET') return answer(response, 200, readingOf(pathname, phoneNumberId));
      const body = JSON.parse(Buffer.concat(parts).toString());
      if (pathname === '/calling/calls' && body.action === 'connect') return this.#dial(body, response);
      answer(response, 200, { success: true });
    });
    request.on('error', () => undefined);
  }

  #dial(body, response) {
    const wacid = `wacid.PROVE${String(this.dials.length).padStart(8, '0')}`;
    const dial = { to: body.to, opaque: body.biz_opaque_callback_data, wacid, at: Date.now() };
    this.dials.push(dial);
    const { holdMs, fate } = this.fateOf(dial);
    setTimeout(() => {
      if (fate === 'drop') response.destroy();
      else if (fate === 'fail') answer(response, 500, { error: { message: 'An unknown error has occurred.', code: 1 } });
      else answer(response, 200, { messaging_product: 'whatsapp', calls: [{ id: wacid }] });
    }, holdMs).unref();
  }
}

const numberOf = (key) => (/^\d+$/.test(key?.slice(KEY_OF.length) ?? '') ? key.slice(KEY_OF.length) : PHONE_NUMBER_ID);

function readingOf(pathname, id) {
  if (pathname === '/health_status') {
    const entities = [{ entity_type: 'PHONE_NUMBER', id, can_send_message: 'AVAILABLE' }];
    return { health_status: { can_send_message: 'AVAILABLE', entities }, id };
  }
  if (pathname === '/calling/settings') return { calling: { status: 'ENABLED', callback_permission_status: 'ENABLED' } };
  if (pathname === '/v1/configs/webhook') return { url: 'http://127.0.0.1/api/webhooks/360dialog', headers: {} };
  const may = (action_name) => ({ action_name, can_perform_action: true, limits: [] });
  return { messaging_product: 'whatsapp', permission: { status: 'permanent' }, actions: [may('start_call')] };
}

function answer(response, status, body) {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function jsonOf(parts) {
  return parts.length === 0 ? null : JSON.parse(Buffer.concat(parts).toString());
}
