/* What the files of the verb `visits` share. */
#ifndef VERB_VISITS_H
#define VERB_VISITS_H
#include "store/visits.h"
#include "verb/verb.h"

/* Hours, speed and road factor as rulebook calendar has them on as-of. Needs c->store. */
bool visits_usual_ask(Cli *c, VisitAsk *out, Err *e);
bool visits_list(Cli *c, Err *e);      /* what is planned (visits_view.c) */
bool visits_calendar(Cli *c, Err *e);
bool visits_picture(Cli *c, Err *e);
bool visits_diff(Cli *c, Err *e);      /* visits_ask.c */
bool visits_why(Cli *c, Err *e);
bool visits_done(Cli *c, Err *e);      /* visits_change.c */
bool visits_missed(Cli *c, Err *e);
bool visits_move(Cli *c, Err *e);
bool visits_cancel(Cli *c, Err *e);
bool visits_pin(Cli *c, Err *e);
bool visits_unpin(Cli *c, Err *e);
bool visits_add(Cli *c, Err *e);       /* visits_allow.c */
bool visits_allow(Cli *c, Err *e);
#endif
