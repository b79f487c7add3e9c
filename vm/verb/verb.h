/* The command line as a table: every verb says its name, summary, usage, options and
 * function in one Verb; help, usage and suggestions are generated from these.
 *
 * A verb is one file that defines `const Verb verb_NAME` and is listed in verbs.c.
 * Its function returns false with an Err (whose kind is the exit code) or true; what it
 * opened through cli_store, main closes. An error that does not say what it left untouched
 * gets "nothing was written" from main: a verb that wrote something says its own. */
#ifndef VERB_VERB_H
#define VERB_VERB_H
#include "base/stop.h"
#include "run/run.h"

typedef struct Cli Cli;
struct Found;

typedef struct OptDef {
  const char *name;  /* without the dashes; NULL ends a table */
  const char *arg;   /* what follows, in capitals; NULL = a flag; in brackets: may be left out, then "" */
  const char *about;
  bool many;         /* may be given more than once */
} OptDef;

typedef struct Verb {
  const char *name, *summary;
  const char *const *usage; /* "run NAME [--set ARG=VALUE]…"; NULL-terminated */
  const char *about;        /* more for `help VERB`, or NULL */
  const OptDef *opt;        /* its own options, or NULL */
  int least, most;          /* how many arguments it takes; most < 0 = any number */
  bool (*run)(Cli *c, Err *e);
} Verb;

struct Cli {
  const Verb *verb;
  char **arg; /* arguments that are no options */
  int narg;
  /* Common options, with their defaults filled in. */
  const char *db;
  Day asof;
  uint64_t seed;
  double seconds;     /* --timeout; < 0 = not given */
  UiFormat format;
  bool format_given;
  const char *output; /* --output, or NULL */
  bool yes, no_input, help;
  bool writes;        /* the store was opened for writing */
  int exit_code;      /* of a verb that returned true */
  struct Found **found; /* a session takes the answer as a value (lua/found.h); NULL: it is printed */
  Store *store;
  struct CliOpt *opt; /* every option given, in order */
  size_t nopt, capopt;
  Arena arena;
};

enum { VERB_SECONDS = 600 }; /* the deadline of runs and questions unless --timeout says otherwise */

const Verb *const *verb_all(void); /* NULL-terminated, in the order help shows them */
const Verb *verb_find(Str name);
extern const OptDef verb_common[];  /* options every verb takes */

/* Options of this call: the last value given ("" for a flag), or NULL. */
const char *cli_opt(const Cli *c, const char *name);
bool cli_flag(const Cli *c, const char *name);
/* The i-th value of an option that may be repeated; NULL past the end. */
const char *cli_opt_at(const Cli *c, const char *name, size_t i);
/* A number given as an option; *out stays as it was when the option is absent. */
bool cli_opt_int(const Cli *c, const char *name, int64_t least, int64_t *out, Err *e);
bool cli_opt_percent(const Cli *c, const char *name, double *out, Err *e);

/* Opens the database of this call into c->store. No file: an error that names `pareto init`. */
bool cli_store(Cli *c, StoreMode mode, Err *e);
/* Today is the day that rules look back from, unless --as-of names another: a clock that stands before the last run is told
 * of. What opens the database to write does so by itself. */
void cli_look_at_clock(const Cli *c);
bool cli_store_later(Cli *c, Err *e); /* to be read, and opened when something is asked of it */
/* How long one message may take to leave: 30 s, or less when --timeout says so. */
double cli_send_seconds(const Cli *c);
/* May a person be asked? (stdin and stderr are terminals, no --no-input) */
bool cli_may_ask(const Cli *c);
bool cli_ask(const Cli *c, const char *question, bool *yes, Err *e);
#endif
