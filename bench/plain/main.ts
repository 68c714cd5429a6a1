// What a user would otherwise write: Nest on Express, a DTO, and one transaction per webhook, with the defaults of SQLite, which
// are durable. It keeps no history, checks no order and notifies no consumer; it is here to be compared with (`npm run bench`).
import 'reflect-metadata';
import { Body, Controller, HttpCode, Module, Post, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import Sqlite from 'better-sqlite3';
import { WebhookDto } from './webhook.dto.js';

const database = new Sqlite(process.env.DATABASE ?? '');
database.exec('create table if not exists calls (wacid text primary key, caller text, state text, sdp text, at integer)');
const save = database.prepare(
  'insert into calls (wacid, caller, state, sdp, at) values (?, ?, ?, ?, ?) on conflict (wacid) do update set state = excluded.state',
);
const saveAll = database.transaction((webhook: WebhookDto) => {
  const calls = webhook.entry.flatMap(({ changes }) => changes.flatMap(({ value }) => value.calls ?? []));
  for (const call of calls) save.run(call.id, call.from, call.event, call.session?.sdp ?? null, Number(call.timestamp));
});

@Controller()
class WebhookController {
  @Post('webhook')
  @HttpCode(200)
  take(@Body() webhook: WebhookDto): { received: true } {
    saveAll(webhook);
    return { received: true };
  }
}

@Module({ controllers: [WebhookController] })
class PlainModule {}

const app = await NestFactory.create(PlainModule, { logger: false });
app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true }));
await app.listen(Number(process.env.PORT), '127.0.0.1');
