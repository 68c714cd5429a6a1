/**
 * Traces are off unless the operator names a collector. Without one OpenTelemetry is not loaded, and the functions here only call
 * through. Modules use this interface; `opentelemetry.ts` implements it.
 *
 * A span never contains a phone number, a name, an SDP, a secret, an address from a request, or Meta's ids, which may encode
 * numbers. Spans name calls by the gateway's own id.
 */
export type Attribute = string | number | boolean;

/** The position of a span in its trace; opaque to modules, which pass it on. */
export interface TraceOrigin {
  readonly traceparent: string;
}

export interface SpanOptions {
  kind: 'server' | 'client' | 'producer' | 'consumer';
  attributes: Readonly<Record<string, Attribute>>;
  /** The parent: the enclosing span by default, `null` for a new trace. */
  cause?: TraceOrigin | null;
}

/** An open span. */
export interface Span {
  set(name: string, value: Attribute): void;
  fail(): void;
}

export interface Tracing {
  run<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>;
  /** Opens a span that the caller ends; `within` runs work inside of it. */
  open(name: string, options: SpanOptions): { span: Span; within(work: () => void): void; end(): void };
  active(): { origin: TraceOrigin; note(name: string, attributes: SpanOptions['attributes']): void; span: Span } | null;
  /** Sends the remaining spans. */
  close(): Promise<void>;
}

/** The size of the cache of events' causes. The delivery of an older event begins a new trace. */
const CACHE_SIZE = 10_000;
const SILENT: Span = { set: () => undefined, fail: () => undefined };
const causes = new Map<string, TraceOrigin>();
let tracing: Tracing | null = null;

/** Turns traces on for this process, or off with `null`. */
export function traceWith(next: Tracing | null): void {
  tracing = next;
  causes.clear();
}

/** Null while traces are off. */
export const tracingNow = (): Tracing | null => tracing;

/** Runs `work` as one span. An error marks the span as failed and is rethrown. */
export const traced = <T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> =>
  tracing ? tracing.run(name, options, work) : work(SILENT);

/** The origin of the current span, for work that is done later. */
export const originHere = (): TraceOrigin | undefined => tracing?.active()?.origin;

/** Headers by which the receiver continues this trace (W3C Trace Context); none while traces are off. */
export const traceHeaders = (): Record<string, string> => ({ ...originHere() });

interface WrittenEvent {
  type: string;
  subject: string;
  sequence: number;
}

/** Notes on the current span that an event was written, and keeps the span as the event's cause. */
export function noteEvent({ type, subject, sequence }: WrittenEvent): void {
  const here = tracing?.active();
  if (!here) return;
  here.note(type, { 'wac.sequence': sequence, ...callOf(subject) });
  for (const [name, value] of Object.entries(callOf(subject))) here.span.set(name, value);
  causes.set(keyOf(subject, sequence), here.origin);
  const oldest = causes.size > CACHE_SIZE ? causes.keys().next().value : undefined;
  if (oldest !== undefined) causes.delete(oldest);
}

/** The cause of an event; null when another process wrote it, or when it left the cache. */
export const causeOf = ({ subject, sequence }: Omit<WrittenEvent, 'type'>): TraceOrigin | null =>
  causes.get(keyOf(subject, sequence)) ?? null;

/** The attribute of a call; none for other subjects, which may be people. */
export const callOf = (subject: string): Record<string, Attribute> => (subject.startsWith('call_') ? { 'wac.call_id': subject } : {});

const keyOf = (subject: string, sequence: number): string => `${subject} ${sequence}`;
