import { Module } from '@nestjs/common';
import { CalleesService } from './callees.service.js';
import { NumberRegistryModule } from './numbers/number-registry.module.js';
import { PeopleService } from './people.service.js';
import { PeopleStore } from './people.store.js';
import { PeopleSearchService } from './words/people-search.service.js';
import { WordsUpkeep } from './words/words-upkeep.service.js';

/** Identity resolution: the users of WhatsApp, and with them the registry of our numbers. */
@Module({
  imports: [NumberRegistryModule],
  providers: [PeopleStore, PeopleService, PeopleSearchService, WordsUpkeep, CalleesService],
  exports: [PeopleService, PeopleSearchService, WordsUpkeep, CalleesService, NumberRegistryModule],
})
export class IdentityModule {}
