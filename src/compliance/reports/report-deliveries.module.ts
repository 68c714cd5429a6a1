import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { ConsentService } from './deliveries/consent/consent.service.js';
import { ReportAddressesStore } from './deliveries/consent/report-addresses.store.js';
import { ReportLinksController } from './deliveries/consent/report-links.controller.js';
import { DeliveryInputService } from './deliveries/delivery-input.service.js';
import { ReportDeliveriesController } from './deliveries/report-deliveries.controller.js';
import { ReportDeliveriesService } from './deliveries/report-deliveries.service.js';
import { ReportDeliveriesStore } from './deliveries/report-deliveries.store.js';
import { ReportHoldersObserver } from './deliveries/report-holders.observer.js';
import { PeriodContentService } from './deliveries/sending/period-content.service.js';
import { ReportDeliveryJob } from './deliveries/sending/report-delivery.job.js';
import { ReportPostClient } from './deliveries/sending/report-post.client.js';
import { ReportSendsStore } from './deliveries/sending/report-sends.store.js';
import { SendPlanService } from './deliveries/sending/send-plan.service.js';
import { SenderService } from './deliveries/sending/sender.service.js';
import { SmtpClient } from './deliveries/sending/smtp.client.js';
import { PeriodReportsModule } from './period-reports.module.js';

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
