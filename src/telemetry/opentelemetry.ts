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
import type { Origin, Span, SpanOptions, Tracing } from './traces.js';

const NAME = 'whatsapp-calling-gateway';
/** A collector that is away must not hold up the end of the process. */
const LONGEST_CLOSE_MS = 3_000;
const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER } as const;
/** @see https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * Spans sent over OTLP/HTTP in batches, beside the work. Loaded only where traces are on. The exporter itself reads
 * `OTEL_EXPORTER_OTLP_HEADERS` and the like, the provider `OTEL_TRACES_SAMPLER`. Nothing is registered globally: no package
 * that happens to speak to OpenTelemetry adds spans of its own.
 * @param endpoint the collector, without `/v1/traces`
 */
export function openTelemetry(endpoint: string, mode: string): Tracing {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': NAME, 'wac.mode': mode }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: LONGEST_CLOSE_MS }))],
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
      // The message may hold what somebody typed; the name of the error does not.
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
    const late = new Promise<void>((resolve) => setTimeout(resolve, LONGEST_CLOSE_MS).unref());
    await Promise.race([this.shutdown().catch(() => undefined), late]);
  }

  #begin(name: string, { kind, attributes, cause }: SpanOptions): OtelSpan {
    const around = this.#here.getStore();
    const before = cause === undefined ? (around ? trace.setSpan(ROOT_CONTEXT, around) : ROOT_CONTEXT) : contextOf(cause);
    return this.tracer.startSpan(name, { kind: KINDS[kind], attributes: { ...attributes } }, before);
  }
}

const faceOf = (span: OtelSpan): Span => ({
  set: (name, value) => void span.setAttribute(name, value),
  fail: () => void span.setStatus({ code: SpanStatusCode.ERROR }),
});

function originOf(span: OtelSpan): Origin {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return { traceparent: `00-${traceId}-${spanId}-${(traceFlags & TraceFlags.SAMPLED).toString().padStart(2, '0')}` };
}

/** What is no traceparent begins a trace of its own. */
function contextOf(origin: Origin | null): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(origin?.traceparent ?? '') ?? [];
  if (!traceId || !spanId || !flags) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
    isRemote: true,
  });
}
