/* One execution of a playbook: what it may write, what it wrote, decided and said.
 *
 * run_plan forks: the child works on a private copy (store_copy) with the journal
 * on, under limits; what it found comes back to the parent as a Plan through a
 * pipe. The parent ends a child that outlives its deadline. Nothing is written
 * to the database until run_apply. */
#ifndef RUN_RUN_H
#define RUN_RUN_H
#include "feel/rules.h"
#include "store/catalog.h"
#include "store/journal.h"
#include "ui/report.h"

typedef struct RunBook {     /* a rulebook the script uses, or ("kinds.csv") the file of a decision table */
  const char *name;
  Str source;
} RunBook;

typedef struct RunSpec {
  const char *what;          /* "profit-types", "import orders.csv", "eval" */
  Str script;                /* bytes of the script: hashed */
  const char *args;          /* canonical "window=12m good=15%" */
  Day asof;
  uint64_t seed;
  const char *const *writes; /* "account.tier", "segment:valid-key", "task"; NULL-terminated */
  const char *const *grants; /* NULL-terminated */
  double max_percent;        /* guards; < 0 = none. Percent of the rows of an entity */
  int64_t max_changes;       /* < 0 = none */
  double seconds;            /* deadline; 0 = none */
  const char *note;          /* first line of the run's log (a guard loosened), or NULL */
  const char *limit;         /* a rule over `of`: only changes to rows for which it holds; NULL = all */
  const char *of;            /* entity of the playbook; NULL = account */
  /* For making the plan again from its file. */
  const char *file;          /* name of the script's file */
  const RunBook *book;
  size_t nbook;
  const char *const *set;    /* args as given, "window=24m"; NULL-terminated, or NULL */
} RunSpec;

typedef struct Run Run;      /* lives in the child while the playbook runs */
Store *run_store(Run *r);
const RunSpec *run_spec(const Run *r);
Report *run_report(Run *r);
/* All writes of scripts go through these; each holds `writes` and the guards, and names the field or
 * table when it refuses. */
bool run_may_write(Run *r, const char *what, Err *e);
bool run_assign(Run *r, const char *entity, const char *field, const int64_t *id, const Val *val, size_t n, Err *e);
bool run_segment(Run *r, const char *name, const int64_t *id, size_t n, Arena *a, SegmentMove *out, Err *e);
bool run_insert(Run *r, const char *entity, const Str *name, const Val *val, size_t n, Err *e);
bool run_publish(Run *r, const char *entity, const char *metric, Unit unit, const int64_t *id, const Val *val,
                 size_t n, Err *e);
/* Logs a table's decisions: row, inputs, outputs and the words of `why` for each case. */
bool run_decided(Run *r, Eval *ev, const Decision *d, Err *e);
void run_log(Run *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

typedef bool (*RunBody)(void *ctx, Run *r, Err *e);  /* the playbook; in the child */

typedef struct Plan Plan;
/* While the snapshot of another plan is open, this one reads the same data and can only be looked at, not applied.
 * Executes body on a copy of s. ERR_TIMEOUT / ERR_INTERRUPT / ERR_FAIL with the playbook's own error. */
bool run_plan(Store *s, const RunSpec *spec, RunBody body, void *ctx, Plan **out, Err *e);
void plan_free(Plan *p);
const Journal *plan_journal(const Plan *p);
const Report *plan_report(const Plan *p);
const char *plan_digest(const Plan *p);              /* 64 hex digits; same changes, same digest */
bool plan_empty(const Plan *p);
size_t plan_changes(const Plan *p);                  /* rows changed, net, history rows left out */
/* The difference in words: counts per field, samples old -> new with reasons. */
void plan_print(const Plan *p, Store *s, Buf *out);
void plan_print_all(const Plan *p, Store *s, Buf *out); /* the same with every row */
/* The day, seed, args, script and rulebooks of a plan, its guards and limit, so that it can be made again: texts are
 * the plan's; no writes and no deadline. */
RunSpec plan_spec(const Plan *p);
const char *plan_name(const Plan *p);                /* "p-0131"; "" when it was never kept */
const char *plan_id(const Plan *p);                  /* differs between two plans of the same changes */
/* Writes the plan and its record (run, change, decision) in one transaction. ERR_STALE when the data changed. */
bool run_apply(Store *s, Plan *p, int64_t *run_id, Err *e);
/* `fresh` is the plan `kept` made again: with the same digest it may be applied in its place, and takes its name. False
 * and ERR_STALE, with the runs since and what differs, when it is another. */
bool plan_adopt(Plan *fresh, const Plan *kept, Store *s, Err *e);
/* The net journal of a run, as logged. A run without one (an import) gives ERR_USAGE. */
bool run_journal(Store *s, int64_t run_id, Journal *out, Err *e);

/* Records something done inside the caller's transaction (an import): a row of run, with its counts.
 * `detail` is a short text for history ("212,004 added, 3 changed"). */
bool run_record(Store *s, const RunSpec *spec, int64_t changes, const char *detail, int64_t *run_id, Err *e);
/* A Run outside a plan, for sessions and queries that only read: every write is refused. */
Run *run_reading(Store *s, const RunSpec *spec);
void run_reading_free(Run *r);

/* The past. */
bool run_history(Store *s, size_t most, Report *out, Err *e);
bool run_show(Store *s, int64_t run_id, Report *out, Err *e);
/* "profit_type" of account C0042: who set it, the row that hit, its inputs. `why` of "segment:valid-key" too. */
bool run_why(Store *s, const char *entity, Str key, Str field, Buf *out, Err *e);
/* The same as things stood on `day`. */
enum { DAY_ANY = INT32_MAX }; /* no day asked: as they stand */
bool run_why_on(Store *s, const char *entity, Str key, Str field, Day day, Buf *out, Err *e);
/* As one JSON object: entity, key, field, value and was (in words), set_by, and of the decision its run, table, row,
 * inputs, outputs and words; of a segment: member, from, to, set_by, decisions. */
bool run_why_json(Store *s, const char *entity, Str key, Str field, Day day, Buf *out, Err *e);
/* … and entity, key, field, value, words. */
bool run_whynot_json(Store *s, const char *entity, Str key, Str field, Str value, Day day, Buf *out, Err *e);
bool run_whynot_on(Store *s, const char *entity, Str key, Str field, Str value, Day day, Buf *out, Err *e);
bool run_whynot(Store *s, const char *entity, Str key, Str field, Str value, Buf *out, Err *e);
#endif
