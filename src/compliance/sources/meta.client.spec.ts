import { HttpService } from '@nestjs/axios';
import axios, { AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import type { Settings } from '#config/settings.js';
import { SystemClock } from '#kernel/clock.js';
import { Secret } from '#kernel/secret.js';
import { MetaClient } from './meta.client.js';

/** A client whose requests go nowhere: they are noted, and answered as the test wants. */
function clientAnswered(status: number, data: string) {
  const asked: InternalAxiosRequestConfig[] = [];
  const adapter = async (config: InternalAxiosRequestConfig) => {
    asked.push(config);
    return { status, statusText: '', data: Buffer.from(data), headers: new AxiosHeaders(), config };
  };
  const meta = { accessToken: new Secret('meta-token'), wabaId: '200000000000001' };
  const settings = { meta, dialog360: { timeoutMs: 60_000 } } as Settings;
  return { asked, client: new MetaClient(new HttpService(axios.create({ adapter })), settings, new SystemClock()) };
}

describe('Meta’s word on the messaging limit', () => {
  it('is asked of the account with the owner’s token', async () => {
    const { client, asked } = clientAnswered(200, '{"whatsapp_business_manager_messaging_limit":"TIER_2K","id":"200000000000001"}');
    expect(await client.readLimit()).toBe('TIER_2K');
    expect(asked[0]?.url).toBe('https://graph.facebook.com/v24.0/200000000000001?fields=whatsapp_business_manager_messaging_limit');
    expect(asked[0]?.headers.Authorization).toBe('Bearer meta-token');
    expect(asked[0]?.maxRedirects).toBe(0);
  });

  it('is null when Meta leaves it out', async () => {
    expect(await clientAnswered(200, '{"id":"1"}').client.readLimit()).toBeNull();
  });

  it.each([
    [401, '{"error":{"message":"Invalid OAuth access token","code":190}}', 'upstream_key_rejected'],
    [400, '{"error":{"message":"Unsupported get request","code":100}}', 'upstream_refused'],
    [200, 'nonsense', 'upstream_unreadable'],
  ])('is a refusal after %i', async (status, body, code) => {
    await expect(clientAnswered(status, body).client.readLimit()).rejects.toMatchObject({ code });
  });
});
