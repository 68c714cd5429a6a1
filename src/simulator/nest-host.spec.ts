import { afterEach, describe, expect, test } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { simulatorPlugin } from './plugin.js';
import { StoppedClock } from './simulator.fixture.js';
import { Simulator } from './simulator.js';

class Host {}
Module({})(Host);

describe('inside a Nest application on Fastify', () => {
  let app: NestFastifyApplication;
  afterEach(() => app.close());

  const host = () => NestFactory.create<NestFastifyApplication>(Host, new FastifyAdapter(), { logger: false });
  const mount = (): unknown => {
    const simulator = new Simulator({ clock: new StoppedClock(), apiKey: 'simulator-key' });
    return app.getHttpAdapter().getInstance().register(simulatorPlugin, { prefix: '/simulator', simulator });
  };
  const works = async (): Promise<void> => {
    const instance = app.getHttpAdapter().getInstance();
    await instance.ready();
    const headers = { 'd360-api-key': 'simulator-key', 'content-type': 'application/json' };
    const written = await instance.inject({
      method: 'POST',
      url: '/simulator/360dialog/calling/settings',
      headers,
      payload: '{"calling":{}}',
    });
    expect(written.json()).toEqual({ success: true });
    expect((await instance.inject('/simulator')).statusCode).toBe(200);
    expect((await instance.inject('/simulator/api/nothing')).json()).toMatchObject({ error: { status: 404 } });
  };

  test('it works when registered before init', async () => {
    app = await host();
    await mount();
    await app.init();
    await works();
  });

  test('it works when registered after init, as long as the server is not ready', async () => {
    app = await host();
    await app.init();
    await mount();
    await works();
  });
});
