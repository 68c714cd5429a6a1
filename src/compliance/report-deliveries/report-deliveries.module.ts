import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { PeriodReportsModule } from '#compliance/reports/period-reports.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { ConsentService } from './consent/consent.service.js';
import { ReportAddressesStore } from './consent/report-addresses.store.js';
import { ReportLinksController } from './consent/report-links.controller.js';
import { DeliveryInputService } from './delivery-input.service.js';
import { ReportDeliveriesController } from './report-deliveries.controller.js';
import { ReportDeliveriesService } from './report-deliveries.service.js';
import { ReportDeliveriesStore } from './report-deliveries.store.js';
import { ReportHoldersObserver } from './report-holders.observer.js';
import { PeriodContentService } from './sending/period-content.service.js';
import { ReportDeliveryJob } from './sending/report-delivery.job.js';
import { ReportPostClient } from './sending/report-post.client.js';
import { ReportSendsStore } from './sending/report-sends.store.js';
import { SendPlanService } from './sending/send-plan.service.js';
import { SenderService } from './sending/sender.service.js';
import { SmtpClient } from './sending/smtp.client.js';

/** Sends reports to people by mail, and to programs as signed posts. */
@Module({
  imports: [AccessModule, IdentityModule, PeriodReportsModule],
  controllers: [ReportDeliveriesController, ReportLinksController],
  providers: [
    ReportDeliveriesStore,
    ReportSendsStore,
    ReportAddressesStore,
    SmtpClient,
    ReportPostClient,
    ConsentService,
    DeliveryInputService,
    ReportDeliveriesService,
    PeriodContentService,
    SenderService,
    SendPlanService,
    ReportDeliveryJob,
    ReportHoldersObserver,
  ],
  exports: [ReportDeliveriesService],
})
export class ReportDeliveriesModule {}
