import { Module } from '@nestjs/common';
import { IdentityModule } from '#identity/identity.module.js';
import { SubjectsService } from './subjects.service.js';
import { SubjectsStore } from './subjects.store.js';

/** By what a person is recognised in everything that is kept: for erasure and export. */
@Module({
  imports: [IdentityModule],
  providers: [SubjectsStore, SubjectsService],
  exports: [SubjectsService],
})
export class PersonTracesModule {}
