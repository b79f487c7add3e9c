/* Visit plans in scripts: visits.plan{…}, visits.capacity{…} and what a plan answers. Internal to vm/lua.
 *
 * A plan is a userdata that owns its world and its stops; all text it shows comes from visits_say.c. */
#ifndef LUA_VISITS_H
#define LUA_VISITS_H
#include "lua/figures.h"
#include "store/visits.h"

typedef struct VisitsPlan {
  VisitWorld world;
  VisitPlan plan;
  VisitNeed *need;       /* of world.ask; their texts live in `arena` */
  Arena arena;
  VisitSearch how;
  Unit worth;            /* what worth is in */
  const char *lose;      /* the metric it is, or NULL */
  size_t phoned, undue;  /* accounts that are called instead, or not due within these days */
  VisitChange *change;   /* against the rows as they were read */
  size_t changes, refused;
  int32_t frozen;        /* days asked to be frozen: there are none before there is a plan */
  bool written;
} VisitsPlan;
extern Class CLASS_VISITS;

VisitsPlan *visits_check_plan(lua_State *L, int index);
/* The spec table at index becomes needs and the world around them; raises what is wrong with it. */
void visits_ask(lua_State *L, int spec, VisitsPlan *v);
/* Words (visits_say.c). Around those that a script gets into its hands: +1, then -1. They stay English, unless they answer
 * a person. */
void visits_words(lua_State *L, int by);
void visits_day_text(const VisitWorld *w, int32_t day, Buf *out); /* "Tue 2026-11-03" */
void visits_reason_text(const VisitWorld *w, const VisitLeft *l, Buf *out);
void visits_remedy_text(const VisitWorld *w, const VisitLeft *l, Buf *out);
/* The command that makes the remedy so; nothing when there is none. */
void visits_remedy_command(const VisitWorld *w, const VisitLeft *l, const char *playbook, Buf *out);
void visits_try_text(const VisitWorld *w, int32_t site, const VisitTry *t, Buf *out);
void visits_nobody_goes(const VisitsPlan *v, Buf *out); /* whose visits are not possible at all, and why */
void visits_summary(const VisitsPlan *v, Buf *out);

/* Tables, pushed (visits_show.c). */
void visits_push_left(lua_State *L, VisitsPlan *v);
void visits_push_cost(lua_State *L, const VisitsPlan *v);
void visits_push_calendar(lua_State *L, const VisitsPlan *v);
void visits_push_stops(lua_State *L, const VisitsPlan *v);
void visits_push_moves(lua_State *L, const VisitsPlan *v);
void visits_push_room(lua_State *L, const VisitsPlan *v);
/* Calendars, one a person: an array of { file =, text = }, pushed (visits_ics.c). */
void visits_push_ics(lua_State *L, VisitsPlan *v);

/* A function of visits: plan or capacity, pushed; false: no such one. */
bool visits_function(lua_State *L, const char *name);
void visits_open(lua_State *L);
#endif
