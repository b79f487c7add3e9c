/* The SQL schema: made from the catalog, plus the host's own tables.
 *
 * Every table has `id INTEGER PRIMARY KEY`, is STRICT, has no generated column and no column with a
 * DEFAULT (the journal could not read them), so that a row is one (table, id) for the journal.
 * An id is never given twice (AUTOINCREMENT): undo and merge take rows away and may bring them back, and the log and
 * histories name rows by id. Order lines, whose ids hold their day, and the log itself are without it.
 * Days are ISO text; orders alone carry theirs in the id (orders.h). Money is integer minor units.
 *
 *   setting      id, name, value
 *   field        the fields that keep a history: added by playbooks (added = 1) or built in.
 *                type: text number percent money date bool; domain: a value a line; ranked = 1: first is highest
 *   history      field -> field.id, row (id in its table), day, value, run. A value holds from its day on
 *   metric       published metrics: entity, name, unit;   metric_value: metric, day, row, value, run
 *   run          an execution that wrote: at (UTC, ISO 8601), what, actor, asof, seed, script_hash, args,
 *                status, changes, detail, digest, report, log, journal (journal_encode; what undo inverts)
 *   change       a row that a run changed: run, seq (from 1), tbl, row, op I U D, was and now as JSON objects
 *   decision     run, tbl (decision table), entity, row, asof, hit (row of the table, or ROW_*), blocked,
 *                inputs and outputs as JSON objects in column order, why in words, definition.
 *                One account's decisions are one lookup: index (entity, row, tbl, run).
 *                Many decisions of one table stand together: n of them, of rows row..last, in cases, a JSON array of
 *                [row, hit, blocked, input…, output…] by row; inputs and outputs are then arrays of names, and what
 *                a case says in words is found again from its definition. View `decisions`: a row each, whichever way
 *   definition   the rules a table was decided by, kept once (hash: SHA-256 of text), so that whynot can be
 *                answered when the playbook has changed since
 *   chain        SHA-256 over a run's record and the link before it; rows: 8 bytes of the hash of each of its rows
 *   personal     personal values of the log, which holds only their salted hash ("personal:HASH"), and the report, log and
 *                decisions of runs that saw some: rows here may be erased
 *   added        rows an import brought, as ranges of ids, with their number, digest (what undo takes back) and marks
 *   outbox       what a run sends, written with it and delivered after the commit: kind file or message
 *   delivery     what became of it, attempt by attempt: state delivered or failed; seal: a hash over it
 *   alias        codes of rows that were merged into another
 *   rolegrant    what a role of staff may: a personal field ("contact.name"), or "approve"
 *   setting_day  settings that hold from a day on
 *   job, job_run, job_step  playbooks on a schedule (schema_job.h)
 *   month_*      monthly columns of histories, worked out from the rows (month.h)
 * run also: undoes (the run it takes back), plan (its plan's id), grants (in force), books (rulebooks, hashed).
 * run, change, definition, decision, history, chain, added, outbox and delivery are append-only: triggers refuse UPDATE, DELETE, OR REPLACE.
 * Triggers hold as well: one main owner, the first responder, no account with order lines deleted, no ring of superiors
 * (parent, reports_to, manager), no row under a code that was merged; of quotes the price floor, authority and signatures
 * (schema_held.h), what is frozen (schema_price.h) and the life cycle (schema_grant.h); of visits days, hours and who goes (schema_visit.h). */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H
#include "base/err.h"
#include "store/catalog.h"

enum { SCHEMA_APPLICATION = 0x50726574 /* "Pret" */, SCHEMA_VERSION = 19, SCHEMA_PAGE = 8192 };

/* SQL that brings a database of version - 1 to `version` (1: from an empty file), without a transaction. */
void schema_migration(int version, Buf *sql);
/* SQL of the next free id of a table whose ids are never given twice, for those who give them themselves. */
void schema_next_id(const char *table, Buf *sql);
/* Names of all tables of the current version, catalog and host. NULL past the end. */
const char *schema_table(size_t i);
/* "TEXT", "INTEGER", "ANY": the declared type of a column. */
const char *schema_sql_type(ColType type);
/* Queries that find rows breaking an invariant (none when all is well), with the words for the error.
 * Triggers refuse such rows as they come; these are for changes written with triggers off. */
typedef struct SchemaInvariant {
  const char *table, *column; /* only changes of these can break it; column NULL: any of the table */
  const char *sql, *what;
} SchemaInvariant;
const SchemaInvariant *schema_invariant(size_t i);       /* NULL past the end */
#endif
