import { HttpModule } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { Dialog360Service } from './dialog360.service.js';
import { PermissionReads } from './limits/permission-reads.service.js';
import { PermissionReadsStore } from './limits/permission-reads.store.js';

/** The lines to 360dialog's API. It needs settings, clock and metrics, which are global. */
@Module({
  imports: [HttpModule],
  providers: [PermissionReads, PermissionReadsStore, Dialog360Service],
  exports: [Dialog360Service],
})
export class Dialog360Module {}
