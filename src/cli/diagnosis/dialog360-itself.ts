import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConfigModule } from '#config/config.module.js';
import type { Settings } from '#config/settings.js';
import type { Dialog360Client } from '#dialog360/dialog360.client.js';
import { Dialog360Module } from '#dialog360/dialog360.module.js';
import { Dialog360Service } from '#dialog360/dialog360.service.js';
import { NO_NUMBER } from '#dialog360/line-proof.js';
import type { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { TelemetryModule } from '#telemetry/telemetry.module.js';

/** What was read, or the error code of the failure. */
export type Read<T> = { value: T; code: null } | { value: null; code: string };

@Module({})
class Dialog360Itself {}

/** 360dialog without a gateway: the settings, the clock and the client, and no other module. */
export async function openDialog360(settings: Settings, clock: Clock): Promise<{ client: Dialog360Client; close(): Promise<void> }> {
  const rooms = { module: Dialog360Itself, imports: [ConfigModule.with(settings, clock), TelemetryModule, Dialog360Module] };
  const context = await NestFactory.createApplicationContext(rooms, { logger: false, abortOnError: false });
  const client = context.get(Dialog360Service, { strict: false }).unnumbered(() => NO_NUMBER);
  return { client, close: () => context.close() };
}

/** Runs a read. A Problem becomes its error code; any other error passes. */
export async function attempt<T>(reading: () => Promise<T>): Promise<Read<T>> {
  try {
    return { value: await reading(), code: null };
  } catch (error) {
    if (error instanceof Problem) return { value: null, code: error.code };
    throw error;
  }
}
