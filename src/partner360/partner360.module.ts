import { HttpModule } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { PartnerClient } from './partner.client.js';

/** The way out to 360dialog's partner API. Needs the settings and the clock, which are global. */
@Module({ imports: [HttpModule], providers: [PartnerClient], exports: [PartnerClient] })
export class Partner360Module {}
