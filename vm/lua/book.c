#include "lua/book.h"

#include "lua/rule.h"
#include "lua/sandbox.h"
#include "lua/show.h"
#include "lua/value.h"
#include "run/outbox.h"

#include <string.h>

static Class CLASS_BOOK = "book", CLASS_ARGS = "args";
static const char ALL; /* registry: the scope as a set */

/* --- args ------------------------------------------------------------------------- */

static int args_index(lua_State *L) {
  Engine *h = engine(L);
  const ArgInfo *list;
  size_t n = rules_arg_list(h->rules, &list);
  Str name;
  name.p = luaL_checklstring(L, 2, &name.n);
  for (size_t i = 0; i < n; i++) {
    if (!str_eq(list[i].name, name)) continue;
    Type t = {.kind = T_ANY, .unit = list[i].unit};
    if (str_is(list[i].type, "filter") && list[i].val.t == V_NULL)
      lua_pushlstring(L, list[i].text.p, list[i].text.n);
    else if (list[i].val.t == V_NULL && list[i].text.n) { /* next_monday(as_of) */
      Expr *x = rule_expr(L, rules_entity(h->rules), (Src){.text = name}, WANT_ANY, 0);
      value_push(L, rule_eval_alone(L, x), expr_type(x));
    } else
      value_push(L, list[i].val, t);
    return 1;
  }
  Str *names = engine_array(L, n + 1, sizeof *names);
  for (size_t i = 0; i < n; i++) names[i] = list[i].name;
  return engine_unknown(L, "arg", name, names, n);
}

static int args_fixed(lua_State *L) { return engine_fail(L, "args are set before the run: pareto run NAME --set %s=…", luaL_tolstring(L, 2, NULL)); }

/* --- parts of the report -------------------------------------------------------------- */

static Str title_at(lua_State *L, int index) {
  Str s;
  s.p = luaL_checklstring(L, index, &s.n);
  return s;
}

/* book:show(title, x, columns) */
static int book_show(lua_State *L) {
  Str title = title_at(L, 2);
  luaL_checkany(L, 3);
  if (lua_istable(L, 3) || lua_isfunction(L, 3))
    return engine_fail(L, "book:show takes a set, a table of figures, a row or a value, not a Lua %s", luaL_typename(L, 3));
  show_value(L, 3, title, lua_type(L, 4) == LUA_TSTRING ? 4 : 0, lua_istable(L, 5) ? 5 : 0);
  return 0;
}

/* book:note "Cut by {by}" */
static int book_note(lua_State *L) {
  Engine *h = engine(L);
  Src src = engine_src(L, 2);
  Expr *x = rule_expr(L, rules_entity(h->rules), src, WANT_TEMPLATE, lua_istable(L, 3) ? 3 : 0);
  if (!expr_alone(x, &h->err)) engine_raise(L);
  Val v = rule_eval_alone(L, x);
  Buf *b = engine_buf(L);
  value_text(h, v, UNIT_NONE, b);
  report_note(show_report(L), buf_view(b));
  return 0;
}

/* book:chart(title, x): a chart, a matrix, or a table as bars. */
static int book_chart(lua_State *L) {
  Str title = title_at(L, 2);
  luaL_checkany(L, 3);
  if (engine_is(L, 3, CLASS_FIGURES)) {
    lua_pushcfunction(L, chart_verb);
    lua_pushvalue(L, 3);
    lua_call(L, 1, 1);
    lua_replace(L, 3);
  }
  if (!engine_is(L, 3, CLASS_CHART))
    return engine_fail(L, "book:chart takes a chart, a matrix or a table: book:chart(title, set:chart(\"pareto\", \"revenue_12m\"))");
  show_value(L, 3, title, 0, 0);
  return 0;
}

/* book:page(title, x) */
static int book_page(lua_State *L) {
  Str title = title_at(L, 2);
  luaL_checkany(L, 3);
  Report *r = show_report(L);
  ReportItem *item = report_add(r, ITEM_PAGE);
  item->title = (Str){arena_strndup(&r->arena, title.p, title.n), title.n};
  show_value(L, 3, (Str){0}, lua_type(L, 4) == LUA_TSTRING ? 4 : 0, 0);
  return 0;
}

static Str text_of(lua_State *L, const char *key) {
  Str s = {"", 0};
  if (lua_getfield(L, 2, key) == LUA_TSTRING) s.p = lua_tolstring(L, -1, &s.n);
  else if (!lua_isnil(L, -1)) engine_fail(L, "book:send: %s is a text, not a Lua %s", key, luaL_typename(L, -1));
  return s; /* stays on the stack */
}

/* book:send { to = "limin", name = "Visits", text = "…" }, book:send { file = "visits.csv", text = "…" }: a row of the
 * outbox, which leaves once the run is written. */
static int book_send(lua_State *L) {
  Engine *h = engine(L);
  lua_Unsigned many = lua_istable(L, 2) ? lua_rawlen(L, 2) : 0;
  for (lua_Unsigned i = 1; i <= many; i++) { /* plan:ics "owner": several at once */
    lua_pushcfunction(L, book_send);
    lua_pushvalue(L, 1);
    lua_rawgeti(L, 2, (lua_Integer)i);
    lua_call(L, 2, 0);
  }
  if (many) return 0;
  if (lua_istable(L, 2) && lua_next(L, (lua_pushnil(L), 2)) == 0) return 0; /* nothing to send */
  lua_settop(L, 2);
  if (!lua_istable(L, 2)) return engine_fail(L, "book:send takes { to = …, name = …, text = … } or { file = …, text = … }");
  Str to = text_of(L, "to"), name = text_of(L, "name"), file = text_of(L, "file"), text = text_of(L, "text");
  if (!to.n == !file.n) return engine_fail(L, "book:send: a message has `to`, a file has `file`; say one of them");
  if (!run_send(h->run, file.n ? "file" : "message", to, file.n ? file : name, text, &h->err)) engine_raise(L);
  return 0;
}

static int print(lua_State *L) {
  Buf *b = engine_buf(L);
  int n = lua_gettop(L) - 1; /* the buffer is on top */
  for (int i = 1; i <= n; i++) {
    if (i > 1) buf_puts(b, "  ");
    lua_pushcfunction(L, text_tostring);
    lua_pushvalue(L, i);
    lua_call(L, 1, 1);
    size_t len;
    const char *p = lua_tolstring(L, -1, &len);
    buf_add(b, p, len);
    lua_pop(L, 1);
  }
  show_line(L, buf_view(b));
  return 0;
}

/* --- the book ----------------------------------------------------------------------------- */

static void push_scope(lua_State *L) {
  Engine *h = engine(L);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &ALL) == LUA_TUSERDATA) return;
  lua_pop(L, 1);
  const int64_t *id;
  size_t n;
  if (!eval_scope(h->ev, &id, &n, &h->err)) engine_raise(L);
  Set *s = set_new(L, rules_entity(h->rules), n);
  if (n) memcpy(s->id, id, n * sizeof *id);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &ALL);
}

static const luaL_Reg PARTS[] = {{"show", book_show}, {"note", book_note}, {"chart", book_chart},
                                 {"page", book_page}, {"send", book_send}, {NULL, NULL}};

static int book_index(lua_State *L) {
  static const Str KNOWN[] = {{"all", 3},  {"args", 4}, {"title", 5}, {"as_of", 5}, {"show", 4},
                              {"note", 4}, {"chart", 5}, {"page", 4},  {"send", 4}};
  const char *key = luaL_checkstring(L, 2);
  for (const luaL_Reg *p = PARTS; p->name; p++) {
    if (strcmp(p->name, key) != 0) continue;
    lua_pushcfunction(L, p->func);
    return 1;
  }
  if (strcmp(key, "all") == 0)
    push_scope(L);
  else if (strcmp(key, "args") == 0)
    engine_new(L, CLASS_ARGS, 1, 0);
  else if (strcmp(key, "as_of") == 0)
    value_push_date(L, eval_asof(engine(L)->ev));
  else if (strcmp(key, "title") == 0)
    lua_getiuservalue(L, 1, 1);
  else
    return engine_unknown(L, "part of book:", str_of(key), KNOWN, sizeof KNOWN / sizeof *KNOWN);
  return 1;
}

/* metric "margin": what it is, and its value for one row or all of a set. */
static int metric_of(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_getfield(L, 1, "name");
  Str name;
  name.p = luaL_checklstring(L, -1, &name.n);
  if (engine_is(L, 2, CLASS_ROW)) {
    row_field(L, 2, name);
    return 1;
  }
  Set *s = set_check(L, 2);
  Expr *x = rule_expr(L, s->entity, (Src){.text = name}, WANT_ANY, 0);
  rule_push_known(L, x, s);
  return 1;
}

static int metric(lua_State *L) {
  Engine *h = engine(L);
  const MetricInfo *list;
  size_t n = rules_metric_list(h->rules, &list);
  Str name;
  name.p = luaL_checklstring(L, 1, &name.n);
  for (size_t i = 0; i < n; i++) {
    if (!str_eq(list[i].name, name)) continue;
    const struct {
      const char *key;
      Str text;
    } part[] = {{"name", name}, {"about", list[i].about}, {"rule", list[i].text}, {"unit", str_of(unit_name(list[i].unit))}};
    lua_createtable(L, 0, 5);
    for (size_t k = 0; k < sizeof part / sizeof *part; k++) {
      lua_pushlstring(L, part[k].text.p ? part[k].text.p : "", part[k].text.n);
      lua_setfield(L, -2, part[k].key);
    }
    lua_pushcfunction(L, metric_of);
    lua_setfield(L, -2, "of");
    return 1;
  }
  Str *names = engine_array(L, n + 1, sizeof *names);
  for (size_t i = 0; i < n; i++) names[i] = list[i].name;
  return engine_unknown(L, "metric", name, names, n);
}

void book_open(lua_State *L) {
  static const luaL_Reg BOOK[] = {{"__index", book_index}, {NULL, NULL}};
  static const luaL_Reg ARGS[] = {{"__index", args_index}, {"__newindex", args_fixed}, {NULL, NULL}};
  engine_class(L, CLASS_BOOK, BOOK);
  engine_class(L, CLASS_ARGS, ARGS);
  lua_pushcfunction(L, print);
  sandbox_global(L, "print");
  lua_pushcfunction(L, metric);
  sandbox_global(L, "metric");
  value_push_date(L, eval_asof(engine(L)->ev));
  sandbox_global(L, "as_of");
}

void book_push(lua_State *L, const char *title) {
  engine_new(L, CLASS_BOOK, 1, 1);
  lua_pushstring(L, title);
  lua_setiuservalue(L, -2, 1);
}
