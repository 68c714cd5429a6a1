import { Injectable } from '@nestjs/common';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds, from a group commit to a slow upstream. */
const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Every metric of the gateway. Labels come from short lists and are never a phone number, a call id or a key; Meta's id of a business number is one only with METRICS_PER_NUMBER. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  readonly webhooks = this.#counter('wac_webhook_received_total', 'Deliveries received, by result', ['result']);
  readonly signatures = this.#counter('wac_webhook_signature_total', 'Signatures of deliveries: valid, invalid, missing, unchecked', [
    'result',
  ]);
  readonly elements = this.#counter('wac_webhook_elements_total', 'Elements read from deliveries, by field and result', [
    'field',
    'result',
  ]);
  readonly ackSeconds = this.#histogram('wac_webhook_ack_duration_seconds', 'From receipt of the body to the answer', []);
  readonly commitRows = this.#histogram('wac_inbox_batch_rows', 'Deliveries per commit', [], [1, 2, 5, 10, 25, 50, 100, 250, 500]);
  readonly pending = this.#gauge('wac_inbox_pending', 'Deliveries persisted and not yet applied');
  readonly numbers = new Gauge({
    name: 'wac_numbers',
    help: 'Business numbers, by state',
    labelNames: ['state'],
    registers: [this.registry],
  });
  readonly keysRejected = this.#gauge('wac_numbers_key_rejected', 'Business numbers whose key 360dialog has refused');
  readonly worstPending = this.#gauge('wac_inbox_worst_pending', 'Deliveries persisted and not yet applied of the number with the most');
  readonly worstAge = this.#gauge(
    'wac_inbox_worst_age_seconds',
    'Since the oldest delivery of any number that is not yet applied was received; 0 when none waits',
  );
  readonly numberPending = this.#ofNumber('wac_number_inbox_pending', 'With METRICS_PER_NUMBER: deliveries of a number not yet applied');
  readonly numberKeyRejected = this.#ofNumber(
    'wac_number_key_rejected',
    'With METRICS_PER_NUMBER: whether 360dialog has refused the key of a number; 1 or 0',
  );
  readonly notified = this.#gauge('wac_notifications_up', 'Whether notifications of other replicas arrive; 1 or 0, only on Postgres');
  readonly eventsHeld = this.#gauge(
    'wac_events_held_seconds',
    'Since when a transaction holds up later events or deliveries on Postgres; 0 when none does for a second',
  );
  readonly ended = this.#counter('wac_calls_ended_total', 'Calls that ended, by their first outcome', ['direction', 'outcome']);
  readonly commands = this.#counter('wac_command_total', 'Requests to 360dialog, by operation and result', ['operation', 'outcome']);
  readonly upstreamSeconds = this.#histogram('wac_upstream_request_duration_seconds', 'Requests to 360dialog', ['operation']);
  readonly upstreamUnderWay = this.#gauge('wac_upstream_requests', 'Requests to 360dialog under way');
  readonly upstreamCircuit = this.#gauge('wac_upstream_circuit_state', 'The circuit towards 360dialog: 0 closed, 1 half-open, 2 open');
  readonly upstreamNotSent = this.#counter('wac_upstream_not_sent_total', 'Requests to 360dialog that were not sent, by reason', [
    'operation',
    'reason',
  ]);
  readonly httpSeconds = this.#histogram('wac_http_request_duration_seconds', 'Requests to the gateway', ['route', 'status']);
  readonly attempts = this.#counter('wac_delivery_attempt_total', 'Delivery attempts of events to subscriptions, by result', ['result']);
  readonly attemptSeconds = this.#histogram('wac_delivery_duration_seconds', 'From the post of an event to the answer or the error', []);
  readonly forwardPending = this.#gauge('wac_forward_pending', 'Deliveries persisted and not yet forwarded to WEBHOOK_FORWARD_URL');
  readonly forwardOldest = this.#gauge(
    'wac_forward_oldest_age_seconds',
    'Since the oldest delivery that is not yet forwarded was received; 0 when none waits',
  );
  readonly forwardSetAside = this.#gauge('wac_forward_set_aside', 'Deliveries that the target of WEBHOOK_FORWARD_URL refused for good');
  readonly reportsSent = this.#counter(
    'wac_report_deliveries_total',
    'Attempts to send a report or a request to confirm, by channel and result',
    ['channel', 'result'],
  );
  readonly reportDeliveries = this.#gauge('wac_report_deliveries', 'Report deliveries, by channel and state', ['channel', 'state']);
  readonly streams = this.#gauge('wac_sse_connections', 'Open event streams');

  constructor() {
    collectDefaultMetrics({ register: this.registry, prefix: 'wac_' });
  }

  #counter<T extends string>(name: string, help: string, labelNames: T[]): Counter<T> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  #gauge<T extends string = string>(name: string, help: string, labelNames: T[] = []): Gauge<T> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  /** The only metrics with a number as a label: they are set for some numbers, and only when the owner asks for it. */
  #ofNumber(name: string, help: string): Gauge<'phone_number_id'> {
    return new Gauge({ name, help, labelNames: ['phone_number_id'], registers: [this.registry] });
  }

  #histogram<T extends string>(name: string, help: string, labelNames: T[], buckets = DURATIONS): Histogram<T> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }
}
