#include "verb/visits.h"

#include "feel/src.h"
#include "verb/verbs.h"

#include <string.h>

static const struct {
  const char *name;
  bool (*run)(Cli *c, Err *e);
  int least, most; /* words behind it */
  const char *wants;
} word[] = {
  {"calendar", visits_calendar, 0, 0, ""},
  {"map", visits_picture, 0, 0, ""},
  {"diff", visits_diff, 0, 1, "at most a playbook"},
  {"why", visits_why, 1, 2, "a code, and perhaps a day: visits why C0042 Tuesday"},
  {"done", visits_done, 1, 1, "the number of a visit"},
  {"missed", visits_missed, 1, 1, "the number of a visit"},
  {"move", visits_move, 1, 1, "the number of a visit, and --to DAY"},
  {"cancel", visits_cancel, 1, 1, "the number of a visit"},
  {"add", visits_add, 1, 1, "an account, and --on DAY"},
  {"allow", visits_allow, 1, 1, "an account or a person, and what"},
  {"pin", visits_pin, 1, 1, "the number of a visit"},
  {"unpin", visits_unpin, 1, 1, "the number of a visit"},
};
enum { WORDS = sizeof word / sizeof *word };

static bool visits(Cli *c, Err *e) {
  if (c->narg == 0) return visits_list(c, e);
  Str known[WORDS];
  for (size_t i = 0; i < WORDS; i++) {
    known[i] = str_of(word[i].name);
    if (strcmp(c->arg[0], word[i].name) != 0) continue;
    if (c->narg - 1 >= word[i].least && c->narg - 1 <= word[i].most) return word[i].run(c, e);
    return err_set(e, ERR_USAGE, "visits %s takes %s", word[i].name, *word[i].wants ? word[i].wants : "nothing more");
  }
  err_set(e, ERR_USAGE, "visits does not know '%s'", c->arg[0]);
  src_suggest(e, str_of(c->arg[0]), known, WORDS);
  return err_todo(e, "its words: pareto help visits");
}

static const OptDef options[] = {
  {"owner", "STAFF", "only this person's, by code; allow: who gets the account", false},
  {"from", "DAY", "the first day shown (default: as-of)", false},
  {"weeks", "N", "so many weeks (default 4)", false},
  {"with", "PLAYBOOK", "the playbook that plans (default visit-plan)", false},
  {"to", "DAY", "move: the new day", false},
  {"at", "TIME", "move, add: the time, 09:30 (default: where there is room)", false},
  {"on", "DAY", "add, allow: that day", false},
  {"until", "TIME", "allow a person: is home by then, every day", false},
  {"visits", "N", "allow a person: so many a day", false},
  {"gap", "DAYS", "allow an account: so near to each other, whatever its cadence says", false},
  {"place", "LAT,LON", "allow an account: where it is, in degrees", false},
  {"minutes", "N", "done: how long it took", false},
  {"text", "WORDS", "done: what was learnt; missed, cancel: why", false},
  {NULL, NULL, NULL, false},
};

const Verb verb_visits = {
  .name = "visits",
  .summary = "the visits planned: list, calendar, moves, reasons; done, missed, moved",
  .usage = (const char *const[]){"visits [--owner STAFF] [--from DAY] [--weeks N]", "visits calendar [--owner STAFF] [--weeks N]",
                                 "visits map --owner STAFF [--weeks N] --output FILE.svg", "visits diff [PLAYBOOK] [--set ARG=VALUE]…", "visits why CODE [DAY] [--with PLAYBOOK]",
                                 "visits done ID [--minutes N] [--text WORDS]", "visits missed|cancel|pin|unpin ID",
                                 "visits move ID --to DAY [--at TIME]", "visits add ACCOUNT --on DAY [--at TIME]",
                                 "visits allow ACCOUNT [--on DAY [--at TIME]] [--gap DAYS] [--place LAT,LON] [--owner STAFF]",
                                 "visits allow STAFF [--on DAY] [--until TIME] [--visits N]", NULL},
  .about = "A plan is made by a playbook (pareto run visit-plan); here is what became of it.\n"
           "diff plans anew, writes nothing, and shows what would move against the plan in force; why tries a visit of the\n"
           "account on each day of the plan in force, or on that day: \"Tuesday\" or a date, and says what stands against it.\n"
           "allow takes away what keeps a visit from being planned; why, and the table of those not planned, end with the command\n"
           "that helps: a no-visit day or a leave is given up for that day, hours of opening are added, an account goes to\n"
           "another owner. add puts a visit into a day and pins it there. Both are runs, and plans made later make use of them.\n"
           "done, missed, move, cancel and pin are runs: they are in the history and can be undone. A visit that was moved, like\n"
           "one that is fixed, stays where it is when plans are made; pin keeps the day alone. The day that a visit left, and the one\n"
           "it came to, are put in order again; planned visits of the same account nearer to its new day than they may be are given\n"
           "up. When the account is due next follows from its last visit, done or planned: the next plan works it out, moves its\n"
           "later visits as little as can be, and plans anew what was missed or given up.\n"
           "As files: --format csv or xlsx --output FILE; map draws the roads of a person's days as SVG; calendars for calendar\n"
           "programs (.ics) are sent by the playbook.",
  .opt = options,
  .most = 3,
  .run = visits,
};
