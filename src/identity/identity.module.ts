import { Module } from '@nestjs/common';
import { Dialog360Module } from '#dialog360/dialog360.module.js';
import { CalleesService } from './callees.service.js';
import { NumbersService } from './numbers.service.js';
import { NumbersStore } from './numbers.store.js';
import { PeopleService } from './people.service.js';
import { PeopleStore } from './people.store.js';

/** Identity resolution: the users of WhatsApp, and the business number of this gateway. */
@Module({
  imports: [Dialog360Module],
  providers: [PeopleStore, PeopleService, NumbersStore, NumbersService, CalleesService],
  exports: [PeopleService, NumbersService, CalleesService],
})
export class IdentityModule {}
