/* Running a playbook: the file is evaluated again with the full environment. */
#include "lua/book.h"
#include "lua/find.h"
#include "lua/namespace.h"
#include "lua/rule.h"
#include "lua/script.h"
#include "lua/set.h"
#include "lua/show.h"
#include "lua/write.h"

#include <string.h>

/* Decides one table or score over the scope and shows what came out, grouped by `key`. */
static void decide_one(lua_State *L, const TableInfo *t, const char *key, const char *columns) {
  int book = lua_gettop(L);
  lua_getfield(L, book, "all");
  write_decide(L, lua_gettop(L), t->name);
  lua_getfield(L, book, "show");
  lua_pushvalue(L, book);
  lua_pushlstring(L, t->name.p, t->name.n);
  lua_getfield(L, -4, "group");
  lua_pushvalue(L, -5);
  lua_pushstring(L, key);
  lua_pushstring(L, columns);
  lua_call(L, 3, 1);
  lua_call(L, 3, 0);
  lua_settop(L, book);
}

/* Without `run`: every table and score of the playbook's entity is decided over the scope, and counted. */
static void decide_all(lua_State *L) {
  Engine *h = engine(L);
  const TableInfo *const *table, *const *score;
  size_t ntable = rules_table_list(h->rules, &table), nscore = rules_score_list(h->rules, &score);
  Arena *a = engine_arena(L);
  lua_insert(L, -2); /* the book stays on top */
  for (size_t i = 0; i < ntable; i++)
    if (table[i]->entity == rules_entity(h->rules))
      decide_one(L, table[i], arena_printf(a, "%.*s", STR_ARG(table[i]->out[0])), "count, share(count):%");
  for (size_t i = 0; i < nscore; i++) {
    Str x = score[i]->name;
    if (score[i]->entity == rules_entity(h->rules))
      decide_one(L, score[i], arena_printf(a, "known(%.*s)", STR_ARG(x)),
                 arena_printf(a, "count, mean(%.*s) as mean, min(%.*s) as min, max(%.*s) as max", STR_ARG(x), STR_ARG(x),
                              STR_ARG(x)));
  }
}

/* First all values, then all writes: a metric published for the first time changes the schema. */
static void publish(lua_State *L, const Header *header) {
  Engine *h = engine(L);
  size_t n = 0;
  while (header->publish && header->publish[n]) n++;
  if (!n) return;
  book_push(L, "");
  lua_getfield(L, -1, "all");
  Set *all = set_check(L, -1);
  int set = lua_gettop(L);
  Val **val = engine_array(L, n, sizeof *val);
  Unit *unit = engine_array(L, n, sizeof *unit);
  luaL_checkstack(L, (int)n + 8, NULL);
  for (size_t i = 0; i < n; i++) {
    Expr *x = rule_expr(L, all->entity, (Src){.text = str_of(header->publish[i])}, WANT_ANY, 0);
    const TableInfo *score = rules_table_info(h->rules, str_of(header->publish[i]));
    if (score && score->score) write_decide(L, set, score->name); /* so that why can explain it */
    unit[i] = expr_type(x).unit;
    val[i] = rule_eval(L, x, all->id, all->n);
  }
  for (size_t i = 0; i < n; i++) {
    if (!run_publish(h->run, rule_entity_name(all->entity), header->publish[i], unit[i], all->id, val[i], all->n, &h->err))
      engine_raise(L);
  }
}

static int perform(lua_State *L) {
  Playbook *p = engine_ctx(L);
  Header *h = p->header;
  Str base = find_base(h->path);
  lua_pushfstring(L, "@%s.lua", lua_pushlstring(L, base.p, base.n));
  engine_load(L, buf_view(&h->source), lua_tostring(L, -1));
  limit_call(L, 0);
  if (h->has_run) {
    luaL_checktype(L, -1, LUA_TTABLE);
    lua_getfield(L, -1, "run");
    book_push(L, playbook_title(p));
    limit_call(L, 1);
  } else {
    book_push(L, playbook_title(p));
    decide_all(L);
  }
  show_report(L);
  publish(L, h);
  return 0;
}

void playbook_ask_visit(Playbook *p, const char *code, const char *day) {
  mem_free(p->ask_code);
  mem_free(p->ask_day);
  p->ask_code = mem_strdup(code);
  p->ask_day = day ? mem_strdup(day) : NULL;
}

bool playbook_run(void *playbook, Run *r, Err *e) {
  Playbook *p = playbook;
  Store *s = run_store(r);
  if (p->header->kind != PLAYBOOK) {
    err_set(e, ERR_FAIL, "%s is a rulebook: it has nothing to run", p->header->name);
    return err_at(e, p->header->path, 0, 0);
  }
  if (!namespace_ready(p, s, e)) return false;
  Engine h = {.file = p->header->path,
            .scan = &p->header->scan,
            .run = r,
            .store = s,
            .rules = p->rules,
            .report = run_report(r),
            .skip = p->header->skip_errors,
            .ask_code = p->ask_code,
            .ask_day = p->ask_day,
            .seed = run_spec(r)->seed};
  h.ev = eval_new(p->rules, run_spec(r)->asof);
  bool ok = script_open(&h, e) && engine_do(&h, perform, p, e);
  engine_close(&h);
  eval_free(h.ev);
  if (!ok && h.answered) { /* the question ended the run */
    err_free(e);
    return true;
  }
  if (!ok) err_at(e, p->header->path, 0, 0);
  if (ok && p->ask_code && !h.answered) return err_set(e, ERR_FAIL, "%s plans no visits", p->header->name);
  return ok;
}
