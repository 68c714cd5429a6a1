import { HttpModule } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { Dialog360Client } from './dialog360.client.js';
import { HttpTransport } from './http-transport.client.js';
import { PermissionReads } from './limits/permission-reads.service.js';
import { PermissionReadsStore } from './limits/permission-reads.store.js';
import { RequestLimits } from './limits/request-limits.service.js';

/** The client of 360dialog's API. It needs settings, clock and metrics, which are global. */
@Module({
  imports: [HttpModule],
  providers: [HttpTransport, RequestLimits, PermissionReads, PermissionReadsStore, Dialog360Client],
  exports: [Dialog360Client],
})
export class Dialog360Module {}
