import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Span, SpanOptions, TraceOrigin, Tracing } from './traces.js';

const NAME = 'whatsapp-calling-gateway';
/** A collector that does not answer must not delay the end of the process. */
const CLOSE_TIMEOUT_MS = 3_000;
const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER } as const;
/** @see https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * Sends spans over OTLP/HTTP in batches, in the background. Loaded only where traces are on. The exporter reads
 * `OTEL_EXPORTER_OTLP_HEADERS` and the like itself, the provider `OTEL_TRACES_SAMPLER`. Nothing is registered globally, so no
 * other package adds spans.
 * @param endpoint the collector, without `/v1/traces`
 */
export function openTelemetry(endpoint: string, mode: string): Tracing {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': NAME, 'wac.mode': mode }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: CLOSE_TIMEOUT_MS }))],
  });
  return new Spans(provider.getTracer(NAME), () => provider.shutdown());
}

class Spans implements Tracing {
  readonly #here = new AsyncLocalStorage<OtelSpan>();

  constructor(
    private readonly tracer: Tracer,
    private readonly shutdown: () => Promise<void>,
  ) {}

  async run<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
    const span = this.#begin(name, options);
    try {
      return await this.#here.run(span, () => work(faceOf(span)));
    } catch (error) {
      // The message may contain input of a user; the name of the error does not.
      span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', error instanceof Error ? error.name : 'unknown');
      throw error;
    } finally {
      span.end();
    }
  }

  open(name: string, options: SpanOptions): ReturnType<Tracing['open']> {
    const span = this.#begin(name, options);
    return { span: faceOf(span), within: (work) => this.#here.run(span, work), end: () => span.end() };
  }

  active(): ReturnType<Tracing['active']> {
    const span = this.#here.getStore();
    return span ? { origin: originOf(span), note: (name, attributes) => void span.addEvent(name, attributes), span: faceOf(span) } : null;
  }

  async close(): Promise<void> {
    const late = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS).unref());
    await Promise.race([this.shutdown().catch(() => undefined), late]);
  }

  #begin(name: string, { kind, attributes, cause }: SpanOptions): OtelSpan {
    const around = this.#here.getStore();
    const inherited = around ? trace.setSpan(ROOT_CONTEXT, around) : ROOT_CONTEXT;
    const parent = cause === undefined ? inherited : contextOf(cause);
    return this.tracer.startSpan(name, { kind: KINDS[kind], attributes: { ...attributes } }, parent);
  }
}

const faceOf = (span: OtelSpan): Span => ({
  set: (name, value) => void span.setAttribute(name, value),
  fail: () => void span.setStatus({ code: SpanStatusCode.ERROR }),
});

function originOf(span: OtelSpan): TraceOrigin {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return { traceparent: `00-${traceId}-${spanId}-${(traceFlags & TraceFlags.SAMPLED).toString().padStart(2, '0')}` };
}

/** Without a valid traceparent a new trace begins. */
function contextOf(origin: TraceOrigin | null): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(origin?.traceparent ?? '') ?? [];
  if (!traceId || !spanId || !flags) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
    isRemote: true,
  });
}
