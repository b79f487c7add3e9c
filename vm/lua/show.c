#include "lua/show.h"

#include "run/outbox.h"

#include "base/lang.h"
#include "base/num.h"
#include "lua/card.h"
#include "lua/rule.h"
#include "lua/sandbox.h"
#include "lua/value.h"
#include "ui/histogram.h"
#include "ui/packed.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPORT_MOST = 256 << 20 /* a line of twelve figures for each of a million accounts */, PRINTED_MOST = 64 << 20 };

Report *show_report(lua_State *L) {
  Engine *h = engine(L);
  if (h->said.n) report_note(h->report, buf_view(&h->said));
  buf_clear(&h->said);
  if (h->report->arena.total > REPORT_MOST) engine_fail(L, "the report has grown beyond %d MB", REPORT_MOST >> 20);
  return h->report;
}

void show_line(lua_State *L, Str line) {
  Engine *h = engine(L);
  if (h->said.n + line.n > PRINTED_MOST) engine_fail(L, "more than %d MB have been printed", PRINTED_MOST >> 20);
  if (h->said.n) buf_char(&h->said, '\n');
  buf_str(&h->said, line);
}

/* --- sets -------------------------------------------------------------------- */

static bool has_column(const Str *list, size_t n, Str name) {
  for (size_t i = 0; i < n; i++)
    if (str_eq(list[i], name)) return true;
  return false;
}

/* What the rule of the set named and compared, parted by SET_COLUMN; it stays on the stack. */
static Str shown_names(lua_State *L, int set) {
  Str s = {0};
  lua_getiuservalue(L, set, SET_SHOWN);
  if (lua_type(L, -1) == LUA_TSTRING) s.p = lua_tolstring(L, -1, &s.n);
  return s;
}

/* "code, name" and what the rule of the set named, as far as it is one figure. Pushes the text. */
static Src default_columns(lua_State *L, int set) {
  const Engine *h = engine(L);
  Set *s = lua_touserdata(L, set);
  const CatEntity *ent = catalog_at((size_t)s->entity - 1);
  const CatColumn *key = catalog_key(ent), *name = catalog_column(ent, STR("name"));
  const FeelHost *f = store_host(h->store);
  Str list[64];
  size_t n = 0;
  if (key) list[n++] = str_of(key->name);
  if (name) {
    const HostField *field = f->field(f->ctx, s->entity, STR("name"));
    if (field && (!field->personal || (f->granted && f->granted(f->ctx, s->entity, field)))) list[n++] = STR("name");
  }
  Str rest = shown_names(L, set);
  while (rest.n && n < 64) {
    Str one = str_trim(str_split(rest, SET_COLUMN, &rest));
    const HostField *field = f->field(f->ctx, s->entity, one);
    bool figure = !field || field->kind == HOST_FIELD || field->kind == HOST_ONE;
    if (one.n && figure && !has_column(list, n, one)) list[n++] = one;
  }
  if (n == 0) { /* an entity without key or name: its first fields */
    for (size_t i = 0; i < ent->ncol && n < 8; i++)
      if (!(ent->col[i].flags & (CAT_PERSONAL | CAT_HIDDEN))) list[n++] = str_of(ent->col[i].name);
  }
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (size_t i = 0; i < n; i++) {
    if (i) luaL_addstring(&b, ", ");
    luaL_addlstring(&b, list[i].p, list[i].n);
  }
  luaL_pushresult(&b);
  Src src = {.line = 1, .col = 1};
  src.text.p = lua_tolstring(L, -1, &src.text.n);
  return src;
}

/* Rows as text: their key, which is what people know them by. */
static Val cell_of(lua_State *L, Val v, Arena *a) {
  if (v.t == V_ROW) return val_copy(set_key(L, (int)v.n, v.u.i), a);
  return val_copy(v, a);
}

static bool word_byte(char c) { return c == '.' || str_name_byte(c); }

/* Is `part` a figure within `whole`: revenue_12m in yoy(revenue_12m)? */
static bool stands_in(Str part, Str whole) {
  for (size_t at = 0; part.n && at + part.n <= whole.n; at++) {
    if (memcmp(whole.p + at, part.p, part.n) != 0) continue;
    bool before = at > 0 && word_byte(whole.p[at - 1]);
    bool behind = at + part.n < whole.n && word_byte(whole.p[at + part.n]);
    if (!before && !behind) return true;
  }
  return false;
}

/* Of what the rule named, the innermost figures that some row left out does not know: "tier, yoy(revenue_12m)". */
static void unknown_names(lua_State *L, const Set *left, Str names, Buf *out) {
  enum { MOST = 32 };
  Str name[MOST];
  const Val *value[MOST];
  bool blamed[MOST] = {false};
  size_t n = 0;
  for (Str rest = names; rest.n && n < MOST; n++) {
    name[n] = str_split(rest, SET_COLUMN, &rest);
    value[n] = rule_eval(L, rule_expr(L, left->entity, (Src){.text = name[n], .line = 1, .col = 1}, WANT_ANY, 0), left->id,
                         left->n);
  }
  for (size_t r = 0; r < left->n; r++)
    for (size_t k = 0; k < n; k++) {
      if (value[k][r].t != V_NULL || blamed[k]) continue;
      bool because = false; /* of another that is unknown here */
      for (size_t j = 0; j < n && !because; j++)
        because = j != k && name[j].n < name[k].n && value[j][r].t == V_NULL && stands_in(name[j], name[k]);
      blamed[k] = !because;
    }
  size_t said = 0;
  for (size_t k = 0; k < n; k++)
    if (blamed[k]) buf_printf(out, "%s%.*s", said++ ? ", " : "", STR_ARG(name[k]));
  if (!said) buf_say(out, "values");
  lua_pop(L, (int)n);
}

static void set_foot(lua_State *L, int set, Buf *b) {
  Set *s = lua_touserdata(L, set);
  set_count_text(engine(L), s->entity, s->n, b);
  lua_getiuservalue(L, set, SET_UNKNOWN);
  Set *left = engine_is(L, -1, CLASS_SET);
  Str names = shown_names(L, set);
  if (left && left->n) {
    buf_puts(b, " · ");
    num_fixed(val_int((int64_t)left->n), 0, true, b);
    buf_say(b, " with unknown ");
    luaL_checkstack(L, 48, NULL);
    unknown_names(L, left, names, b);
    buf_say(b, left->n == 1 ? " is not among them" : N_(" are not among them"));
    if (engine(L)->hint) buf_say(b, " (show: _.unknown)");
  }
  lua_pop(L, 2);
}

/* A column of a long table on its way into the report, some rows at a time. */
typedef struct Packing { Buf *out; size_t n; } Packing;

static void pack(void *ctx, const PlainVec *p, const Val *v, uint32_t step) {
  const Packing *k = ctx;
  Val *part = mem_alloc(PACKED_ROWS * sizeof *part);
  for (size_t from = 0; from < k->n; from += PACKED_ROWS) {
    size_t n = k->n - from < PACKED_ROWS ? k->n - from : PACKED_ROWS;
    if (p->i && !p->has && p->step) {
      packed_put_plain(k->out, p->like, p->i + from, n);
      continue;
    }
    if (p->i) {
      PlainVec rest = *p;
      rest.i += from * p->step;
      if (rest.has) rest.has += from * p->step;
      plain_values(&rest, n, part, 1);
    } else {
      for (size_t i = 0; i < n; i++) part[i] = v[(from + i) * step];
    }
    packed_put(k->out, part, n);
  }
  mem_free(part);
}

/* Many rows of figures and texts go into the report column by column; rows of other entities have to be named first. */
static bool is_long(Expr **x, size_t ncol, size_t nrow) {
  if (ncol * nrow < PACKED_LEAST) return false;
  for (size_t c = 0; c < ncol; c++) {
    TypeKind kind = expr_type(x[c]).kind;
    if (kind != T_NUM && kind != T_TEXT && kind != T_BOOL && kind != T_DATE) return false;
  }
  return true;
}

static ReportItem *show_long(lua_State *L, const Set *s, Str title, Expr **x, size_t ncol) {
  Figures *f = figures_new(L, ncol, 0);
  Report *r = show_report(L);
  Str *column = arena_zalloc(&f->arena, ncol, sizeof *column);
  Buf *b = engine_buf(L);
  for (size_t c = 0; c < ncol; c++) {
    figures_column(f, c, x[c]);
    buf_clear(b);
    buf_reserve(b, s->n * 9);
    Packing k = {b, s->n};
    rule_eval_column(L, x[c], s->id, s->n, pack, &k);
    column[c] = (Str){arena_strndup(&r->arena, b->p, b->n), b->n};
  }
  return report_packed(r, title, f->col, ncol, s->n, column);
}

void show_set(lua_State *L, int set, Str title, Src columns, int params, bool foot) {
  set = lua_absindex(L, set);
  Set *s = lua_touserdata(L, set);
  int top = lua_gettop(L);
  if (!columns.text.n) columns = default_columns(L, set);
  rule_population(L, set);
  size_t n;
  Expr **x = rule_columns(L, s->entity, columns, false, params, &n);
  bool is_packed = is_long(x, n, s->n);
  Figures *f = is_packed ? NULL : figures_new(L, n, s->n);
  ReportItem *item = is_packed ? show_long(L, s, title, x, n) : NULL;
  for (size_t c = 0; f && c < n; c++) {
    figures_column(f, c, x[c]);
    rule_eval_into(L, x[c], s->id, s->n, f->cell + c, n, &f->arena);
    TypeKind kind = expr_type(x[c]).kind;
    for (size_t r = 0; r < s->n && (kind == T_ROW || kind == T_ANY); r++)
      if (f->cell[r * n + c].t == V_ROW) f->cell[r * n + c] = cell_of(L, f->cell[r * n + c], &f->arena);
  }
  Buf *b = engine_buf(L);
  if (foot) set_foot(L, set, b);
  Report *r = show_report(L);
  if (f) item = report_take(r, title, f->col, n, s->n, f->cell, &f->arena); /* f is of this call alone */
  if (item && b->n) item->table.foot = (Str){arena_strndup(&r->arena, b->p, b->n), b->n};
  lua_settop(L, top);
}

/* --- tables, rows, charts ------------------------------------------------------- */

static void show_figures(lua_State *L, const Figures *f, Str title) {
  Report *r = show_report(L);
  Val *cell;
  ReportItem *item = report_table(r, title, f->col, f->ncol, f->nrow, &cell);
  for (size_t i = 0; i < f->ncol * f->nrow; i++) {
    Val v = f->cell[i];
    if (v.t == V_ROW)
      v = set_key(L, (int)v.n, v.u.i);
    else if (v.t == V_NULL && i % f->ncol < f->nkey)
      v = val_text(STR("(unknown)"));
    cell[i] = val_copy(v, &r->arena);
  }
  item->table.words = f->words;
  if (f->foot.n) item->table.foot = (Str){arena_strndup(&r->arena, f->foot.p, f->foot.n), f->foot.n};
}

/* A row as lines: every field that is known and may be seen. */
static void fields_of(lua_State *L, int index, Str title) {
  Engine *h = engine(L);
  Row *r = lua_touserdata(L, index);
  const FeelHost *f = store_host(h->store);
  const HostField *const *list;
  size_t n = f->fields(f->ctx, r->entity, &list);
  Buf *b = engine_buf(L);
  Arena *a = engine_arena(L);
  if (title.n) buf_printf(b, "%.*s\n", STR_ARG(title));
  for (size_t i = 0; i < n; i++) {
    if (list[i]->kind != HOST_FIELD && list[i]->kind != HOST_ONE) continue;
    if (list[i]->personal && !(f->granted && f->granted(f->ctx, r->entity, list[i]))) continue;
    if (catalog_column(catalog_at((size_t)r->entity - 1), list[i]->name) &&
        !str_is(list[i]->name, catalog_column(catalog_at((size_t)r->entity - 1), list[i]->name)->name))
      continue; /* a second name of the same */
    Expr *x = rule_expr(L, r->entity, (Src){.text = list[i]->name}, WANT_ANY, 0);
    Val *v = rule_eval(L, x, &r->id, 1);
    if (v[0].t != V_NULL) {
      int wide = utf8_width(list[i]->name);
      buf_str(b, list[i]->name);
      buf_fill(b, ' ', wide < 18 ? (size_t)(18 - wide) : 1);
      value_text(h, cell_of(L, v[0], a), expr_type(x).unit, b);
      buf_char(b, '\n');
    }
    lua_pop(L, 1);
  }
  report_note(show_report(L), str_trim(buf_view(b)));
}

void show_fields(lua_State *L, int row) { fields_of(L, row, (Str){0}); }

/* At the prompt an account is a card. */
static void show_row(lua_State *L, int index, Str title) {
  const Row *r = lua_touserdata(L, index);
  if (!engine(L)->prompt || title.n || !card_has(r->entity)) {
    fields_of(L, index, title);
    return;
  }
  Buf *b = engine_buf(L);
  card_text(L, r->entity, r->id, b);
  report_note(show_report(L), str_trim(buf_view(b)));
}

static void show_text(lua_State *L, ItemKind kind, Str title, Str text) {
  Report *r = show_report(L);
  ReportItem *item = report_add(r, kind);
  item->title = (Str){arena_strndup(&r->arena, title.p ? title.p : "", title.n), title.n};
  item->text = (Str){arena_strndup(&r->arena, text.p ? text.p : "", text.n), text.n};
}

/* A Lua table, one level deep, keys in order. */
static void plain_table(lua_State *L, int index, Buf *out) {
  size_t shown = 0;
  buf_puts(out, "{ ");
  lua_getglobal(L, "pairs");
  lua_pushvalue(L, index);
  lua_call(L, 1, 3);
  int next = lua_gettop(L) - 2;
  lua_Integer expected = 1;
  for (;;) {
    lua_pushvalue(L, next);
    lua_pushvalue(L, next + 1);
    lua_pushvalue(L, next + 2);
    lua_call(L, 2, 2);
    if (lua_isnil(L, -2)) break;
    lua_pushvalue(L, -2);
    lua_replace(L, next + 2);
    if (shown++) buf_puts(out, ", ");
    if (shown > 20) {
      buf_puts(out, "…");
      break;
    }
    if (lua_isinteger(L, -2) && lua_tointeger(L, -2) == expected) {
      expected++;
    } else {
      lua_pushvalue(L, -2);
      size_t n;
      const char *p = luaL_tolstring(L, -1, &n);
      buf_add(out, p, n);
      buf_puts(out, " = ");
      lua_pop(L, 2);
    }
    if (lua_istable(L, -1))
      buf_puts(out, "{…}");
    else
      show_plain(L, -1, out);
    lua_pop(L, 2);
  }
  lua_settop(L, next - 1);
  buf_puts(out, shown ? " }" : "}");
}

void show_plain(lua_State *L, int index, Buf *out) {
  index = lua_absindex(L, index);
  luaL_checkstack(L, 12, NULL);
  if (lua_istable(L, index) && !luaL_getmetafield(L, index, "__tostring")) {
    plain_table(L, index, out);
    return;
  }
  int top = lua_gettop(L);
  lua_pushcfunction(L, text_tostring);
  lua_pushvalue(L, index);
  lua_call(L, 1, 1);
  size_t n;
  const char *p = lua_tolstring(L, -1, &n);
  buf_add(out, p, n);
  /* Large money in 万 as well, which is how it is spoken of. */
  const Money *m = engine_is(L, index, CLASS_MONEY);
  Val v = m ? val_dec(m->minor, -store_minor(engine(L)->store)) : val_null();
  if (m && (num_cmp(v, val_int(100000)) >= 0 || num_cmp(v, val_int(-100000)) <= 0)) {
    FmtEnv env = store_host(engine(L)->store)->fmt;
    env.cell = false;
    buf_puts(out, "   (");
    fmt_val(v, UNIT_MONEY, (Fmt){FMT_WAN, -1}, &env, out);
    buf_char(out, ')');
  }
  lua_settop(L, top);
}

void show_value(lua_State *L, int index, Str title, int columns, int params) {
  index = lua_absindex(L, index);
  int top = lua_gettop(L);
  Figures *f = engine_is(L, index, CLASS_FIGURES);
  Chart *c = engine_is(L, index, CLASS_CHART);
  if (engine_is(L, index, CLASS_SET)) {
    show_set(L, index, title, columns ? engine_src(L, columns) : (Src){0}, params, true);
  } else if (f) {
    if (columns) f = figures_pick(L, f, engine_src(L, columns));
    show_figures(L, f, title);
  } else if (c) {
    show_text(L, ITEM_CHART, title, buf_view(&c->text));
  } else if (engine_is(L, index, CLASS_ROW)) {
    show_row(L, index, title);
  } else {
    Buf *b = engine_buf(L);
    if (title.n) buf_printf(b, "%.*s: ", STR_ARG(title));
    show_plain(L, index, b);
    report_note(show_report(L), buf_view(b));
  }
  lua_settop(L, top);
}

/* --- verbs --------------------------------------------------------------------- */

int show_verb(lua_State *L) {
  show_value(L, 1, (Str){0}, lua_type(L, 2) == LUA_TSTRING ? 2 : 0, lua_istable(L, 3) ? 3 : 0);
  lua_settop(L, 1);
  return 1;
}

/* set:chart("pareto", "revenue_12m"), table:chart() */
int chart_verb(lua_State *L) {
  Engine *h = engine(L);
  FmtEnv env = store_host(h->store)->fmt;
  env.cell = true;
  UiStyle style = {.env = &env, .width = 80};
  Figures *f = engine_is(L, 1, CLASS_FIGURES);
  if (f && f->matrix) {
    UiTable t = {.ncol = f->ncol, .nrow = f->nrow, .col = f->col, .cell = f->cell};
    Chart *c = engine_new(L, CLASS_CHART, sizeof *c, 0);
    ui_matrix(&t, &style, &c->text);
    return 1;
  }
  if (f) {
    size_t col = lua_type(L, 2) == LUA_TSTRING ? figures_find(L, f, str_of(lua_tostring(L, 2))) : f->ncol - 1;
    double most = 0;
    for (size_t r = 0; r < f->nrow; r++) {
      Val v = f->cell[r * f->ncol + col];
      if (val_is_num(v) && num_double(v) > most) most = num_double(v);
    }
    Chart *c = engine_new(L, CLASS_CHART, sizeof *c, 0);
    for (size_t r = 0; r < f->nrow; r++) {
      Val v = f->cell[r * f->ncol + col];
      size_t from = c->text.n;
      Val head = f->cell[r * f->ncol];
      if (head.t == V_NULL) head = val_text(str_of(_("(unknown)")));
      fmt_val(head, f->type[0].unit, f->col[0].fmt, &env, &c->text);
      int wide = utf8_width(str_sub(buf_view(&c->text), from, c->text.n));
      buf_fill(&c->text, ' ', wide < 20 ? (size_t)(20 - wide) : 1);
      if (val_is_num(v) && most > 0) ui_bar(num_double(v) / most, 40, &c->text);
      buf_char(&c->text, ' ');
      fmt_val(v, f->type[col].unit, f->col[col].fmt, &env, &c->text);
      buf_char(&c->text, '\n');
    }
    return 1;
  }
  Set *s = set_check(L, 1);
  const char *kind = luaL_checkstring(L, 2);
  bool histogram = strcmp(kind, "histogram") == 0;
  if (strcmp(kind, "pareto") != 0 && strcmp(kind, "lorenz") != 0 && !histogram) {
    static const Str KIND[] = {{"pareto", 6}, {"lorenz", 6}, {"histogram", 9}};
    return engine_unknown(L, "kind of chart", str_of(kind), KIND, 3);
  }
  Expr *x = rule_expr(L, s->entity, engine_src(L, 3), WANT_ANY, 0);
  Val *v = rule_eval(L, x, s->id, s->n);
  Chart *c = engine_new(L, CLASS_CHART, sizeof *c, 0);
  if (histogram) {
    ui_histogram(&(Histogram){.v = v, .n = s->n, .unit = expr_type(x).unit, .fmt = FMT_NONE, .env = &env, .width = h->width}, &c->text);
    return 1;
  }
  int width = h->width ? h->width - 54 : 60; /* words stand at the right */
  ui_lorenz(v, s->n, width < 20 ? 20 : width > 60 ? 60 : width, 12, &c->text);
  return 1;
}

/* "~/x.xlsx" as the shell reads it. */
static const char *home_path(lua_State *L, const char *path) {
  const char *home = getenv("HOME");
  if (path[0] != '~' || path[1] != '/' || !home) return path;
  return lua_pushfstring(L, "%s%s", home, path + 1);
}

static bool write_text(const char *path, const Buf *b, Err *e) {
  FILE *f = fopen(path, "wb");
  if (!f) return err_set(e, ERR_FAIL, "%s cannot be written: %s", path, strerror(errno));
  bool ok = fwrite(b->p ? b->p : "", 1, b->n, f) == b->n;
  ok = fclose(f) == 0 && ok;
  return ok || err_set(e, ERR_FAIL, "%s cannot be written: %s", path, strerror(errno));
}

/* The last table of the report as a file; it leaves the report again. */
static void write_table(lua_State *L, const char *path, const char *dot) {
  Engine *h = engine(L);
  FmtEnv env = store_host(h->store)->fmt;
  UiStyle style = {.env = &env};
  UiTable t = h->report->item[h->report->n - 1].table;
  Buf *b = engine_buf(L);
  UiFormat format;
  t.foot = (Str){0};
  if (!ui_format_parse(str_of(dot + 1), &format) || format == UI_TABLE || format == UI_LINE)
    engine_fail(L, "files end in .csv, .tsv, .json, .jsonl, .md, .html or .xlsx, not in %s", dot);
  if (!h->prompt && format == UI_XLSX) /* a spreadsheet holds the time it was made: no two are the same bytes */
    engine_fail(L, "a playbook sends .csv, .tsv, .json, .jsonl, .md or .html; a spreadsheet: pareto run --format xlsx --output %s", path);
  bool ok = format == UI_XLSX ? ui_xlsx(&t, 1, path, &env, &h->err) : true;
  if (format != UI_XLSX) {
    ui_table(&t, format, &style, b);
    ok = h->prompt ? write_text(path, b, &h->err)
                   : run_send(h->run, "file", (Str){0}, str_of(path), buf_view(b), &h->err);
  }
  h->report->n--;
  if (!ok) engine_raise(L);
  buf_clear(b);
  buf_say(b, "%s %s · %zu row%s, %zu column%s", h->prompt ? _("wrote") : _("sends"), path, t.nrow, t.nrow == 1 ? "" : "s",
          t.ncol, t.ncol == 1 ? "" : "s");
  report_note(h->report, buf_view(b));
}

/* At the prompt a file, written at once. From a playbook a row of the outbox: it leaves once the run is written. */
int export_verb(lua_State *L) {
  bool prompt = engine(L)->prompt;
  if (engine(L)->safe) return engine_fail(L, "the session is --safe: no file is written");
  int columns = lua_type(L, 3) == LUA_TSTRING ? 3 : 0;
  const char *path = prompt ? home_path(L, luaL_checkstring(L, 2)) : luaL_checkstring(L, 2);
  if (!prompt && strchr(path, '/'))
    return engine_fail(L, "%s: a playbook names the file alone; the folder is the setting outbox.folder", path);
  const char *dot = strrchr(path, '.');
  if (!dot || strchr(dot, '/')) return engine_fail(L, "the file's ending says its format: set:export(\"list.xlsx\")");
  if (!engine_is(L, 1, CLASS_FIGURES)) set_check(L, 1);
  show_value(L, 1, (Str){0}, columns, 0);
  write_table(L, path, dot);
  lua_settop(L, 1);
  return 1;
}

void show_open(lua_State *L) {
  static const luaL_Reg VERB[] = {{"show", show_verb}, {"export", export_verb}, {"chart", chart_verb}, {NULL, NULL}};
  set_methods(L);
  luaL_setfuncs(L, VERB, 0);
  lua_pop(L, 1);
}
