/**
 * Traces, which are off unless an owner names a collector: then nothing of OpenTelemetry is even loaded, and everything here
 * only calls through. Where spans go is the business of `opentelemetry.ts`; for the rooms they are these few words.
 *
 * A span never holds a phone number, a name, an SDP, a secret, an address that somebody typed, or Meta's ids, which may encode
 * numbers. Calls are known by the gateway's own id.
 */
export type Attribute = string | number | boolean;

/** The place of a span in its trace, to be handed on; what is in it is nobody's business. */
export interface Origin {
  readonly traceparent: string;
}

export interface SpanOptions {
  kind: 'server' | 'client' | 'producer' | 'consumer';
  attributes: Readonly<Record<string, Attribute>>;
  /** What caused it: the span around it unless given, `null` for the beginning of a trace. */
  cause?: Origin | null;
}

/** A span while it lasts. */
export interface Span {
  set(name: string, value: Attribute): void;
  fail(): void;
}

export interface Tracing {
  run<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>;
  /** A span that somebody else ends; `within` runs what belongs into it. */
  open(name: string, options: SpanOptions): { span: Span; within(work: () => void): void; end(): void };
  active(): { origin: Origin; note(name: string, attributes: SpanOptions['attributes']): void; span: Span } | null;
  /** Sends what is left. */
  close(): Promise<void>;
}

/** Of so many events it is remembered what caused them; a delivery of an older one begins a trace of its own. */
const MOST_REMEMBERED = 10_000;
const SILENT: Span = { set: () => undefined, fail: () => undefined };
const causes = new Map<string, Origin>();
let tracing: Tracing | null = null;

/** Turns traces on for this process, or off with `null`. */
export function traceWith(next: Tracing | null): void {
  tracing = next;
  causes.clear();
}

/** Null while traces are off. */
export const tracingNow = (): Tracing | null => tracing;

/** Runs `work` as one span; an error ends it as failed and goes on. */
export const traced = <T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> =>
  tracing ? tracing.run(name, options, work) : work(SILENT);

/** Where we are now, for work that is done later. */
export const originHere = (): Origin | undefined => tracing?.active()?.origin;

/** Headers that let the next one go on with this trace (W3C Trace Context); none while traces are off. */
export const traceHeaders = (): Record<string, string> => ({ ...originHere() });

interface Told {
  type: string;
  subject: string;
  sequence: number;
}

/** Notes on the present span that an event was written, and remembers it as the event's cause. */
export function noteEvent({ type, subject, sequence }: Told): void {
  const here = tracing?.active();
  if (!here) return;
  here.note(type, { 'wac.sequence': sequence, ...callOf(subject) });
  for (const [name, value] of Object.entries(callOf(subject))) here.span.set(name, value);
  causes.set(keyOf(subject, sequence), here.origin);
  const oldest = causes.size > MOST_REMEMBERED ? causes.keys().next().value : undefined;
  if (oldest !== undefined) causes.delete(oldest);
}

/** What caused an event: null when this process did not write it, or long ago. */
export const causeOf = ({ subject, sequence }: Omit<Told, 'type'>): Origin | null => causes.get(keyOf(subject, sequence)) ?? null;

/** Subjects other than calls may be people. */
export const callOf = (subject: string): Record<string, Attribute> => (subject.startsWith('call_') ? { 'wac.call_id': subject } : {});

const keyOf = (subject: string, sequence: number): string => `${subject} ${sequence}`;
