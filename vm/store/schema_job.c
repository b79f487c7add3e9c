#include "store/schema_job.h"

static const char tables[] =
    "CREATE TABLE job(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, target TEXT NOT NULL,\n"
    "  folder TEXT NOT NULL, path TEXT, cron TEXT, zone TEXT NOT NULL, args TEXT NOT NULL,\n"
    "  seconds INTEGER NOT NULL CHECK(seconds > 0), retries INTEGER NOT NULL, backoff INTEGER NOT NULL,\n"
    "  catch_up TEXT NOT NULL CHECK(catch_up IN ('none', 'latest', 'all')),\n"
    "  overlap TEXT NOT NULL CHECK(overlap IN ('forbid', 'queue')), after TEXT,\n"
    "  on_failure TEXT, on_recovery TEXT, on_late TEXT, paused INTEGER NOT NULL CHECK(paused IN (0, 1)),\n"
    "  since TEXT NOT NULL, owner TEXT NOT NULL, CHECK(cron IS NOT NULL OR after IS NOT NULL)) STRICT;\n"
    "CREATE TABLE job_run(id INTEGER PRIMARY KEY AUTOINCREMENT, job INTEGER, name TEXT NOT NULL, target TEXT NOT NULL,\n"
    "  due TEXT NOT NULL, first TEXT, n INTEGER NOT NULL, asof TEXT NOT NULL, state TEXT NOT NULL CHECK(state IN (\n"
    "  'running', 'ok', 'failed', 'timeout', 'abandoned', 'again', 'waiting', 'queued', 'skipped', 'missed')),\n"
    "  attempt INTEGER NOT NULL, at TEXT NOT NULL, began TEXT, ended TEXT, again TEXT, code INTEGER, detail TEXT,\n"
    "  log TEXT, steps INTEGER, args TEXT, folder TEXT, owner TEXT, owed TEXT, UNIQUE(job, due)) STRICT;\n"
    "CREATE INDEX job_run_open ON job_run(state) WHERE state IN ('running', 'again', 'waiting', 'queued');\n"
    "CREATE INDEX job_run_owed ON job_run(owed) WHERE owed IS NOT NULL;\n"
    "CREATE TABLE job_step(id INTEGER PRIMARY KEY AUTOINCREMENT, job_run INTEGER NOT NULL, step INTEGER NOT NULL,\n"
    "  what TEXT NOT NULL, state TEXT NOT NULL CHECK(state IN ('ok', 'failed', 'skipped', 'waiting', 'approved')),\n"
    "  run INTEGER, plan TEXT, at TEXT NOT NULL, who TEXT, detail TEXT, UNIQUE(job_run, step)) STRICT;\n";

void job_schema(Buf *sql) { buf_puts(sql, tables); }
