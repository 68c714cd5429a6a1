import { HttpService } from '@nestjs/axios';
import axios from 'axios';
import type { Settings } from '#config/settings.js';
import { Dialog360Client } from '#dialog360/dialog360.client.js';
import { Line } from '#dialog360/line.client.js';
import type { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';

/** What was read, or why it could not be. */
export type Read<T> = { value: T; code: null } | { value: null; code: string };

/** 360dialog without a gateway: the same client, made by hand. */
export function openDialog360(settings: Settings, clock: Clock): { client: Dialog360Client; close(): void } {
  const line = new Line(new HttpService(axios.create()), settings);
  return { client: new Dialog360Client(line, settings, clock), close: () => line.onApplicationShutdown() };
}

export async function attempt<T>(reading: () => Promise<T>): Promise<Read<T>> {
  try {
    return { value: await reading(), code: null };
  } catch (error) {
    if (error instanceof Problem) return { value: null, code: error.code };
    throw error;
  }
}
