#include "lua/complete.h"

#include "lua/found.h"
#include "lua/playbook.h"
#include "lua/rule.h"
#include "lua/sandbox.h"
#include "lua/set.h"
#include "store/catalog.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { OFFERED_MOST = 2000 };

/* --- words ----------------------------------------------------------------------------- */

void offering_add(Offering *o, Str word) {
  if (o->n == OFFERED_MOST || word.n < o->typed.n || strncasecmp(word.p, o->typed.p ? o->typed.p : "", o->typed.n) != 0) return;
  if (o->n == o->cap) {
    size_t cap = o->cap ? o->cap * 2 : 64;
    Str *more = arena_alloc(o->arena, cap * sizeof *more);
    if (o->n) memcpy(more, o->word, o->n * sizeof *more);
    o->word = more;
    o->cap = cap;
  }
  o->word[o->n++] = (Str){arena_strndup(o->arena, word.p, word.n), word.n};
}

static int by_bytes(const void *x, const void *y) { return str_cmp(*(const Str *)x, *(const Str *)y); }

void offering_done(Offering *o, SessionOffer *out) {
  size_t n = 0;
  if (o->n) qsort(o->word, o->n, sizeof *o->word, by_bytes);
  for (size_t i = 0; i < o->n; i++)
    if (!n || !str_eq(o->word[i], o->word[n - 1])) o->word[n++] = o->word[i];
  out->word = o->word;
  out->n = n;
}

/* Where the name that ends at `end` begins. */
static size_t name_start(Str s, size_t end) {
  while (end > 0 && str_name_byte(s.p[end - 1])) end--;
  return end;
}

static size_t blanks_back(Str s, size_t end) {
  while (end > 0 && (s.p[end - 1] == ' ' || s.p[end - 1] == '\n' || s.p[end - 1] == '\t')) end--;
  return end;
}

/* --- where the cursor is -------------------------------------------------------------- */

typedef struct Place {
  bool text;      /* within a string, which begins behind `open` */
  bool comment;
  char quote;
  size_t open;
} Place;

/* A Lua text up to the cursor. */
static Place place_of(Str s) {
  Place p = {0};
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i], next = i + 1 < s.n ? s.p[i + 1] : 0;
    if (p.comment) {
      p.comment = c != '\n';
    } else if (p.text) {
      if (p.quote == ']') {
        if (c == ']' && next == ']') p.text = false, i++;
      } else if (c == '\\') {
        i++;
      } else if (c == p.quote || c == '\n') {
        p.text = false;
      }
    } else if (c == '-' && next == '-') {
      p.comment = true;
    } else if (c == '"' || c == '\'') {
      p = (Place){.text = true, .quote = c, .open = i + 1};
    } else if (c == '[' && next == '[') {
      p = (Place){.text = true, .quote = ']', .open = i + 2};
      i++;
    }
  }
  return p;
}

/* The call whose argument begins at `at`: NAME "…", x:verb("…", "…"). */
typedef struct Call {
  Str name;
  bool method;
  int arg;         /* 0 is the first */
  size_t receiver; /* a method: where the text of what it is called on ends */
} Call;

/* The opening bracket that is not closed before `end`, commas on the way counted; SIZE_MAX = none. */
static size_t open_bracket(Str s, size_t end, int *commas) {
  int depth = 0;
  *commas = 0;
  for (size_t i = end; i-- > 0;) {
    char c = s.p[i];
    if (c == '"' || c == '\'') {
      while (i > 0 && s.p[i - 1] != c) i--;
      if (i == 0) return SIZE_MAX;
      i--;
    } else if (c == ')' || c == '}') {
      depth++;
    } else if (c == '(' || c == '{') {
      if (depth == 0) return c == '(' ? i : SIZE_MAX;
      depth--;
    } else if (c == ',' && depth == 0) {
      ++*commas;
    }
  }
  return SIZE_MAX;
}

static Call call_at(Str s, size_t at) {
  Call call = {0};
  size_t end = blanks_back(s, at);
  if (end > 0 && (s.p[end - 1] == '(' || s.p[end - 1] == ',')) {
    size_t open = open_bracket(s, end - (s.p[end - 1] == '('), &call.arg);
    if (s.p[end - 1] == '(') open = end - 1, call.arg = 0;
    if (open == SIZE_MAX) return call;
    end = blanks_back(s, open);
  }
  size_t start = name_start(s, end);
  call.name = str_sub(s, start, end);
  call.method = start > 0 && s.p[start - 1] == ':';
  call.receiver = call.method ? start - 1 : 0;
  return call;
}

/* --- what a name stands for ----------------------------------------------------------- */

/* The user's own globals alone: nothing of his is called. Pushes the value, nil for none. */
static void push_own(lua_State *L, Str name) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
  lua_pushlstring(L, name.p, name.n);
  lua_rawget(L, -2);
  lua_remove(L, -2);
}

typedef struct Thing {
  int entity;   /* of its rows; 0 = no rows */
  bool row;     /* one of them */
  const Lent *lent;         /* names its rules may use beside the fields, or NULL */
  const FoundRows *changed; /* the same of an answer's rows */
} Thing;

static Thing thing_named(lua_State *L, Str name) {
  Thing t = {0};
  const CatEntity *ent = catalog_entity(name);
  int top = lua_gettop(L);
  if (ent) return (Thing){.entity = ent->number, .row = !str_is(name, ent->plural)};
  push_own(L, name);
  const Set *s = engine_is(L, -1, CLASS_SET);
  const Row *r = engine_is(L, -1, CLASS_ROW);
  if (s) t.entity = s->entity;
  if (r) t = (Thing){.entity = r->entity, .row = true};
  if (s && lua_getiuservalue(L, -1, SET_NEAR) == LUA_TUSERDATA) t.lent = lua_touserdata(L, -1);
  lua_settop(L, top);
  return t;
}

/* whatif(…):changed() by the name of the answer: the rows of its first output. */
static Thing thing_changed(lua_State *L, Str name) {
  Thing t = {0};
  push_own(L, name);
  const Found *f = found_at(L, -1);
  if (f && f->nrows) t = (Thing){.entity = catalog_entity(str_of(f->rows->entity))->number, .changed = f->rows};
  lua_pop(L, 1);
  return t;
}

/* What the expression that ends at `end` gives, told by the name it begins with: accounts "…":where "…" are accounts. */
static Thing thing_before(lua_State *L, Str s, size_t end) {
  size_t i = end;
  Thing found = {0};
  Str verb = {0}; /* the name behind the one at hand */
  while (i > 0) {
    char c = s.p[i - 1];
    if (c == ')') {
      int commas;
      size_t open = open_bracket(s, i - 1, &commas);
      if (open == SIZE_MAX) break;
      i = open;
    } else if (c == '"' || c == '\'') {
      for (i--; i > 0 && s.p[i - 1] != c; i--) {}
      if (i > 0) i--;
    } else if (str_name_byte(c)) {
      size_t start = name_start(s, i);
      Str name = str_sub(s, start, i);
      Thing t = str_is(verb, "changed") ? thing_changed(L, name) : thing_named(L, name);
      if (t.entity) found = t;
      verb = name;
      i = start;
    } else if (c == ':' || c == '.' || c == ' ') {
      i--;
    } else {
      break;
    }
  }
  return found;
}

/* --- lists -------------------------------------------------------------------------------- */

static int account(void) { return catalog_entity(STR("account"))->number; }

typedef struct Names { /* rows found by name: told apart by it when there are several */
  Offering *code, name;
} Names;

static bool take_named(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  Names *n = ctx;
  (void)ncol, (void)name, (void)e;
  if (val[0].t != V_TEXT || val[1].t != V_TEXT) return true;
  Str typed = n->code->typed;
  n->code->typed = (Str){0};
  offering_add(n->code, val_str(val[0]));
  n->code->typed = typed;
  offering_add(&n->name, val_str(val[1]));
  return true;
}

static bool take_key(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  Offering *o = ctx;
  (void)ncol, (void)name, (void)e;
  if (val[0].t == V_TEXT && o->n < OFFERED_MOST) {
    Str typed = o->typed;
    o->typed = (Str){0}; /* found by name, offered by code */
    offering_add(o, val_str(val[0]));
    o->typed = typed;
  }
  return true;
}

static bool may_name(const Engine *h, int entity, Str field) {
  const FeelHost *f = store_host(h->store);
  const HostField *have = f->field(f->ctx, entity, field);
  return have && (!have->personal || (f->granted && f->granted(f->ctx, entity, have)));
}

/* Codes that begin so; when there is none, the names that do, and of the only one its code. */
static void codes(lua_State *L, int entity, Offering *o) {
  Engine *h = engine(L);
  const CatEntity *ent = catalog_at((size_t)entity - 1);
  const CatColumn *key = catalog_key(ent);
  if (!key || !may_name(h, entity, str_of(key->name))) return;
  Arena *a = engine_arena(L);
  Err ignored = {0};
  Val typed = val_text(o->typed);
  const char *sql = o->typed.n ? "SELECT \"%s\" FROM \"%s\" WHERE \"%s\" >= ?1 AND \"%s\" < ?1 || char(1114111) ORDER BY 1 LIMIT %d"
                               : "SELECT \"%s\" FROM \"%s\" WHERE \"%s\" IS NOT ?1 AND \"%s\" IS NOT NULL ORDER BY 1 LIMIT %d";
  store_query(h->store, arena_printf(a, sql, key->name, ent->table, key->name, key->name, OFFERED_MOST), &typed, 1, take_key, o,
              &ignored);
  err_free(&ignored);
  if (o->n || !o->typed.n || !catalog_column(ent, STR("name")) || !may_name(h, entity, STR("name"))) return;
  Names names = {.code = o, .name = {.arena = o->arena, .typed = o->typed}};
  store_query(h->store,
              arena_printf(a, "SELECT \"%s\", name FROM \"%s\" WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name LIMIT %d", key->name,
                           ent->table, OFFERED_MOST),
              &typed, 1, take_named, &names, &ignored);
  err_free(&ignored);
  if (o->n > 1) *o = names.name;
}

static void segments(lua_State *L, Offering *o) {
  Err ignored = {0};
  store_query(engine(L)->store, "SELECT name FROM segment ORDER BY name", NULL, 0, take_key, o, &ignored);
  err_free(&ignored);
}

static void playbooks(lua_State *L, Offering *o) {
  Arena *a = engine_arena(L);
  char **path;
  size_t n;
  Err ignored = {0};
  if (playbook_paths(a, &path, &n, &ignored))
    for (size_t i = 0; i < n; i++) {
      const char *slash = strrchr(path[i], '/');
      Str base = str_of(slash ? slash + 1 : path[i]);
      if (base.n > 4) offering_add(o, str_sub(base, 0, base.n - 4));
    }
  err_free(&ignored);
}

static void entities(Offering *o) {
  const CatEntity *ent;
  for (size_t i = 0; (ent = catalog_at(i)); i++) {
    offering_add(o, str_of(ent->name));
    offering_add(o, str_of(ent->plural));
  }
}

static void table_keys(lua_State *L, int index, Offering *o) {
  index = lua_absindex(L, index);
  for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
    size_t n;
    if (lua_type(L, -2) != LUA_TSTRING) continue;
    const char *p = lua_tolstring(L, -2, &n);
    offering_add(o, (Str){p, n});
  }
}

static void globals(lua_State *L, Offering *o) {
  static const char *const KEYWORD[] = {"and", "break", "do", "else", "elseif", "end", "false", "for", "function", "if", "in",
                                        "local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while"};
  const Str *name;
  size_t n = sandbox_names(L, &name);
  for (size_t i = 0; i < n; i++) offering_add(o, name[i]);
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
  table_keys(L, -1, o);
  lua_pop(L, 1);
  for (size_t i = 0; i < sizeof KEYWORD / sizeof *KEYWORD; i++) offering_add(o, str_of(KEYWORD[i]));
}

/* --- the whole ------------------------------------------------------------------------------- */

/* Verbs whose argument of that place is a rule or columns (r), a field (f), a segment (s), a playbook (p), a file (x),
 * somebody of the staff (w). */
static const struct {
  const char *name, *arg;
} VERB[] = {
  {"where", "r"}, {"sort", "r"}, {"top", "-r"}, {"show", "r"}, {"sum", "r"}, {"mean", "r"}, {"min", "r"}, {"max", "r"},
  {"median", "r"}, {"values", "r"}, {"group", "rr"}, {"matrix", "rrr"}, {"migration", "f"}, {"chart", "kr"}, {"export", "xr"},
  {"assign", "fr"}, {"put", "f"}, {"why", "f"}, {"whynot", "f"}, {"history", "f"}, {"say", "r"}, {"nearly", "r"},
  {"restore", "f"}, {"decide", "r"}, {"first", "r"}, {"rows", "f"},
  {"tree", "r"},
};
static const struct {
  const char *name, *arg;
} GLOBAL[] = {
  {"segment", "s"}, {"whatif", "p"}, {"backtest", "p"}, {"plan", "p"}, {"run", "p"}, {"query", "r"}, {"week", "w"},
};

static char wanted(Call call) {
  const char *arg = NULL;
  for (size_t i = 0; call.method && i < sizeof VERB / sizeof *VERB; i++)
    if (str_is(call.name, VERB[i].name)) arg = VERB[i].arg;
  for (size_t i = 0; !call.method && i < sizeof GLOBAL / sizeof *GLOBAL; i++)
    if (str_is(call.name, GLOBAL[i].name)) arg = GLOBAL[i].arg;
  return arg && (size_t)call.arg < strlen(arg) ? arg[call.arg] : 0;
}

/* Beside the fields that a rule may name at its end, unless it follows a path there, what its set lends. */
static void lent_too(Thing on, Str s, Arena *a, SessionOffer *out) {
  if (out->from > 0 && s.p[out->from - 1] == '.') return;
  Offering o = {.arena = a, .typed = str_sub(s, out->from, s.n)};
  for (size_t i = 0; i < out->n; i++) offering_add(&o, out->word[i]);
  for (size_t i = 0; on.lent && i < on.lent->n; i++) offering_add(&o, on.lent->name[i].name);
  for (size_t i = 0; on.changed && i < on.changed->ncol; i++) offering_add(&o, on.changed->col[i].name);
  offering_done(&o, out);
}

static void in_text(lua_State *L, Str s, Place p, Arena *a, SessionOffer *out) {
  static const char *const CHART[] = {"pareto", "lorenz", "histogram"};
  size_t quotes = p.quote == ']' ? 2 : 1;
  Call call = call_at(s, p.open - quotes);
  Offering o = {.arena = a, .typed = str_sub(s, p.open, s.n)};
  const CatEntity *ent = call.method ? NULL : catalog_entity(call.name);
  Thing on = call.method ? thing_before(L, s, call.receiver) : (Thing){0};
  int entity = on.entity ? on.entity : account();
  char want = wanted(call);
  out->from = p.open;
  out->close = p.quote == ']' ? 0 : p.quote;
  if (ent && str_is(call.name, ent->plural)) entity = ent->number, want = 'r';
  else if (ent) entity = ent->number, want = 'c';
  switch (want) {
  case 'r':
    out->close = 0;
    complete_rule(L, entity, s, p.open, a, out);
    if (out->close == 0) lent_too(on, s, a, out);
    return;
  case 'f': {
    const FeelHost *f = store_host(engine(L)->store);
    const HostField *const *list;
    size_t n = f->fields(f->ctx, entity, &list);
    for (size_t i = 0; i < n; i++)
      if (may_name(engine(L), entity, list[i]->name)) offering_add(&o, list[i]->name);
    break;
  }
  case 'c': codes(L, entity, &o); break;
  case 'w': codes(L, catalog_entity(STR("staff"))->number, &o); break;
  case 's': segments(L, &o); break;
  case 'p': playbooks(L, &o); break;
  case 'k':
    for (size_t i = 0; i < sizeof CHART / sizeof *CHART; i++) offering_add(&o, str_of(CHART[i]));
    break;
  case 'x': out->files = true; return;
  default: return;
  }
  offering_done(&o, out);
  if (want == 'f') lent_too(on, s, a, out);
}

/* Behind x: the verbs, behind x. the fields of a row or the entries of a table, else any name. */
static void in_code(lua_State *L, Str s, Arena *a, SessionOffer *out) {
  size_t start = name_start(s, s.n);
  Offering o = {.arena = a, .typed = str_sub(s, start, s.n)};
  char before = start > 0 ? s.p[start - 1] : 0;
  out->from = start;
  if (before == ':' || before == '.') {
    size_t from = name_start(s, start - 1);
    Str name = str_sub(s, from, start - 1);
    Thing t = thing_before(L, s, start - 1);
    push_own(L, name);
    if (lua_isnil(L, -1) && name.n && before == '.') {
      const Str *known;
      size_t n = sandbox_names(L, &known);
      for (size_t i = 0; i < n; i++)
        if (str_eq(known[i], name) && !catalog_entity(name)) {
          lua_getglobal(L, known[i].p);
          lua_remove(L, -2);
          break;
        }
    }
    if (t.entity && before == ':') {
      set_methods(L);
      table_keys(L, -1, &o);
      row_methods(L);
      if (t.row) table_keys(L, -1, &o);
    } else if (t.entity) {
      complete_rule(L, t.entity, s, start, a, out);
      return;
    } else if (engine_is(L, -1, CLASS_FOUND)) {
      found_parts(L, -1, &o);
    } else if (lua_istable(L, -1)) {
      if (lua_getmetatable(L, -1)) {
        lua_getfield(L, -1, "__index");
        if (lua_istable(L, -1)) table_keys(L, -1, &o);
        lua_pop(L, 2);
      }
      table_keys(L, -1, &o);
    }
  } else {
    globals(L, &o);
  }
  offering_done(&o, out);
}

/* ?name: all that can be explained. */
static void in_question(lua_State *L, Str s, Arena *a, SessionOffer *out) {
  size_t start = name_start(s, s.n);
  complete_rule(L, account(), s, start, a, out);
  Offering o = {.arena = a, .typed = str_sub(s, start, s.n)};
  for (size_t i = 0; i < out->n; i++) offering_add(&o, out->word[i]);
  entities(&o);
  playbooks(L, &o);
  set_methods(L);
  table_keys(L, -1, &o);
  out->from = start;
  offering_done(&o, out);
}

void complete_offer(lua_State *L, Str text, Arena *a, SessionOffer *out) {
  size_t lead = 0;
  luaL_checkstack(L, 64, NULL);
  while (lead < text.n && text.p[lead] == ' ') lead++;
  if (lead < text.n && text.p[lead] == '=') {
    complete_rule(L, account(), text, lead + 1, a, out);
    return;
  }
  if (lead < text.n && text.p[lead] == '?') {
    in_question(L, text, a, out);
    return;
  }
  Place p = place_of(text);
  if (p.comment) return;
  if (p.text) in_text(L, text, p, a, out);
  else in_code(L, text, a, out);
}
