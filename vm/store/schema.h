/* The SQL schema: made from the catalog, plus the host's own tables.
 *
 * Every table has `id INTEGER PRIMARY KEY`, is STRICT, has no generated column and no column with a
 * DEFAULT (the journal could not read them), so that a row is one (table, id) for the journal.
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
 *                One account's decisions are one lookup: index (entity, row, tbl, run)
 *   definition   the rules a table was decided by, kept once (hash: SHA-256 of text), so that whynot can be
 *                answered when the playbook has changed since
 * run, change, definition, decision and history are append-only: triggers refuse UPDATE, DELETE, OR REPLACE. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H
#include "base/err.h"
#include "store/catalog.h"

enum { SCHEMA_APPLICATION = 0x50726574 /* "Pret" */, SCHEMA_VERSION = 1, SCHEMA_PAGE = 8192 };

/* SQL that brings a database of version - 1 to `version` (1: from an empty file), without a transaction. */
void schema_migration(int version, Buf *sql);
/* Names of all tables of the current version, catalog and host. NULL past the end. */
const char *schema_table(size_t i);
/* "TEXT", "INTEGER", "ANY": the declared type of a column. */
const char *schema_sql_type(ColType type);
/* Queries that find rows breaking an invariant (none when all is well), with the words for the error.
 * Triggers refuse such rows as they come; these are for changes written with triggers off. */
typedef struct SchemaInvariant { const char *sql, *what; } SchemaInvariant;
const SchemaInvariant *schema_invariant(size_t i);       /* NULL past the end */
#endif
