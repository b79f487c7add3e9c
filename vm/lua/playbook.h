/* Playbooks: finding, reading the header (as data: no playbook code runs),
 * checking the rules, running `run`, and the tests beside them. */
#ifndef LUA_PLAYBOOK_H
#define LUA_PLAYBOOK_H
#include "run/run.h"

typedef enum PlaybookKind { PLAYBOOK, RULEBOOK, CHAIN, TESTS } PlaybookKind;
typedef struct Playbook Playbook;

/* NAME, NAME.lua or a path; sought in ., $PARETO_PATH, the XDG data folder, PREFIX/share/pareto/scripts, and last,
 * for a rulebook, in the domain library. Not found: an error that lists where it was sought and suggests the nearest name. */
bool playbook_find(const char *name, Buf *path, Err *e);
/* All playbooks in those places: paths, sorted by name. */
bool playbook_paths(Arena *a, char ***path, size_t *n, Err *e);
/* Reads the header in an empty environment with a tiny budget. */
bool playbook_load(const char *path, Playbook **out, Err *e);
void playbook_free(Playbook *p);

PlaybookKind playbook_kind(const Playbook *p);
const char *playbook_name(const Playbook *p);
const char *playbook_path(const Playbook *p);
const char *playbook_title(const Playbook *p);   /* never NULL */
const char *playbook_about(const Playbook *p);
const char *const *playbook_tags(const Playbook *p);    /* NULL-terminated, as are these: */
const char *const *playbook_writes(const Playbook *p);
const char *const *playbook_grants(const Playbook *p);
double playbook_max_percent(const Playbook *p);  /* guards; < 0 = none */
int64_t playbook_max_changes(const Playbook *p);
const char *playbook_every(const Playbook *p);   /* "1st 06:00 Asia/Shanghai", as written, or NULL */
const char *playbook_catch_up(const Playbook *p);/* none, latest, all, or NULL */
Str playbook_source(const Playbook *p);          /* the bytes of the file */

/* Builds and checks the namespace against a database: args, fields, metrics, tables, scope, rulebooks
 * used. The fields a playbook adds and that are not there yet count as existing. */
bool playbook_check(Playbook *p, Store *s, Err *e);
Rules *playbook_rules(const Playbook *p);        /* after playbook_check */
Src playbook_backtest(const Playbook *p);        /* what it is held against, feel/backtest.h; no text: it says nothing */
/* What if: VARY_ARG "kam.red" "60%", VARY_TABLE "kind" or "kam.cadence" and a file with a grid, VARY_BOOK "kam"
 * and a file. Before playbook_check, which says what is wrong with them or stands for nothing. */
typedef enum VaryKind { VARY_ARG, VARY_TABLE, VARY_BOOK } VaryKind;
void playbook_vary(Playbook *p, VaryKind kind, const char *name, const char *text);
bool playbook_set_arg(Playbook *p, const char *name, const char *text, Err *e);  /* before run */
/* The rulebooks it uses, those they use, and the files of their tables, each once. After playbook_check; valid as long as the Playbook. */
size_t playbook_books(const Playbook *p, Arena *a, RunBook **out);
void playbook_args_text(const Playbook *p, Buf *out); /* canonical: every arg and its value */

/* A RunBody; ctx is the Playbook. Adds the fields, evaluates the file again with the full
 * environment under memory, time and row limits, calls run(book) (or decides every table). */
bool playbook_run(void *playbook, Run *r, Err *e);

/* Before a run that is only looked at: instead of planning, visits.plan answers why this account (or contact) is or is not
 * seen on that day ("Tuesday", a date; NULL: any), by the plan in force, and the run ends with that as its report. */
void playbook_ask_visit(Playbook *p, const char *code, const char *day);

/* A chain: steps in order. Its args are checked with it; `month : text = month(as_of - 1d)` is written 2026-10. */
typedef enum StepKind { STEP_PLAYBOOK, STEP_IMPORT, STEP_REPORT } StepKind;
typedef struct ChainStep {
  StepKind kind;
  Src name;                      /* as written, with its place */
  const char *what;              /* the playbook, "import" or "report" */
  Src file;                      /* template: what is imported, or the report's name */
  const char *as, *mapping, *of; /* NULL = none */
  Src must, when;                /* rules; no text = none */
  bool go_on;                    /* when it fails the next one runs all the same */
  bool approve;                  /* stops for a signature when a guard would stop it, or, without guards, at any change */
  const char **set;              /* "watch=30%", NULL-terminated, or NULL */
  const char **to;               /* receivers of the report, or NULL */
  double max_percent;            /* < 0 = the playbook's */
  int64_t max_changes;
  double seconds;                /* 0 = not given */
} ChainStep;
size_t chain_steps(const Playbook *p, const ChainStep **list);
/* The day its steps look back from: as_of of the header, for a run of `day`. */
bool chain_day(const Playbook *p, Day day, Day *out, Err *e);
/* After playbook_check and every --set: the args that follow from the day. Before the two below. */
bool chain_begin(Playbook *p, Day asof, Err *e);
/* A text with {args}. */
bool chain_text(Playbook *p, Src text, Day asof, Buf *out, Err *e);
/* Does the rule hold? Unknown is no. `param` may be NULL. */
bool chain_holds(Playbook *p, Src rule, const Param *param, size_t n, Day asof, bool *yes, Err *e);
/* The file with the options of an import, a line each ("map: revenue = amount * 100"): beside the chain, in mappings/
 * there, or at hand. */
bool chain_mapping(const Playbook *p, const char *name, Buf *path, Err *e);
/* The playbook of a step: beside the chain, else where playbooks are sought. */
bool chain_playbook(const Playbook *p, const ChainStep *step, Buf *path, Err *e);

/* Runs NAME_test.lua: decide, case, property. One line a test to out; counts. */
bool playbook_test(const char *path, Buf *out, int *passed, int *failed, Err *e);
#endif
