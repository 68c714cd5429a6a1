import { HttpService } from '@nestjs/axios';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { userAgentOf } from '#config/product.js';
import { Settings } from '#config/settings.js';
import { Clock } from '#kernel/clock.js';
import type { Secret } from '#kernel/secret.js';
import { Log } from '#telemetry/log.js';
import { Metrics } from '#telemetry/metrics.js';
import { Dialog360Client } from './dialog360.client.js';
import { HttpTransport, type LineAddress } from './http-transport.client.js';
import { CircuitStates } from './limits/circuit-states.js';
import { PermissionReads } from './limits/permission-reads.service.js';
import { RequestLimits } from './limits/request-limits.service.js';
import { AnyNumber, type LineProof } from './line-proof.js';

/** Whose line it is: a number with its key. */
export interface LineOwner {
  phoneNumberId: string;
  /** Null when it cannot be had: the line then refuses everything. */
  apiKey: Secret | null;
}

interface OpenLine {
  client: Dialog360Client;
  apiKey: string;
  baseUrl: string;
}

/** The place of the line whose number is not known yet. */
const UNNUMBERED = '';

/**
 * The lines to 360dialog: each number has its own key, sockets, limits and proof, so that one whose upstream hangs or fails holds up no
 * other. A line lasts until the key of its number, or the address of 360dialog, is another.
 */
@Injectable()
export class Dialog360Service implements OnApplicationShutdown {
  readonly #lines = new Map<string, OpenLine>();
  readonly #circuits: CircuitStates;

  constructor(
    private readonly http: HttpService,
    private readonly permissionReads: PermissionReads,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {
    this.#circuits = new CircuitStates((state) => metrics.upstreamCircuit.set(state));
  }

  /** The line of a number. @param proofOf makes the proof of a new line; one that is open keeps its own */
  of({ phoneNumberId, apiKey }: LineOwner, proofOf: () => LineProof): Dialog360Client {
    if (apiKey) return this.#line(phoneNumberId, apiKey, proofOf);
    this.end(phoneNumberId);
    return this.#made(phoneNumberId, null, proofOf());
  }

  /** The line of the environment's key while its number is not known. */
  unnumbered(proofOf: () => LineProof): Dialog360Client {
    return this.#line(UNNUMBERED, this.settings.dialog360.apiKey, proofOf);
  }

  /** A line for a key whose number is not known yet: 360dialog names it in the health. It ends with `work`. */
  async trial<T>(apiKey: Secret, work: (line: Dialog360Client) => Promise<T>): Promise<T> {
    const line = this.#made(null, new HttpTransport(this.http, this.#address(apiKey)), new AnyNumber());
    try {
      return await work(line);
    } finally {
      line.end();
    }
  }

  /** Ends the line of a number that is gone, or the one without a number: what is under way on it ends first. */
  end(phoneNumberId: string | null): void {
    const place = phoneNumberId ?? UNNUMBERED;
    this.#lines.get(place)?.client.end();
    this.#lines.delete(place);
  }

  /** Closes every socket. */
  onApplicationShutdown(): void {
    for (const { client } of this.#lines.values()) client.close();
  }

  #line(place: string, apiKey: Secret, proofOf: () => LineProof): Dialog360Client {
    const { baseUrl } = this.settings.dialog360;
    const open = this.#lines.get(place);
    if (open?.apiKey === apiKey.reveal() && open.baseUrl === baseUrl) return open.client;
    this.end(place);
    const phoneNumberId = place === UNNUMBERED ? null : place;
    const client = this.#made(phoneNumberId, new HttpTransport(this.http, this.#address(apiKey)), proofOf());
    this.#lines.set(place, { client, apiKey: apiKey.reveal(), baseUrl });
    return client;
  }

  #address(apiKey: Secret): LineAddress {
    return { baseUrl: this.settings.dialog360.baseUrl, apiKey, userAgent: userAgentOf(this.settings.publicUrl) };
  }

  #made(phoneNumberId: string | null, transport: HttpTransport | null, proof: LineProof): Dialog360Client {
    const limits = new RequestLimits(this.settings, this.clock, this.metrics, this.log, this.#circuits);
    const line = { phoneNumberId, transport, limits, proof };
    return new Dialog360Client(line, this.permissionReads, this.settings, this.clock, this.metrics);
  }
}
