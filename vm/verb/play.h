/* What the verbs that take a playbook share: finding, reading and checking it against the
 * database, its arguments, and the RunSpec of one execution. */
#ifndef VERB_PLAY_H
#define VERB_PLAY_H
#include "lua/playbook.h"
#include "verb/verb.h"

typedef struct Play {
  Playbook *playbook;
  RunSpec spec;  /* filled by play_spec; texts live in the Play or the Cli */
  Buf args;
  const char **set; /* --set texts */
  char *folder;     /* where the script of a plan is unpacked, or NULL; the run reads it again */
  char **file;      /* in it; NULL-terminated */
} Play;

/* Needs c->store. The playbook of this name, checked, with every --set in force. */
bool play_open(Cli *c, const char *name, Play *out, Err *e);
/* The same with what `whatif` changes: --set (also of rulebooks: kam.red=60%), --table, --book; or, with
 * `changed` false, as it stands. */
bool play_vary(Cli *c, const char *name, bool changed, Play *out, Err *e);
/* Plans it without showing anything. */
bool play_quietly(Cli *c, Play *b, Plan **plan, Err *e);
/* The same for the script of a plan: its bytes, rulebooks, args, day and seed, whatever the files say today. */
bool play_reopen(Cli *c, const Plan *kept, Play *out, Err *e);
/* Personal fields that the playbook's `grants` name may be read from now on, and no others. Before any check. */
void play_grant(Cli *c, const Playbook *p);
void play_spec(Cli *c, Play *b);
void play_close(Play *b);

/* Is it a playbook, or, when those will do too, a chain? An error that says what else it is. */
bool play_runs(const Playbook *p, bool chains, Err *e);

/* Options of plan and run that loosen guards on purpose; the run's log says so. */
bool play_guards(Cli *c, RunSpec *spec, Err *e);

/* Makes the plan again from what is there now, without showing it. */
bool play_again(Cli *c, Play *b, const Plan *kept, Plan **fresh, Err *e);
/* Writes the plan; when the data changed under it, makes it again first: only the same changes are written. */
bool play_apply(Cli *c, Play *b, Plan **plan, int64_t *run_id, Err *e);
/* "run 3: 1,204 changes" */
void play_applied(int64_t run_id, size_t changes);

/* Plans it and shows the report and the difference. The caller frees the plan, also on failure. */
bool play_plan(Cli *c, Play *b, Plan **plan, Err *e);
#endif
