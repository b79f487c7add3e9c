#include "run/compare.h"

#include "base/lang.h"

#include "run/rawtext.h"
#include "run/state.h"

#include <stdlib.h>
#include <string.h>

/* A change with what tells it from others: rows that were there by table and id, new ones by what they hold. */
typedef struct Item {
  const Change *c;
  Str text;
} Item;

typedef struct Items {
  Item *item;
  size_t n;
  Arena a;
} Items;

static bool counts(const Change *c) { return !table_is_record(c->table) && !str_is(c->table, "segment"); }

static int item_order(const Item *x, const Item *y) {
  int c = str_cmp(x->c->table, y->c->table);
  bool nx = x->c->op == CHANGE_INSERT, ny = y->c->op == CHANGE_INSERT;
  if (c || nx != ny) return c ? c : nx ? 1 : -1;
  if (nx) return str_cmp(x->text, y->text);
  return x->c->id < y->c->id ? -1 : x->c->id > y->c->id;
}

static int by_item(const void *x, const void *y) { return item_order(x, y); }

/* --- what a new row holds -------------------------------------------------------------- */

/* Ids of rows that came with either set say nothing: the other has other ones, or the row stands in the database by now.
 * Such a row is told by its key, or by what it holds. */
typedef struct Telling {
  Store *s;
  const Journal *j, *other;
  Arena a;
  struct { const CatEntity *ent; int64_t id; Val key; } last; /* members are of few segments */
} Telling;

enum { DEEP = 4 }; /* rows that name rows */

static size_t first_of(const Journal *j, Str table, int64_t id) {
  size_t lo = 0, hi = j->n;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    int c = str_cmp(j->change[mid].table, table);
    if (c < 0 || (c == 0 && j->change[mid].id < id)) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}

static const Change *new_row(const Journal *j, Str table, int64_t id) {
  size_t i = first_of(j, table, id);
  const Change *c = i < j->n ? &j->change[i] : NULL;
  return c && c->id == id && c->op == CHANGE_INSERT && str_eq(c->table, table) ? c : NULL;
}

static bool any_new(const Journal *j, Str table) {
  for (size_t i = first_of(j, table, INT64_MIN); i < j->n && str_eq(j->change[i].table, table); i++)
    if (j->change[i].op == CHANGE_INSERT) return true;
  return false;
}

static Val key_of(Telling *t, const CatEntity *ent, int64_t id, const Change *fresh) {
  const CatColumn *key = catalog_key(ent);
  Val v = val_null(), bind = val_int(id);
  if (!key) return v;
  if (fresh) return change_cell(fresh, fresh->now, key->name);
  if (t->last.ent == ent && t->last.id == id) return t->last.key;
  if (!any_new(t->other, str_of(ent->table))) return v;
  Err ignored = {0};
  char *sql = arena_printf(&t->a, "SELECT \"%s\" FROM \"%s\" WHERE id = ?1", key->name, ent->table);
  if (!store_value(t->s, sql, &bind, 1, &t->a, &v, &ignored)) v = val_null();
  err_free(&ignored);
  t->last.ent = ent, t->last.id = id, t->last.key = v;
  return v;
}

static void put_change(Telling *t, const Change *c, int deep, Buf *out);

static void put_cell(Telling *t, const Change *c, size_t col, Val v, int deep, Buf *out) {
  const CatEntity *ent = entity_of_table(c->table);
  const CatColumn *def = ent ? catalog_column(ent, c->col[col]) : NULL;
  if (def && def->type == COL_REF && v.t == V_NUM && v.e == 0) {
    const CatEntity *of = catalog_entity(str_of(def->ref));
    const Change *fresh = new_row(t->j, str_of(of->table), v.u.i);
    Val key = key_of(t, of, v.u.i, fresh);
    if (key.t != V_NULL) {
      buf_char(out, '=');
      v = key;
    } else if (fresh && deep < DEEP) {
      buf_char(out, '+');
      put_change(t, fresh, deep + 1, out);
      return;
    }
  }
  buf_char(out, (char)('a' + v.t));
  fmt_data(v, out);
}

static void put_cells(Telling *t, const Change *c, const Val *cells, int deep, Buf *out) {
  for (size_t i = 0; cells && i < c->ncol; i++) {
    if (str_is(c->col[i], "run") || str_is(c->col[i], "id")) continue;
    size_t at = out->n;
    put_cell(t, c, i, cells[i], deep, out);
    buf_printf(out, "|%zu %.*s\n", out->n - at, STR_ARG(c->col[i])); /* its length: no value looks like two */
  }
}

static void put_change(Telling *t, const Change *c, int deep, Buf *out) {
  buf_char(out, (char)c->op);
  put_cells(t, c, c->was, deep, out);
  buf_char(out, '>');
  put_cells(t, c, c->now, deep, out);
}

static Items items_of(Store *s, const Journal *j, const Journal *other) {
  Items out = {.item = mem_alloc((j->n + 1) * sizeof *out.item)};
  Telling t = {.s = s, .j = j, .other = other};
  Buf b = {0};
  for (size_t i = 0; i < j->n; i++) {
    const Change *c = &j->change[i];
    if (!counts(c)) continue;
    buf_clear(&b);
    put_change(&t, c, 0, &b);
    out.item[out.n++] = (Item){c, {arena_strndup(&out.a, b.p, b.n), b.n}};
  }
  buf_free(&b);
  arena_free(&t.a);
  qsort(out.item, out.n, sizeof *out.item, by_item);
  return out;
}

static void items_free(Items *x) {
  mem_free(x->item);
  arena_free(&x->a);
}

/* One pass over both: *a or *b is NULL when only one side has the row. False at the end. Equal ones are passed by. */
typedef struct Walk {
  Items was, now;
  size_t i, k;
} Walk;

static bool next_difference(Walk *w, const Change **a, const Change **b) {
  while (w->i < w->was.n || w->k < w->now.n) {
    int c = w->i == w->was.n ? 1 : w->k == w->now.n ? -1 : item_order(&w->was.item[w->i], &w->now.item[w->k]);
    *a = c <= 0 ? w->was.item[w->i].c : NULL;
    *b = c >= 0 ? w->now.item[w->k].c : NULL;
    bool same = c == 0 && str_eq(w->was.item[w->i].text, w->now.item[w->k].text);
    w->i += c <= 0;
    w->k += c >= 0;
    if (!same) return true;
  }
  return false;
}

static Walk walk_of(Store *s, const Journal *was, const Journal *now) {
  return (Walk){.was = items_of(s, was, now), .now = items_of(s, now, was)};
}

static void walk_free(Walk *w) {
  items_free(&w->was);
  items_free(&w->now);
}

Compared compare_count(Store *s, const Journal *was, const Journal *now) {
  Walk w = walk_of(s, was, now);
  Compared out = {.was = w.was.n, .now = w.now.n};
  const Change *a, *b;
  while (next_difference(&w, &a, &b)) {
    out.added += !a;
    out.gone += !b;
    out.differ += a && b;
  }
  walk_free(&w);
  return out;
}

/* --- in words ----------------------------------------------------------------------- */

static const Val *cell_in(const Change *c, const Val *cells, Str column) {
  for (size_t i = 0; cells && i < c->ncol; i++)
    if (str_eq(c->col[i], column)) return &cells[i];
  return NULL;
}

static const Val *cell_of(const Change *c, Str column) { return c ? cell_in(c, c->now, column) : NULL; }

static void value_words(Store *s, const Journal *j, const Change *c, const CatEntity *ent, Str column,
                        Buf *out) {
  const Val *v = cell_of(c, column);
  if (!c) buf_say(out, "as it is");
  else if (c->op == CHANGE_DELETE) buf_say(out, "deleted");
  else if (!v) buf_say(out, "as it is");
  else if (ent) raw_print(s, j, ent, column, *v, out);
  else buf_say(out, "otherwise");
}

/* Both end in the same values; the first column in which they begin with different ones. */
static bool first_start(const Change *a, const Change *b, Str *column) {
  if (!a || !b || a->op != CHANGE_UPDATE || b->op != CHANGE_UPDATE) return false;
  for (size_t i = 0; i < a->ncol; i++) {
    const Val *x = cell_of(b, a->col[i]), *y = cell_in(b, b->was, a->col[i]);
    if (!x || !y || val_order(*x, a->now[i]) != 0) return false;
    if (!column->n && val_order(*y, a->was[i]) != 0) *column = a->col[i];
  }
  return column->n && a->ncol == b->ncol;
}

static void start_words(Store *s, const Journal *j, const Change *c, const CatEntity *ent, Str column, Buf *out) {
  const Val *v = c ? cell_in(c, c->was, column) : NULL;
  if (ent && v) raw_print(s, j, ent, column, *v, out);
  else buf_say(out, "otherwise");
  buf_puts(out, " → ");
}

/* The first column on which they differ; an empty one when a whole row is new or goes. */
static Str first_column(const Change *a, const Change *b) {
  const Change *any = a && a->op == CHANGE_UPDATE ? a : b;
  if (!any || any->op != CHANGE_UPDATE) return (Str){0};
  for (int side = 0; side < 2; side++) {
    const Change *c = side ? b : a;
    for (size_t i = 0; c && c->op == CHANGE_UPDATE && i < c->ncol; i++) {
      const Val *x = cell_of(a, c->col[i]), *y = cell_of(b, c->col[i]);
      if (!x || !y || val_order(*x, *y) != 0) return c->col[i];
    }
  }
  return any->col[0];
}

typedef struct Words {
  Store *s;
  const Journal *was, *now;
  const char *then, *today;
  bool brief;  /* rows by their keys */
  bool silent; /* brief, and all changes are of one column, which need not be named */
} Words;

static bool of_column(const Journal *j, Str *table, Str *column) {
  for (size_t i = 0; i < j->n; i++) {
    const Change *c = &j->change[i];
    if (!counts(c)) continue;
    if (c->op != CHANGE_UPDATE || c->ncol != 1) return false;
    if (!column->n) *table = c->table, *column = c->col[0];
    if (!str_eq(c->table, *table) || !str_eq(c->col[0], *column)) return false;
  }
  return true;
}

static void row_words(const Words *w, const Change *c, const Journal *j, Buf *out) {
  const CatEntity *ent = entity_of_table(c->table);
  if (str_is(c->table, "segment_member")) {
    static const char *const part[] = {"account", "segment"};
    for (size_t i = 0; i < 2; i++) {
      Val id = change_cell(c, c->now ? c->now : c->was, part[i]);
      buf_say(out, i ? " of segment " : N_("member "));
      if (id.t == V_NUM) (i ? row_key : row_label)(w->s, j, catalog_entity(str_of(part[i])), id.u.i, out);
    }
    return;
  }
  if (!ent) {
    buf_str(out, c->table);
    return;
  }
  if (c->op == CHANGE_INSERT) buf_say(out, "new %s ", ent->name);
  if (c->op == CHANGE_DELETE) buf_say(out, "deleted %s ", ent->name);
  (w->brief ? row_key : row_label)(w->s, j, ent, c->id, out);
}

static void difference_words(const Words *w, const Change *a, const Change *b, Buf *out) {
  const Change *c = a ? a : b;
  if (!c) return;
  Str column = {0};
  bool started = first_start(a, b, &column);
  if (!started) column = first_column(a, b);
  row_words(w, c, a ? w->was : w->now, out);
  if (!column.n) {
    buf_say(out, ": %s only", a ? w->then : w->today);
    return;
  }
  const CatEntity *ent = entity_of_table(c->table);
  if (!w->silent) buf_printf(out, " %.*s", STR_ARG(column));
  buf_puts(out, ": ");
  if (started) start_words(w->s, w->was, a, ent, column, out);
  value_words(w->s, w->was, a, ent, column, out);
  buf_printf(out, " %s, ", w->then);
  if (started) start_words(w->s, w->now, b, ent, column, out);
  value_words(w->s, w->now, b, ent, column, out);
  buf_printf(out, " %s", w->today);
}

static void counts_words(const Compared *n, const char *then, const char *today, Buf *out) {
  Buf old = {0}, new = {0};
  count_print(n->was, &old);
  count_print(n->now, &new);
  buf_say(out, "%s change%s %s, %s %s", old.p, n->was == 1 ? "" : "s", then, new.p, today);
  buf_free(&old);
  buf_free(&new);
}

static void part(size_t n, const char *sign, Buf *out) {
  if (!n) return;
  buf_printf(out, "%s%s", out->n ? ", " : "", sign);
  count_print(n, out);
}

void compare_line(Store *s, const Journal *was, const Journal *now, const char *then, const char *today,
                  Buf *out) {
  Compared n = compare_count(s, was, now);
  Walk w = walk_of(s, was, now);
  Str table = {0}, column = {0};
  bool one = of_column(was, &table, &column) && of_column(now, &table, &column);
  Words words = {s, was, now, then, today, true, one};
  Buf parts = {0}, best = {0};
  const Change *a, *b;
  bool both = false; /* a row on which they disagree says most */
  while (!both && next_difference(&w, &a, &b)) {
    both = a && b;
    if (best.n && !both) continue;
    buf_clear(&best);
    difference_words(&words, a, b, &best);
  }
  counts_words(&n, then, today, out);
  part(n.added, "+", &parts);
  part(n.gone, "-", &parts);
  part(n.differ, _("changed "), &parts);
  if (best.n) buf_printf(&parts, "%s%.*s", parts.n ? "; " : "", STR_ARG(buf_view(&best)));
  if (parts.n) buf_printf(out, " (%.*s)", STR_ARG(buf_view(&parts)));
  buf_free(&parts);
  buf_free(&best);
  walk_free(&w);
}

void compare_print(Store *s, const Journal *was, const Journal *now, const char *then, const char *today,
                   size_t samples, Buf *out) {
  Compared n = compare_count(s, was, now);
  Walk w = walk_of(s, was, now);
  Words words = {s, was, now, then, today, false, false};
  const Change *a, *b;
  size_t shown = 0;
  counts_words(&n, then, today, out);
  Buf parts = {0};
  part(n.added, "+", &parts);
  part(n.gone, "-", &parts);
  part(n.differ, _("changed "), &parts);
  buf_printf(out, ": %s\n", parts.n ? parts.p : "the same");
  buf_free(&parts);
  while (next_difference(&w, &a, &b)) {
    if (shown++ == samples) {
      buf_puts(out, "  …\n");
      break;
    }
    buf_printf(out, "  %s ", !a ? "+" : !b ? "-" : "≠");
    difference_words(&words, a, b, out);
    buf_char(out, '\n');
  }
  walk_free(&w);
}
