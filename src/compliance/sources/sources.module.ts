import { HttpModule } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { MetaClient } from './meta.client.js';
import { PartnerClient } from './partner.client.js';

/** The ways out to 360dialog's partner API and, for owners who have a token, to Meta. Needs the settings and the clock, which are global. */
@Module({ imports: [HttpModule], providers: [PartnerClient, MetaClient], exports: [PartnerClient, MetaClient] })
export class SourcesModule {}
