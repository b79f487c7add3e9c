/* Rules inside scripts: compiled once per text, evaluated over sets, params by name. */
#ifndef LUA_RULE_H
#define LUA_RULE_H
#include "lua/set.h"

/* The compiled rule; raises its errors. params: stack index of a table of values, or 0. */
Expr *rule_expr(lua_State *L, int entity, Src src, ExprWant want, int params);
/* Compiled columns, owned by the namespace. */
Expr **rule_columns(lua_State *L, int entity, Src src, bool grouped, int params, size_t *n);
/* One value a row, as an array on the stack; its values live until the data changes. */
Val *rule_eval(lua_State *L, const Expr *x, const int64_t *id, size_t n);
/* Its known values, in the set's order, as a list on the stack. */
void rule_push_known(lua_State *L, const Expr *x, const Set *s);
/* The same into every `step`-th place of `out`, and what the values point to into `a`. */
void rule_eval_column(lua_State *L, const Expr *x, const int64_t *id, size_t n, EvalColumn use, void *ctx);
void rule_eval_into(lua_State *L, const Expr *x, const int64_t *id, size_t n, Val *out, size_t step, Arena *a);
/* Rows of a set are the population of rank, share … at the prompt; the scope is elsewhere. */
void rule_population(lua_State *L, int set);
/* Names that mean something of the rows of one set alone: `missed` of those that nearly made, `was` of those that a
 * what-if changes. The user value of a Lent keeps alive what they point to. */
typedef struct Lent {
  size_t n;
  Param name[];
} Lent;
Lent *rule_lend(lua_State *L, size_t n); /* on the stack, to become the user value SET_NEAR of a set */
void rule_near(lua_State *L, int set);   /* rules to come may name what this set lends */
/* A value for things that have no row of their own (book:note): evaluated over the scope's first row. */
Val rule_eval_alone(lua_State *L, const Expr *x);
/* What rows show may have changed: caches are stale from here on. */
void rule_changed(lua_State *L);
/* The position of v among the values of its domain, for ordering; -1 = none. */
int rule_rank(const Domain *d, Val v);
/* <0, 0, >0 as lists are ordered: null last, domain values as declared. */
int rule_order(Type t, Val x, Val y, bool descending);
const char *rule_entity_name(int entity);
void rule_open(lua_State *L);
#endif
