import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access/authorization/principal.js';
import { invalidField } from '#api-conventions/invalid-field.js';
import { Settings } from '#config/settings.js';
import { isNothingSent } from '#error-catalogue/nothing-sent.js';
import { Clock, HOUR, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { parseJson } from '#kernel/read.js';
import { seal, unseal } from '#kernel/sealed.js';
import type { Secret } from '#kernel/secret.js';
import { Store, type Tx } from '#store/store.js';
import { Log } from '#telemetry/log.js';
import { fingerprint, isIdempotencyKey, type KeyedRequest } from './idempotency.js';
import { IdempotencyStore, type Kept, type KeptId } from './idempotency.store.js';

const KEPT_MS = 72 * HOUR;

/** The answer to a request; `body` is JSON. */
export interface ApiAnswer {
  status: number;
  body: unknown;
}

/** The gateway passes it to the work of a request. Without an `Idempotency-Key`, `record` does nothing. */
export interface Intent {
  /**
   * Ties the request to the call, in the transaction that commits the intent. From then on the work is never run again:
   * a repeated request is answered from the call.
   * @throws Problem `request_in_progress` when another run took over; the transaction must then fail, and nothing be sent.
   */
  record(tx: Tx, callId: string): Promise<void>;
}

/** A request with its API key. The same `Idempotency-Key` of two API keys identifies two requests. */
export interface IdempotentRequest extends KeyedRequest {
  principal: Principal;
  /** The `Idempotency-Key`, 1 to 255 printable characters; `null` when none was sent. */
  key: string | null;
  /** How its refusals are answered; by default as the `ProblemRenderer` does. */
  refusal?: (problem: Problem) => ApiAnswer;
}

/** Turns a refusal into the answer that the client gets; the http module provides it. */
export abstract class ProblemRenderer {
  /** The HTTP status and the JSON body of a problem; `IdempotencyService` stores both for repeated requests. */
  abstract render(problem: Problem): ApiAnswer;
}

/**
 * One execution per `Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header-07), also for simultaneous requests,
 * across replicas and after a crash. An expiring lock would allow a second dial. Here the first run commits an intent before
 * it dials, and a run that finds an intent never repeats the work.
 */
@Injectable()
export class IdempotencyService {
  readonly #process = randomUUID();
  /** The runs of this process. A holder of this process that is not among them was abandoned after a fault of the store. */
  readonly #running = new Set<string>();

  constructor(
    private readonly kept: IdempotencyStore,
    private readonly store: Store,
    private readonly renderer: ProblemRenderer,
    @Inject(Settings) private readonly settings: Pick<Settings, 'dialog360'>,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Runs `work` once per key, or answers what it answered before.
   * @param fromIntent the answer for a call with a committed intent, after its run has ended without an answer.
   * @throws Problem `invalid_request` for a malformed key, `idempotency_key_reused` for the key of another request,
   *   `request_in_progress` while the first run lasts, and everything that `work` throws.
   */
  async run(
    request: IdempotentRequest,
    work: (intent: Intent) => Promise<ApiAnswer>,
    fromIntent: (callId: string) => Promise<ApiAnswer>,
  ): Promise<ApiAnswer & { replayed: boolean }> {
    if (request.key === null) return { ...(await work({ record: async () => undefined })), replayed: false };
    if (!isIdempotencyKey(request.key)) throw malformedKey();
    const id = { api_key_id: request.principal.keyId, key: request.key };
    const refusal = request.refusal ?? ((problem: Problem) => this.renderer.render(problem));
    const run: Run = { id, holder: `${this.#process}/${randomUUID()}`, sealedWith: request.sealedWith, refusal };
    this.#running.add(run.holder);
    try {
      const found = await this.#claim(id, run.holder, fingerprint(request));
      if (found === 'ours') return { ...(await this.#execute(run, work)), replayed: false };
      if (found.status !== null) return { ...read(run, found.status, found.body ?? 'null'), replayed: true };
      return { ...(await this.#answerFromIntent({ ...run, holder: found.holder }, found, fromIntent)), replayed: true };
    } finally {
      this.#running.delete(run.holder);
    }
  }

  /** Shows no stored answer of a key again: it may show what the key no longer reaches. A repeated request is refused, and not run again. */
  disown(tx: Tx, apiKeyId: string): Promise<void> {
    return this.kept.disown(tx, apiKeyId);
  }

  /** Purges answers older than 72 hours. @returns how many rows */
  purge(now: number): Promise<number> {
    return this.store.inBatches((tx, most) => this.kept.purge(tx, now - KEPT_MS, most));
  }

  /** `ours` when this run executes the work; otherwise the stored request, which is finished or abandoned with its intent. */
  async #claim(id: KeptId, holder: string, print: string): Promise<'ours' | Kept> {
    for (;;) {
      const now = this.clock.now();
      const runningUntil = now + 2 * this.settings.dialog360.timeoutMs + 10 * SECOND;
      const claim = { fingerprint: print, holder, running_until: runningUntil, created_at: now };
      const found = await this.store.write((tx) => this.#tryClaim(tx, id, claim));
      if (found !== 'again') return found;
    }
  }

  /** `again` when another run removed or took over the request meanwhile. */
  async #tryClaim(tx: Tx, id: KeptId, claim: Parameters<IdempotencyStore['insert']>[2]): Promise<'ours' | 'again' | Kept> {
    if (await this.kept.insert(tx, id, claim)) return 'ours';
    const kept = await this.kept.find(tx, id);
    if (!kept) return 'again';
    if (kept.fingerprint !== claim.fingerprint) throw new Problem('idempotency_key_reused');
    if (kept.status !== null) return kept;
    if (!this.#abandoned(kept, claim.created_at)) throw inProgress(claim.created_at);
    if (kept.call_id !== null) return kept;
    return (await this.kept.takeOver(tx, id, kept, claim.holder, claim.running_until)) ? 'ours' : 'again';
  }

  #abandoned(kept: Kept, now: number): boolean {
    if (kept.holder.startsWith(`${this.#process}/`)) return !this.#running.has(kept.holder);
    return !this.kept.shared || kept.running_until <= now;
  }

  async #execute(run: Run, work: (intent: Intent) => Promise<ApiAnswer>): Promise<ApiAnswer> {
    const record = async (tx: Tx, callId: string): Promise<void> => {
      if (!(await this.kept.setCall(tx, run.id, run.holder, callId))) throw inProgress(this.clock.now());
    };
    let answer: ApiAnswer;
    try {
      answer = await work({ record });
    } catch (error) {
      await this.#written(this.#leave(run, error));
      throw error;
    }
    await this.#written(this.#finish(run, answer));
    return answer;
  }

  /** A failed write does not undo the work: a repeated request is then answered from the intent. */
  async #written(writing: Promise<void>): Promise<void> {
    await writing.catch((error) =>
      this.log.pino.error({ event: 'idempotency.answer_not_stored', error }, 'the answer of an Idempotency-Key could not be stored'),
    );
  }

  /** Stores a refusal from upstream, so that a retry sends nothing again. A request that never left may be retried. */
  async #leave(run: Run, error: unknown): Promise<void> {
    const problem = error instanceof Problem ? error : null;
    if (problem?.upstream && !problem.onReading) return this.#finish(run, run.refusal(problem));
    const nothingLeft = problem !== null && (isNothingSent(problem.code) || problem.code === 'number_unproven');
    await this.store.write((tx) => (nothingLeft ? this.kept.remove(tx, run.id, run.holder) : this.kept.giveUp(tx, run.id, run.holder)));
  }

  async #answerFromIntent(run: Run, kept: Kept, fromIntent: (callId: string) => Promise<ApiAnswer>): Promise<ApiAnswer> {
    const answer = await fromIntent(kept.call_id as string);
    await this.#finish(run, answer);
    return answer;
  }

  async #finish(run: Run, answer: ApiAnswer): Promise<void> {
    const text = JSON.stringify(answer.body ?? null);
    const body = run.sealedWith ? seal(text, run.sealedWith, sealContext(run.id)) : text;
    await this.store.write((tx) => this.kept.finish(tx, run.id, run.holder, answer.status, body));
  }
}

/** One execution, and how its answer is stored. */
interface Run {
  id: KeptId;
  holder: string;
  sealedWith: Secret | undefined;
  refusal: (problem: Problem) => ApiAnswer;
}

const sealContext = ({ api_key_id, key }: KeptId): string => `${api_key_id}\n${key}`;

/** Reads a stored answer. The fingerprint includes the credential, so it was sealed with the same one, or with none. */
const read = ({ id, sealedWith }: Run, status: number, body: string): ApiAnswer => ({
  status,
  body: parseJson(sealedWith ? unseal(body, sealedWith, sealContext(id)) : body),
});

const inProgress = (now: number): Problem => new Problem('request_in_progress', { retryAt: now + SECOND });

const malformedKey = (): Problem =>
  invalidField('Idempotency-Key', 'must be 1 to 255 printable ASCII characters', 'debe tener de 1 a 255 caracteres ASCII imprimibles');
