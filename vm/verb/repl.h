/* A session at a terminal or from a file: what its parts share. Internal to verb/repl*.c. */
#ifndef VERB_REPL_H
#define VERB_REPL_H
#include "lua/session.h"
#include "run/wish.h"
#include "verb/read.h"
#include "verb/verb.h"

#include <stdio.h>

struct Found;

typedef struct Said { /* an entry that ran */
  char *text;
  int line;           /* of the session: its result is _7 */
  SessionKind kind;
  bool change;        /* it asked for changes */
} Said;

enum { REPL_ROWS = 10 }; /* of a table, unless .rows says otherwise */

typedef struct Repl {
  Cli *c;
  Reading reading;
  Session *session;
  Wishes *wishes;     /* changes asked for by the line that runs */
  FmtEnv look;        /* how values are shown; the session takes its `money` */
  UiFormat mode;
  int number;         /* of the entry, in its prompt */
  size_t rows;        /* 0 = all */
  bool timer, leave;
  bool typed;         /* by a person, not read from a file */
  bool readonly;      /* nothing is written to the database; safe: to no file either, and no program is started */
  bool safe;
  Buf once;           /* a file the next result goes to, or empty */
  Buf start;          /* what the next entry starts with, or empty */
  Buf mistake;        /* what was last said to be wrong, for ?error */
  ErrKind mistaken;
  bool called;        /* the entry called a command of the command line */
  Said *said;
  size_t nsaid, capsaid, nfailed;
  const char **writes; /* what its changes wrote; NULL-terminated once there are any */
  size_t nwrites, capwrites;
} Repl;

bool repl_open(Repl *r, Err *e);   /* the database of r->c, and a session on it */
void repl_close(Repl *r);
void repl_look(Repl *r);           /* mode, rows, money and the width of the terminal hold from now on */
bool repl_line(Repl *r, const char *text, bool *more, Err *e); /* a rule or Lua, shown */
/* Plans what the line asked for, shows it, asks, and writes it as a run. */
bool repl_change(Repl *r, Str line, bool *written, Err *e);
bool repl_show(Repl *r, Str text, Err *e);                     /* to the terminal, a pager, or the file of .once */
/* Runs the lines of a file as if typed; stops at the first error, which names the line. */
bool repl_read(Repl *r, FILE *f, const char *name, Err *e);

/* A line that begins with a dot, and one that begins with a question mark. */
bool repl_dot(Repl *r, Str line, Err *e);
bool repl_question(Repl *r, Str line, Err *e);
const char *repl_dot_name(size_t i);              /* "help"; NULL past the end */
const char *const *repl_dot_words(Str command);   /* what may follow; NULL: free text or nothing */
bool repl_dot_files(Str command);

/* What was typed as the text of a playbook: .save. */
void repl_draft(const Repl *r, Str name, Buf *out);
void repl_forget(Repl *r); /* what was typed so far */

/* A command of the command line, words as the shell parts them, on the session's database and day. */
bool repl_command(Repl *r, const char *const *word, size_t n, struct Found **found, Err *e); /* found: NULL, or see Cli */
/* The same for functions of the session: history(3), whatif("profit-types", { fade = "3%" }). */
extern const char *const repl_commands[]; /* NULL-terminated */
bool repl_called(void *repl, const char *name, const Str *arg, size_t narg, const Str *key, const Str *value, size_t nset,
                 struct Found **out, Err *e);
#endif
