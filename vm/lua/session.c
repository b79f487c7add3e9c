/* Lines typed by a person, and query: the same environment, another way in. */
#include "lua/session.h"

#include "base/lang.h"
#include "base/num.h"
#include "lua/complete.h"
#include "lua/found.h"
#include "lua/meaning.h"
#include "lua/playbook.h"
#include "lua/rule.h"
#include "lua/sandbox.h"
#include "lua/script.h"
#include "lua/session_call.h"
#include "lua/show.h"
#include "lua/value.h"
#include "run/wish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_ROWS = 10 };

typedef struct Past { /* what values still shown may come from */
  Rules *rules;
  Eval *ev;
} Past;

struct Session {
  Engine eng;
  Rules *rules;
  const FeelHost *host; /* the database as `rules` know it */
  Past *past;
  size_t npast, cappast;
  Playbook **book;      /* rulebooks whose names `rules`, or those of the past, know */
  size_t nbook, capbook;
  bool booked;          /* they are asked for: a word was met that only they may know */
  Report report;
  Calls calls;          /* of the floor above */
  SessionKind kind; /* of the last line */
  UiFormat format;
  UiStyle style;    /* env is set where it is used: fields may come and go */
  int line;         /* of the line that runs: _7 */
};

typedef struct Typed { /* one line on its way through the protected call */
  Session *s;
  Str text;
  bool more;
  Report *query_out;
  const char *entity, *columns, *sort;
  Arena *arena;
  SessionOffer *offer;
} Typed;

/* _7 is a global of its own; an unknown name that is none falls through to the entities. */
static void keep_result(lua_State *L, int line, int index) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
  int globals = lua_gettop(L);
  char name[32];
  snprintf(name, sizeof name, "_%d", line);
  lua_pushvalue(L, index);
  lua_pushvalue(L, -1);
  lua_pushstring(L, name);
  lua_insert(L, -2);
  lua_rawset(L, globals);
  lua_pushliteral(L, "_");
  lua_insert(L, -2);
  lua_rawset(L, globals);
  lua_pop(L, 1);
}

/* --- rules ---------------------------------------------------------------------- */

/* Is v a number that a person takes in digit by digit? A third has no end. */
static bool exact(Val v) {
  enum { DECIMALS = 18 };
  if (v.t != V_BIG) return v.t == V_NUM;
  Arena a = {0};
  bool ends = num_cmp(v, num_round(v, DECIMALS, NUM_HALF_UP, &a)) == 0;
  arena_free(&a);
  return ends;
}

static bool is_rows(const Expr *x) {
  Type t = expr_type(x);
  return t.kind == T_ROWS || (t.kind == T_LIST && t.of && t.of->kind == T_ROW && t.of->entity && expr_varies(x));
}

static int by_value(const void *x, const void *y) {
  int64_t i = *(const int64_t *)x, j = *(const int64_t *)y;
  return (i > j) - (i < j);
}

/* "= orders[revenue > 100]": the rows themselves, of all accounts, as a set. */
static void show_rows_rule(lua_State *L, Typed *t, const Expr *x) {
  set_push_all(L, rules_entity(engine(L)->rules));
  const Set *all = lua_touserdata(L, -1);
  Val *v = rule_eval(L, x, all->id, all->n);
  size_t n = 0;
  for (size_t i = 0; i < all->n; i++) n += v[i].t == V_LIST ? v[i].n : 0;
  Set *out = set_new(L, expr_type(x).of->entity, n);
  out->n = 0;
  for (size_t i = 0; i < all->n; i++)
    for (uint32_t k = 0; v[i].t == V_LIST && k < v[i].n; k++)
      if (v[i].u.v[k].t == V_ROW) out->id[out->n++] = v[i].u.v[k].u.i;
  qsort(out->id, out->n, sizeof *out->id, by_value);
  n = out->n;
  out->n = 0;
  for (size_t i = 0; i < n; i++) /* a row that hangs on several accounts is one row */
    if (!i || out->id[i] != out->id[out->n - 1]) out->id[out->n++] = out->id[i];
  keep_result(L, t->s->line, lua_gettop(L));
  show_value(L, -1, (Str){0}, 0, 0);
}

/* A rule that is no condition: its value for every row that has one, or alone when it names none. */
static void show_value_rule(lua_State *L, Typed *t, Expr *x) {
  Engine *h = engine(L);
  if (is_rows(x)) {
    show_rows_rule(L, t, x);
    return;
  }
  if (!expr_varies(x)) {
    Buf *b = engine_buf(L);
    Val v = rule_eval_alone(L, x);
    value_push(L, v, expr_type(x));
    keep_result(L, t->s->line, lua_gettop(L));
    if (engine_is(L, -1, CLASS_SET)) {
      show_value(L, -1, (Str){0}, 0, 0);
      return;
    }
    FmtEnv env = store_host(h->store)->fmt;
    env.null = _("unknown");
    env.cell = false;
    if (expr_type(x).unit == UNIT_NONE && exact(v))
      num_print(v, b);
    else if (expr_type(x).unit == UNIT_NONE || v.t == V_WINDOW)
      show_plain(L, -1, b);
    else
      fmt_val(v, expr_type(x).unit, FMT_NONE, &env, b);
    report_note(show_report(L), v.t == V_NULL ? str_of(_("unknown")) : buf_view(b));
    return;
  }
  set_push_all(L, rules_entity(h->rules));
  lua_pushlstring(L, t->text.p, t->text.n);
  lua_setiuservalue(L, -2, SET_SHOWN);
  keep_result(L, t->s->line, lua_gettop(L));
  Src columns = {.line = 1, .col = 1};
  lua_pushfstring(L, "code, name, %s", lua_pushlstring(L, t->text.p, t->text.n));
  columns.text.p = lua_tolstring(L, -1, &columns.text.n);
  show_set(L, -3, (Str){0}, columns, 0, true);
}

/* "= rule": a condition gives the set of accounts, anything else its values. */
static int rule_line(lua_State *L) {
  Typed *t = engine_ctx(L);
  Engine *h = engine(L);
  eval_population(h->ev, NULL, 0);
  Src src = {.text = t->text, .line = 1, .col = 1};
  Expr *x = rule_expr(L, rules_entity(h->rules), src, WANT_ANY, 0);
  t->s->kind = expr_type(x).kind == T_BOOL && expr_varies(x) ? SAID_CONDITION : SAID_FIGURE;
  if (t->s->kind == SAID_FIGURE) {
    show_value_rule(L, t, x);
    return 0;
  }
  set_push_all(L, rules_entity(h->rules));
  lua_getfield(L, -1, "where");
  lua_insert(L, -2);
  lua_pushlstring(L, t->text.p, t->text.n);
  lua_call(L, 2, 1);
  keep_result(L, t->s->line, lua_gettop(L));
  show_value(L, -1, (Str){0}, 0, 0);
  return 0;
}

/* --- Lua -------------------------------------------------------------------------- */

static bool unfinished(const char *message) {
  static const char EOF_MARK[] = "<eof>";
  size_t n = strlen(message), k = sizeof EOF_MARK - 1;
  return n >= k && strcmp(message + n - k, EOF_MARK) == 0;
}

/* Compiles an expression list ("return …") or a chunk; the function on the stack. False: more is wanted. */
static bool compile(lua_State *L, Typed *t) {
  Engine *h = engine(L);
  const char *chunk = lua_pushfstring(L, "=line %d", t->s->line);
  lua_pushliteral(L, "return ");
  lua_pushlstring(L, t->text.p, t->text.n);
  lua_concat(L, 2);
  size_t n;
  const char *p = lua_tolstring(L, -1, &n);
  int status = luaL_loadbufferx(L, p, n, chunk, "t");
  bool more = status == LUA_ERRSYNTAX && unfinished(lua_tostring(L, -1));
  if (status == LUA_ERRSYNTAX) {
    lua_pop(L, 2);
    status = luaL_loadbufferx(L, t->text.p, t->text.n, chunk, "t");
    more = status == LUA_ERRSYNTAX && (more || unfinished(lua_tostring(L, -1)));
  }
  if (more) {
    t->more = true;
    return false;
  }
  snprintf(h->short_src, sizeof h->short_src, "line %d", t->s->line);
  if (status != LUA_OK) lua_error(L);
  return true;
}

/* Several values of one line stand side by side; a set, a row, a table below each other. */
static void show_results(lua_State *L, const Session *s, int first, int last) {
  Buf *b = engine_buf(L);
  for (int i = first; i <= last; i++) {
    if (engine_is(L, i, CLASS_FOUND)) {
      found_show(L, i, s->format == UI_TABLE);
      continue;
    }
    bool part = engine_is(L, i, CLASS_SET) || (first == last && engine_is(L, i, CLASS_ROW)) ||
                engine_is(L, i, CLASS_FIGURES) || engine_is(L, i, CLASS_CHART);
    if (part) {
      show_value(L, i, (Str){0}, 0, 0);
      continue;
    }
    if (b->n) buf_puts(b, "   ");
    show_plain(L, i, b);
  }
  if (b->n) report_note(show_report(L), buf_view(b));
}

/* x:show(…) has shown already and gives back what it showed. */
static bool shows_itself(lua_State *L, int index) {
  return engine_is(L, index, CLASS_SET) || engine_is(L, index, CLASS_FIGURES) || engine_is(L, index, CLASS_FOUND);
}

static int pack(lua_State *L) {
  int n = lua_gettop(L);
  lua_createtable(L, n, 1);
  lua_insert(L, 1);
  for (int i = n; i >= 1; i--) lua_rawseti(L, 1, i);
  lua_pushinteger(L, n);
  lua_setfield(L, 1, "n");
  return 1;
}

static int call_packed(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_callk(L, 0, LUA_MULTRET, 0, NULL);
  return pack(L);
}

/* "local x = 3": gone with its line, which surprises once. */
static void local_hint(lua_State *L, Str text) {
  Str rest, word = str_split(text, ' ', &rest);
  if (!engine(L)->hint || !str_is(word, "local")) return;
  rest = str_trim(rest);
  if (str_starts(rest, "function ")) rest = str_trim(str_sub(rest, strlen("function "), rest.n));
  size_t n = strcspn(rest.p, " =,<(\n");
  Buf *b = engine_buf(L);
  buf_say(b, "%.*s is local to this entry and gone after it; without `local` it stays", (int)n, rest.p);
  report_note(show_report(L), buf_view(b));
  lua_pop(L, 1);
}

static int lua_line(lua_State *L) {
  Typed *t = engine_ctx(L);
  eval_population(engine(L)->ev, NULL, 0);
  if (!compile(L, t)) return 0;
  lua_pushcclosure(L, call_packed, 1);
  limit_call(L, 0);
  int packed = lua_gettop(L);
  lua_getfield(L, packed, "n");
  int n = (int)lua_tointeger(L, -1);
  luaL_checkstack(L, n + 10, "too many values on one line");
  for (int i = 1; i <= n; i++) lua_rawgeti(L, packed, i);
  int first = packed + 2;
  if (n > 0) keep_result(L, t->s->line, first);
  local_hint(L, t->text);
  bool quiet = n == 0 || (n == 1 && lua_isnil(L, first)) || run_wished(engine(L)->run); /* the plan shows these */
  t->s->kind = quiet ? SAID_LUA : SAID_VALUE;
  bool shown = n == 1 && t->s->report.n > 0 && shows_itself(L, first);
  if (!quiet && !shown) show_results(L, t->s, first, first + n - 1);
  return 0;
}

/* --- the session ------------------------------------------------------------------- */

/* The rulebook of this name, checked; NULL when there is none that this database can take. */
static Playbook *rulebook(Session *s, const char *name) {
  Buf path = {0};
  Playbook *p = NULL;
  Err ignored = {0};
  bool ok = playbook_find(name, &path, &ignored) && playbook_load(path.p, &p, &ignored) &&
            playbook_kind(p) == RULEBOOK && playbook_check(p, s->eng.store, &ignored);
  buf_free(&path);
  err_free(&ignored);
  if (ok) return p;
  playbook_free(p);
  return NULL;
}

/* What the company's rulebooks define is known wherever one asks: setting session.uses, "kam, pricing" unless it says other. */
static void use_books(Session *s, Rules *rules) {
  const char *uses = store_setting(s->eng.store, "session.uses");
  Arena a = {0};
  for (Str rest = str_of(uses ? uses : "kam, pricing"); rest.p;) {
    Str name = str_trim(str_split(rest, ',', &rest));
    Playbook *p = name.n ? rulebook(s, arena_strndup(&a, name.p, name.n)) : NULL;
    Err ignored = {0};
    if (!p) continue;
    mem_grow(s->book, s->capbook, s->nbook + 1);
    s->book[s->nbook++] = p;
    rules_use(rules, playbook_rules(p), &ignored);
    err_free(&ignored);
  }
  arena_free(&a);
}

/* Names, and what is worked out from them, of the database as it is now. */
static bool know(Session *s, Err *e) {
  const FeelHost *host = store_host_later(s->eng.store);
  Rules *rules = rules_new(host, DIALECT_RULES, "session", "account");
  if (s->booked) use_books(s, rules);
  if (!rules_check(rules, e)) {
    rules_free(rules);
    return false;
  }
  if (s->rules) {
    mem_grow(s->past, s->cappast, s->npast + 1);
    s->past[s->npast++] = (Past){s->rules, s->eng.ev};
  }
  s->host = host;
  s->rules = s->eng.rules = rules;
  s->eng.ev = eval_new(rules, run_spec(s->eng.run)->asof);
  return true;
}

static int forget(lua_State *L) {
  rule_open(L);
  engine(L)->generation++;
  return 0;
}

bool session_again(Session *s, Err *e) {
  Store *store = s->eng.store;
  store_end_read(store);
  if (!store_begin_read(store, e)) return false;
  if (store_host(store) == s->host) return true;
  return know(s, e) && engine_do(&s->eng, forget, NULL, e);
}

static bool know_books(Session *s, Err *e) {
  s->booked = true;
  return know(s, e) && engine_do(&s->eng, forget, NULL, e);
}

bool session_meaning(Session *s, Str word, Buf *out) {
  Err ignored = {0};
  bool found = false;
  if (!s->booked && !know_books(s, &ignored)) err_free(&ignored);
  for (size_t i = 0; i < s->nbook && !found; i++) found = meaning_of(playbook_rules(s->book[i]), word, out);
  return found || meaning_figure(s->rules, word, out);
}

/* Rulebooks take longer to read than most questions to answer: they are read when a rule names what nobody knows. */
static bool ask(Session *s, int (*how)(lua_State *L), Typed *t, Err *e) {
  static const char UNKNOWN[] = "unknown name";
  if (engine_do(&s->eng, how, t, e)) return true;
  if (s->booked || !e->what || strncmp(e->what, UNKNOWN, sizeof UNKNOWN - 1) != 0) return false;
  err_free(e);
  return know_books(s, e) && engine_do(&s->eng, how, t, e);
}

Session *session_new(Run *r, Err *e) {
  Session *s = mem_zalloc(1, sizeof *s);
  s->eng = (Engine){.prompt = true, .run = r, .store = run_store(r), .report = &s->report, .seed = run_spec(r)->seed};
  if (!know(s, e)) goto fail;
  s->style.max_rows = SHOWN_ROWS;
  if (!script_open(&s->eng, e)) goto fail;
  return s;
fail:
  session_free(s);
  return NULL;
}

void session_dated(Session *s) { s->eng.dated = true; }
void session_typed(Session *s) { s->eng.hint = true; }
void session_safe(Session *s) { s->eng.safe = true; }

SessionKind session_kind(const Session *s, int *line) {
  *line = s->line;
  return s->kind;
}

typedef struct Adding {
  const char *const *name;
  const Calls *calls;
} Adding;

static int add_commands(lua_State *L) {
  const Adding *x = engine_ctx(L);
  calls_open(L, x->name, x->calls);
  return 0;
}

void session_commands(Session *s, const char *const *name, SessionCommand fn, void *ctx) {
  Err ignored = {0};
  s->calls = (Calls){fn, ctx};
  engine_do(&s->eng, add_commands, &(Adding){name, &s->calls}, &ignored);
  err_free(&ignored);
}

void session_style(Session *s, UiFormat format, const UiStyle *style) {
  s->format = format;
  s->style = *style;
  s->eng.width = style->width;
}

void session_free(Session *s) {
  if (!s) return;
  engine_close(&s->eng);
  for (size_t i = s->npast; i-- > 0;) {
    eval_free(s->past[i].ev);
    rules_free(s->past[i].rules);
  }
  mem_free(s->past);
  eval_free(s->eng.ev);
  rules_free(s->rules);
  for (size_t i = 0; i < s->nbook; i++) playbook_free(s->book[i]);
  mem_free(s->book);
  report_free(&s->report);
  mem_free(s);
}

static void print_report(Session *s, Buf *out) {
  if (s->eng.said.n) report_note(&s->report, buf_view(&s->eng.said));
  buf_clear(&s->eng.said);
  bool plain = true; /* notes are text already: for them no database is opened */
  for (size_t i = 0; i < s->report.n; i++) plain &= s->report.item[i].kind == ITEM_NOTE;
  FmtEnv env = {.minor = 2};
  if (!plain) env = store_host(s->eng.store)->fmt;
  UiStyle style = s->style;
  if (style.env) env.money = style.env->money;
  style.env = &env;
  report_print(&s->report, s->format, &style, out);
  report_free(&s->report);
}

/* --- what is typed, before it runs --------------------------------------------------- */

static bool is_rule(Str text) { return text.n && text.p[0] == '='; }

static int whole(lua_State *L) {
  Typed *t = engine_ctx(L);
  Str name = STR("=typed");
  for (int as_value = 1; as_value >= 0 && !t->more; as_value--) {
    lua_pushstring(L, as_value ? "return " : "");
    lua_pushlstring(L, t->text.p, t->text.n);
    lua_concat(L, 2);
    size_t n;
    const char *p = lua_tolstring(L, -1, &n);
    int status = luaL_loadbufferx(L, p, n, name.p, "t");
    if (status == LUA_OK) return 0;
    t->more = status == LUA_ERRSYNTAX && unfinished(lua_tostring(L, -1));
    lua_pop(L, 2);
  }
  return 0;
}

bool session_whole(Session *s, const char *text) {
  Typed t = {.s = s, .text = str_trim(str_of(text))};
  if (!t.text.n || is_rule(t.text)) return true;
  Err ignored = {0};
  engine_do(&s->eng, whole, &t, &ignored);
  err_free(&ignored);
  return !t.more;
}

static int offer(lua_State *L) {
  Typed *t = engine_ctx(L);
  complete_offer(L, t->text, t->arena, t->offer);
  return 0;
}

void session_offer(Session *s, Str text, Arena *a, SessionOffer *out) {
  Typed t = {.s = s, .text = text, .arena = a, .offer = out};
  Err ignored = {0};
  *out = (SessionOffer){.from = text.n};
  if (!engine_do(&s->eng, offer, &t, &ignored)) *out = (SessionOffer){.from = text.n};
  err_free(&ignored);
}

bool session_line(Session *s, const char *text, bool *more, Buf *out, Err *e) {
  Typed t = {.s = s, .text = str_trim(str_of(text))};
  bool rule = is_rule(t.text);
  *more = false;
  if (!t.text.n) return true;
  s->line++;
  if (rule) t.text = str_trim(str_sub(t.text, 1, t.text.n));
  bool quotes = !rule && strcspn(text, "\"'[") < strlen(text); /* Lua that may hold a rule, and cannot be run twice */
  bool ok = (!quotes || s->booked || know_books(s, e)) && (rule ? ask(s, rule_line, &t, e) : engine_do(&s->eng, lua_line, &t, e));
  if (t.more) {
    s->line--;
    *more = true;
  }
  print_report(s, out); /* what was shown before a mistake was shown */
  return ok;
}

/* --- query --------------------------------------------------------------------------- */

static int run_query(lua_State *L) {
  Typed *t = engine_ctx(L);
  Engine *h = engine(L);
  const CatEntity *ent = catalog_entity(str_of(t->entity));
  if (!ent) {
    size_t n = 0;
    while (catalog_at(n)) n++;
    Str *name = engine_array(L, n, sizeof *name);
    for (size_t i = 0; i < n; i++) name[i] = str_of(catalog_at(i)->name);
    return engine_unknown(L, "entity", str_of(t->entity), name, n);
  }
  set_push_all(L, ent->number);
  lua_getfield(L, -1, "where");
  lua_insert(L, -2);
  lua_pushlstring(L, t->text.p, t->text.n);
  lua_call(L, 2, 1);
  if (t->sort) {
    lua_getfield(L, -1, "sort");
    lua_insert(L, -2);
    lua_pushstring(L, t->sort);
    lua_call(L, 2, 1);
  }
  Src columns = {.text = str_of(t->columns), .line = 1, .col = 1};
  Report *own = h->report;
  h->report = t->query_out;
  show_set(L, -1, (Str){0}, columns, 0, true);
  h->report = own;
  return 0;
}

bool session_query(Session *s, const char *entity, const char *rule, const char *columns, const char *sort,
                   Report *out, Err *e) {
  Typed t = {.s = s, .text = str_trim(str_of(rule)), .query_out = out, .entity = entity, .columns = columns, .sort = sort};
  bool ok = ask(s, run_query, &t, e);
  s->eng.report = &s->report;
  return ok;
}
