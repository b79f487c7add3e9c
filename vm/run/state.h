/* What a Run and a Plan are made of: internal to vm/run. */
#ifndef RUN_STATE_H
#define RUN_STATE_H
#include "run/run.h"

struct Run {
  Store *store;
  const RunSpec *spec;
  bool reading;
  struct Wishes *wishes; /* of a session: what it asked for while only reading, or NULL */
  Report report;
  Journal journal;
  Buf decided;        /* decided.h */
  Buf log;
};

struct Plan {
  Store *store;       /* with a read snapshot open until the plan is applied or freed */
  bool holding;
  Journal journal;    /* net, sorted */
  Report report;
  Buf decided, log;
  char digest[65];
  char script_hash[65];
  size_t changes;
  int64_t last_run;   /* the newest run when the plan was made */
  char made[32];      /* when, UTC */
  char id[33];
  char *name;         /* of the file it is kept in, or NULL */
  /* Of the spec, copied. */
  char *what, *args, *limit, *of, *note, *file;
  Day asof;
  uint64_t seed;
  double max_percent;
  int64_t max_changes;
  Str script;
  RunBook *book;
  size_t nbook;
  const char **set;   /* NULL-terminated */
  const char **grants;
  Arena arena;        /* of the texts above */
};

/* Copies what a plan keeps of its spec. */
void plan_keep_spec(Plan *p, const RunSpec *spec);
/* "name hash name hash" of the rulebooks, for the record; empty when there are none. */
void plan_books(const Plan *p, Buf *out);

/* Rows of the record beside the data (history of fields, published metrics): they follow from
 * the changes and are not counted as such. */
bool table_is_record(Str table);
const CatEntity *entity_of_table(Str table); /* NULL for host tables */
/* Changes of one table stand together in a net journal: the end of the block that begins at `from`. */
size_t table_end(const Journal *j, size_t from);
/* The change of this row in a net journal; j->n when there is none. */
size_t change_at(const Journal *j, Str table, int64_t id);
/* An update's old and new value of the column; false when it is no update or leaves the column alone. */
bool change_of(const Change *c, Str column, Val *was, Val *now);
/* The columns that updates in [from, to) change, each once, in order of name. */
size_t changed_columns(const Journal *j, size_t from, size_t to, Arena *a, Str **out);
#endif
