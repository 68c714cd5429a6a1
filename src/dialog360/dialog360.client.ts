import { setTimeout as wait } from 'node:timers/promises';
import type { Settings } from '#config/settings.js';
import type { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { type JsonRecord, record, records, text } from '#kernel/read.js';
import type { Metrics } from '#telemetry/metrics.js';
import { traced } from '#telemetry/traces.js';
import { isOver, mayHaveActed, type NoResponse, problemOf, problemOfNoResponse } from './dialog360.errors.js';
import type { Exchange, Operation, Sent } from './exchange.js';
import type { Contact, Session } from './fact.js';
import type { HttpTransport, UpstreamRequest, UpstreamResponse } from './http-transport.client.js';
import { sendInTime } from './limits/attempts.js';
import { LONGEST_QUEUE_MS, type PermissionReads } from './limits/permission-reads.service.js';
import type { RequestLimits, UpstreamLoad } from './limits/request-limits.service.js';
import type { LineProof } from './line-proof.js';
import {
  type Health,
  readHealthAnswer,
  readWebhookAnswer,
  readWebhookConfig,
  type SettingsReading,
  type WebhookConfig,
  type WebhookRegistration,
} from './number-reading.js';
import { type PermissionReading, readPermissionAnswer } from './permission-reading.js';
import { type AnswerReader, readSuccess, readUpstream, valueIn } from './read-upstream.js';
import { readContact } from './webhook/change.js';
import {
  type Addressee,
  type CallAction,
  kindOf,
  MAX_OPAQUE,
  permissionRequest,
  shownOf,
  type TemplateObject,
  wireAddress,
} from './wire.js';

/** One operation with its request. */
interface Plan {
  operation: Operation;
  ask: Omit<UpstreamRequest, 'signal'>;
  /** The limit of attempts; more than one only where a repetition has no effect. */
  attempts: 1 | 2 | 3;
  /** For the exchange: what may be shown of the request. */
  shown: object;
}

/** What belongs to one number on its way to 360dialog. */
interface Line {
  /** Null while the number of the key is not known. */
  phoneNumberId: string | null;
  /** Null without a key: everything is refused. */
  transport: HttpTransport | null;
  limits: RequestLimits;
  proof: LineProof;
}

/**
 * The line of one number: sends every request to 360dialog that is made with its key. Commands return their result, readings throw a
 * `Problem`.
 */
export class Dialog360Client {
  #hasEnded = false;

  constructor(
    private readonly line: Line,
    private readonly permissionReads: PermissionReads,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  /** Asked before every request but the reading of the health; what it refuses is not sent. */
  get proof(): LineProof {
    return this.line.proof;
  }

  /** What this process sends on this line at present. */
  get load(): UpstreamLoad {
    return this.line.limits.load;
  }

  /** The line is not used any more: its sockets are closed when nothing is under way. */
  end(): void {
    this.#hasEnded = true;
    this.line.limits.end();
    this.#closeWhenIdle();
  }

  /** Closes every socket, also those in use. */
  close(): void {
    this.line.transport?.close();
  }

  /** Dials, with one attempt. `opaque`, at most 512 characters, comes back in the webhooks of the call. */
  connect(to: Addressee, session: Session, opaque: string): Promise<Sent<{ wacid: string }>> {
    const command = { ...wireAddress(to), action: 'connect', session, biz_opaque_callback_data: checked(opaque) } as const;
    return this.#act(command, (answer) => {
      const wacid = text(records(answer.calls)[0]?.id);
      return wacid === undefined ? undefined : { wacid };
    });
  }

  /** Prepares the media of an inbound call before it is answered. */
  preAccept(wacid: string, session: Session): Promise<Sent<null>> {
    return this.#act({ call_id: wacid, action: 'pre_accept', session }, readSuccess);
  }

  /** Answers an inbound call. The SDP must be that of the pre-accept, when there was one. */
  accept(wacid: string, session: Session, opaque: string): Promise<Sent<null>> {
    return this.#act({ call_id: wacid, action: 'accept', session, biz_opaque_callback_data: checked(opaque) }, readSuccess);
  }

  /** Rejects an inbound call; `alreadyOver` when it had ended before. */
  reject(wacid: string): Promise<Sent<{ alreadyOver: boolean }>> {
    return this.#end(wacid, 'reject');
  }

  /** Hangs up, or cancels an outbound call that rings; `alreadyOver` when the call had ended before. */
  terminate(wacid: string): Promise<Sent<{ alreadyOver: boolean }>> {
    return this.#end(wacid, 'terminate');
  }

  /** Asks a user for permission to call: free-form inside the 24 h window, or with a template at any time. */
  requestPermission(
    to: Addressee,
    how: { body?: string; template?: TemplateObject },
  ): Promise<Sent<{ messageId: string; contact: Contact | null }>> {
    const template = how.template && { name: how.template.name, language: how.template.language };
    const plan: Plan = {
      operation: 'request_permission',
      ask: { method: 'POST', path: '/messages', body: permissionRequest(to, how), fresh: true },
      attempts: 1,
      shown: { addressee: kindOf(to), ...(template ? { template } : { body_length: how.body?.length ?? 0 }) },
    };
    return this.#send(plan, (answer) => {
      const messageId = text(records(answer.messages)[0]?.id);
      const contact = records(answer.contacts)[0];
      return messageId === undefined ? undefined : { messageId, contact: contact ? readContact(contact) : null };
    });
  }

  /**
   * Reads the permission of one user; the readings of a number are counted over all replicas.
   * @throws Problem, also `rate_limited` when the queue of readings is full
   */
  async readPermission(to: Addressee): Promise<PermissionReading> {
    const delay = await this.permissionReads.take(this.line.phoneNumberId);
    if (delay === undefined)
      throw new Problem('rate_limited', { params: { message: 'queue' }, retryAt: this.clock.now() + LONGEST_QUEUE_MS });
    if (delay > 0) await wait(delay);
    return this.#read(
      'read_permission',
      `/calling/permissions/${encodeURIComponent('waId' in to ? to.waId : to.userId)}`,
      readPermissionAnswer,
    );
  }

  /** Reads the calling settings. @throws Problem */
  readSettings(): Promise<SettingsReading> {
    return this.#read('read_settings', '/calling/settings', (body) => ({ calling: record(body.calling) ?? {}, body }));
  }

  /** Reads the health, which names the number of the API key. @throws Problem */
  async readHealth(): Promise<Health> {
    const health = await this.#read('read_health', '/health_status', readHealthAnswer);
    await this.line.proof.observe(health);
    return health;
  }

  /** Reads the registered webhook. @throws Problem */
  readWebhook(): Promise<WebhookRegistration> {
    return this.#read('read_webhook', '/v1/configs/webhook', readWebhookAnswer);
  }

  /** Reads the registered webhook whole, with its secrets: to keep what is replaced. @throws Problem */
  readWebhookConfig(): Promise<WebhookConfig> {
    return this.#read('read_webhook', '/v1/configs/webhook', readWebhookConfig);
  }

  /** Replaces the registered webhook. @throws Problem */
  async writeWebhook(config: WebhookConfig): Promise<void> {
    await this.#write('write_webhook', '/v1/configs/webhook', { url: config.url, headers: config.headers }, readWebhookConfig);
  }

  /** Reads how the number is shown to people, as bare digits; null when 360dialog does not say it. @throws Problem */
  readDisplayNumber(): Promise<{ id: string | null; digits: string | null }> {
    return this.#read('read_number', '/v1/configs/phone_number', (body) => ({
      id: text(body.id) ?? null,
      digits: text(body.display_phone_number)?.replaceAll(/\D/g, '') || null,
    }));
  }

  /** Replaces the parts of Meta's `calling` object that are given; `call_hours` always as a whole. @throws Problem */
  writeSettings(calling: JsonRecord): Promise<void> {
    return this.#write('write_settings', '/calling/settings', { calling });
  }

  #act<T>(command: CallAction, read: AnswerReader<T>): Promise<Sent<T>> {
    const { action } = command;
    const body = { messaging_product: 'whatsapp', ...command } as const;
    const attempts = action === 'reject' || action === 'terminate' ? 2 : 1;
    const ask = { method: 'POST', path: '/calling/calls', body, fresh: action === 'connect' } as const;
    return this.#send({ operation: action, ask, attempts, shown: shownOf(body) }, read);
  }

  async #end(wacid: string, action: 'reject' | 'terminate'): Promise<Sent<{ alreadyOver: boolean }>> {
    const sent = await this.#act({ call_id: wacid, action }, readSuccess);
    if (sent.outcome === 'accepted') return { ...sent, value: { alreadyOver: false } };
    return isOver(sent.problem) ? { outcome: 'accepted', value: { alreadyOver: true }, exchange: sent.exchange } : sent;
  }

  async #read<T>(operation: Operation, path: string, read: AnswerReader<T>): Promise<T> {
    const sent = await this.#send({ operation, ask: { method: 'GET', path }, attempts: 3, shown: {} }, read);
    if (sent.outcome === 'accepted') return sent.value;
    throw sent.problem;
  }

  async #write(operation: Operation, path: string, body: object, read: AnswerReader<unknown> = readSuccess): Promise<void> {
    const sent = await this.#send({ operation, ask: { method: 'POST', path, body }, attempts: 1, shown: {} }, read);
    if (sent.outcome !== 'accepted') throw sent.problem;
  }

  async #send<T>(plan: Plan, read: AnswerReader<T>): Promise<Sent<T>> {
    const { operation } = plan;
    const { transport } = this.line;
    const refusal = await this.#refusal(operation);
    if (refusal || !transport) {
      const exchange: Exchange = { operation, durationMs: 0, at: this.clock.now(), request: plan.shown, status: null, upstream: null };
      return { outcome: 'refused', problem: refusal ?? new Problem('number_unproven', { params: { message: 'no key' } }), exchange };
    }
    const measured = this.metrics.upstreamSeconds.startTimer({ operation });
    const sent = await traced(`360dialog ${operation}`, { kind: 'client', attributes: { 'wac.operation': operation } }, async (span) => {
      const came = await this.#exchange(plan, transport, read);
      span.set('wac.outcome', came.outcome);
      if (came.exchange.status !== null) span.set('http.response.status_code', came.exchange.status);
      if (came.outcome !== 'accepted') span.fail();
      return came;
    });
    measured();
    if (this.#hasEnded) this.#closeWhenIdle();
    this.metrics.commands.inc({ operation, outcome: sent.outcome });
    return sent;
  }

  #closeWhenIdle(): void {
    const { underWay, waiting } = this.line.limits.load;
    if (underWay + waiting === 0) this.close();
  }

  /** Why this may not be sent with this key; null when it may. */
  async #refusal(operation: Operation): Promise<Problem | null> {
    if (operation === 'read_health') return null;
    try {
      await this.line.proof.assertProven();
      return null;
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
  }

  async #exchange<T>(plan: Plan, transport: HttpTransport, read: AnswerReader<T>): Promise<Sent<T>> {
    const at = this.clock.now();
    const came = await this.line.limits
      .run(plan.operation, () => sendInTime(transport, plan, this.settings.dialog360.timeoutMs))
      .catch(asProblem);
    const now = this.clock.now();
    const facts = { operation: plan.operation, durationMs: now - at, at, request: plan.shown };
    if (came instanceof Problem || 'reason' in came) {
      const exchange: Exchange = { ...facts, status: null, upstream: null };
      if (came instanceof Problem) return { outcome: 'refused', problem: came, exchange };
      return { outcome: came.sent ? 'unknown' : 'refused', problem: problemOfNoResponse(came, plan.operation), exchange };
    }
    const value = valueIn(came, read);
    if (value !== undefined) return { outcome: 'accepted', value, exchange: { ...facts, status: came.status, upstream: null } };
    const upstream = readUpstream(came.status, came.text);
    const problem = problemOf(upstream, plan.operation, now, came.retryAfter);
    if (problem.code === 'upstream_key_rejected') this.line.proof.keyRefused?.();
    return { outcome: mayHaveActed(upstream) ? 'unknown' : 'refused', problem, exchange: { ...facts, status: came.status, upstream } };
  }
}

/** Our own refusal, before anything was sent. */
function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}

function checked(opaque: string): string {
  if (opaque.length > MAX_OPAQUE) throw new RangeError(`biz_opaque_callback_data has ${opaque.length} characters`);
  return opaque;
}
