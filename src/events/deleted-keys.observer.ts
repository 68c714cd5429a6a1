import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ApiKeysService } from '#access/keys/api-keys.service.js';
import { StreamsService } from './streams.service.js';

/** Ends the event streams of an API key that is deleted. */
@Injectable()
export class DeletedKeysObserver implements OnModuleInit {
  constructor(
    private readonly keys: ApiKeysService,
    private readonly streams: StreamsService,
  ) {}

  onModuleInit(): void {
    this.keys.onDeleted((keyId) => this.streams.dropKey(keyId));
  }
}
