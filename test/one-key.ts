import { once } from 'node:events';
import { createServer, type Server } from 'node:http';

/** What `GET /health_status` answers beside the number: a 503, a 403, or a health that names no number. */
type HealthFault = 'failing' | 'forbidden' | 'unnamed';

/** 360dialog with one key, whose number a test chooses; a number of null is refused with 401. */
export class OneKey {
  static readonly OURS = '300000000000001';
  static readonly THEIRS = '300000000000002';
  number: string | null = OneKey.OURS;
  /** Faults of the health alone: every other request is answered. */
  health: HealthFault | null = null;
  permission = 'permanent';
  /** What was sent that is not a reading. */
  readonly sent: string[] = [];
  /** What was read, but for the health. */
  readonly asked: string[] = [];
  #server: Server | null = null;

  constructor(readonly port: number) {}

  async start(): Promise<void> {
    this.#server = createServer(async (request, response) => {
      for await (const _ of request);
      const { method, url = '' } = request;
      if (method === 'POST') this.sent.push(url);
      else if (url !== '/health_status') this.asked.push(url);
      const [status, body] = this.#answer(`${method} ${url.replace(/\/permissions\/.*/, '/permissions')}`);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    }).listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  #answer(request: string): [number, object] {
    if (this.number === null) return [401, { message: 'Invalid API key' }];
    if (request === 'GET /health_status') return this.#healthAnswer(this.number);
    return [200, this.#body(request)];
  }

  #healthAnswer(id: string): [number, object] {
    if (this.health === 'failing') return [503, { error: 'Service unavailable' }];
    if (this.health === 'forbidden') return [403, { error: 'Endpoint blocked' }];
    const entities = this.health === 'unnamed' ? [] : [{ entity_type: 'PHONE_NUMBER', id }];
    return [200, { health_status: { can_send_message: 'AVAILABLE', entities } }];
  }

  #body(request: string): object {
    if (request === 'GET /calling/settings') return { calling: { status: 'ENABLED' } };
    if (request === 'GET /calling/permissions') {
      const granted = this.permission !== 'no_permission';
      const actions = [
        { action_name: 'start_call', can_perform_action: granted, limits: [] },
        { action_name: 'send_call_permission_request', can_perform_action: true, limits: [] },
      ];
      return { messaging_product: 'whatsapp', permission: { status: this.permission }, actions };
    }
    if (request === 'POST /calling/calls')
      return { messaging_product: 'whatsapp', success: true, calls: [{ id: `wacid.${this.sent.length}` }] };
    if (request === 'POST /messages') return { messaging_product: 'whatsapp', messages: [{ id: `wamid.${this.sent.length}` }] };
    return { success: true };
  }
}
