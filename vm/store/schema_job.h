/* Playbooks on a schedule: their part of the schema.
 *
 *   calendar   days that are not as the week says: day, works (0 a holiday, 1 a make-up day)
 *   job        what runs when: name, target (playbook or chain), folder and path (where it and its files are sought),
 *              cron, zone, args (a line each), limits and policies, since (what came due before counts for nothing),
 *              owner (the login whose rights it has). Changed on a person's word only, as a run that can be undone
 *   job_run    a moment a job was due at: one row each, which is the claim that no other process runs it too.
 *              state: running, ok, failed, timeout, abandoned (its process ended unseen), again (to be tried again at
 *              `again`), waiting (for a signature), queued, skipped (with the reason in detail), missed.
 *              A missed or skipped row may stand for n moments, from `first` to due. A chain run by hand has no job.
 *              `at`: when the row was made; attempt; steps of a chain; owed: words to people that are not yet out
 *   job_step   steps of a run that are done: written with their run's record, in one transaction
 * Moments are UTC, ISO 8601, so that they sort as text. */
#ifndef STORE_SCHEMA_JOB_H
#define STORE_SCHEMA_JOB_H
#include "base/str.h"

void job_schema(Buf *sql);
#endif
