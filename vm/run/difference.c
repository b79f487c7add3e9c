#include "run/difference.h"

#include "run/decided.h"
#include "run/json.h"
#include "run/rawtext.h"
#include "run/state.h"

enum { TRANSITIONS = 8 };

typedef struct Diff {
  Store *s;
  const Journal *j;
  Str decided;
  size_t samples;
  Buf *out;
} Diff;

typedef struct Move { Val was, now; size_t n; } Move;

static size_t table_end(const Journal *j, size_t from) {
  size_t to = from + 1;
  while (to < j->n && str_eq(j->change[to].table, j->change[from].table)) to++;
  return to;
}

/* How often each old value becomes each new one; SIZE_MAX when there are too many kinds to list. */
static size_t moves(const Journal *j, size_t from, size_t to, size_t col, Move *move) {
  size_t n = 0;
  for (size_t i = from; i < to; i++) {
    const Change *c = &j->change[i];
    if (c->op != CHANGE_UPDATE || !change_touches(c, col)) continue;
    size_t k = 0;
    while (k < n && (val_order(move[k].was, c->was[col]) || val_order(move[k].now, c->now[col]))) k++;
    if (k == n && n == TRANSITIONS) return SIZE_MAX;
    if (k == n) move[n++] = (Move){c->was[col], c->now[col], 0};
    move[k].n++;
  }
  for (size_t i = 1; i < n; i++) /* the largest first; equal ones in order of their values */
    for (size_t k = i; k > 0; k--) {
      Move *x = &move[k - 1], *y = &move[k], t = *x;
      int order = x->n != y->n ? (x->n < y->n ? 1 : -1) : val_order(x->was, y->was);
      if (order == 0) order = val_order(x->now, y->now);
      if (order <= 0) break;
      *x = *y;
      *y = t;
    }
  return n;
}

static void arrow(const Diff *d, const CatEntity *ent, Str column, Val was, Val now) {
  raw_print(d->s, d->j, ent, column, was, d->out);
  buf_puts(d->out, " → ");
  raw_print(d->s, d->j, ent, column, now, d->out);
}

static void print_moves(const Diff *d, const CatEntity *ent, Str column, const Move *move, size_t n) {
  buf_puts(d->out, "    ");
  for (size_t i = 0; i < n; i++) {
    if (i) buf_puts(d->out, "   ");
    arrow(d, ent, column, move[i].was, move[i].now);
    buf_char(d->out, ' ');
    count_print(move[i].n, d->out);
  }
  buf_char(d->out, '\n');
}

typedef struct Reason {
  const CatEntity *ent;
  int64_t id;
  Str field;
  Arena a;
  Buf out;
} Reason;

/* The texts that the table gave beside the field: its column `why` and the like. */
static bool find_reason(void *ctx, const DecidedCase *c, Err *e) {
  (void)e;
  Reason *r = ctx;
  if (c->id != r->id || !str_is(c->entity, r->ent->name)) return true;
  Str *name;
  Val *val;
  size_t n, at;
  if (!json_read(c->outputs, &r->a, &name, &val, &n)) return true;
  for (at = 0; at < n && !str_eq(name[at], r->field); at++)
    ;
  if (at == n) return true;
  buf_clear(&r->out);
  for (size_t i = 0; i < n; i++) {
    if (i == at || val[i].t != V_TEXT) continue;
    if (r->out.n) buf_puts(&r->out, "; ");
    buf_str(&r->out, val_str(val[i]));
  }
  return true;
}

static void print_reason(const Diff *d, const CatEntity *ent, Str field, int64_t id) {
  Reason r = {.ent = ent, .id = id, .field = field};
  Err ignored = {0};
  decided_each(d->decided, find_reason, &r, &ignored);
  if (r.out.n) buf_printf(d->out, "   %s", r.out.p);
  err_free(&ignored);
  buf_free(&r.out);
  arena_free(&r.a);
}

static void print_samples(const Diff *d, const CatEntity *ent, size_t from, size_t to, size_t col, size_t total) {
  size_t shown = 0;
  for (size_t i = from; i < to && shown < d->samples; i++) {
    const Change *c = &d->j->change[i];
    if (c->op != CHANGE_UPDATE || !change_touches(c, col)) continue;
    buf_puts(d->out, "    ");
    row_label(d->s, d->j, ent, c->id, d->out);
    buf_puts(d->out, "  ");
    arrow(d, ent, c->col[col], c->was[col], c->now[col]);
    print_reason(d, ent, c->col[col], c->id);
    buf_char(d->out, '\n');
    shown++;
  }
  if (shown < total) {
    buf_puts(d->out, "    … ");
    count_print(total - shown, d->out);
    buf_puts(d->out, " more\n");
  }
}

static size_t touched(const Journal *j, size_t from, size_t to, size_t col) {
  size_t n = 0;
  for (size_t i = from; i < to; i++) n += j->change[i].op == CHANGE_UPDATE && change_touches(&j->change[i], col);
  return n;
}

static size_t of_op(const Journal *j, size_t from, size_t to, ChangeOp op) {
  size_t n = 0;
  for (size_t i = from; i < to; i++) n += j->change[i].op == op;
  return n;
}

static void print_updates(const Diff *d, const CatEntity *ent, size_t from, size_t to) {
  for (size_t col = 0; col < d->j->change[from].ncol; col++) {
    size_t n = touched(d->j, from, to, col);
    if (n == 0) continue;
    Str name = d->j->change[from].col[col];
    buf_printf(d->out, "  %s.%.*s: ", ent->name, STR_ARG(name));
    count_print(n, d->out);
    buf_puts(d->out, n == 1 ? " change\n" : " changes\n");
    Move move[TRANSITIONS];
    size_t kinds = moves(d->j, from, to, col, move);
    if (kinds != SIZE_MAX && kinds < n) print_moves(d, ent, name, move, kinds);
    print_samples(d, ent, from, to, col, n);
  }
}

static void print_rows(const Diff *d, const CatEntity *ent, size_t from, size_t to) {
  static const struct { ChangeOp op; const char *word; } kind[] = {{CHANGE_INSERT, "new"}, {CHANGE_DELETE, "removed"}};
  for (int i = 0; i < 2; i++) {
    size_t n = of_op(d->j, from, to, kind[i].op);
    if (n == 0) continue;
    buf_printf(d->out, "  %s: ", ent->name);
    count_print(n, d->out);
    buf_printf(d->out, " %s\n", kind[i].word);
  }
}

/* --- segments: rows of segment_member that begin or end ------------------- */

static bool joins(const Change *c) { return c->op == CHANGE_INSERT; }

static int64_t member_of(const Change *c, const char *column) {
  Val v = change_cell(c, c->now ? c->now : c->was, column);
  return v.t == V_NUM ? v.u.i : 0;
}

static size_t count_members(const Journal *j, size_t from, size_t to, int64_t segment, bool joining) {
  size_t n = 0;
  for (size_t i = from; i < to; i++)
    n += member_of(&j->change[i], "segment") == segment && joins(&j->change[i]) == joining;
  return n;
}

static void print_members(const Diff *d, size_t from, size_t to, int64_t segment, bool joining) {
  const CatEntity *account = catalog_entity(STR("account"));
  size_t n = count_members(d->j, from, to, segment, joining), shown = 0;
  if (n == 0) return;
  buf_puts(d->out, joining ? "    join   " : "    leave  ");
  for (size_t i = from; i < to && shown < d->samples; i++) {
    const Change *c = &d->j->change[i];
    if (member_of(c, "segment") != segment || joins(c) != joining) continue;
    if (shown++) buf_puts(d->out, ", ");
    row_label(d->s, d->j, account, member_of(c, "account"), d->out);
  }
  if (shown < n) {
    buf_puts(d->out, ", … ");
    count_print(n - shown, d->out);
    buf_puts(d->out, " more");
  }
  buf_char(d->out, '\n');
}

static bool segment_seen(const Journal *j, size_t from, size_t i) {
  for (size_t k = from; k < i; k++)
    if (member_of(&j->change[k], "segment") == member_of(&j->change[i], "segment")) return true;
  return false;
}

static void print_segments(const Diff *d, size_t from, size_t to) {
  const CatEntity *segment = catalog_entity(STR("segment"));
  int64_t last = 0;
  for (size_t i = from; i < to; i++) {
    int64_t id = member_of(&d->j->change[i], "segment");
    if (id == last || segment_seen(d->j, from, i)) continue;
    last = id;
    buf_puts(d->out, "  segment ");
    row_key(d->s, d->j, segment, id, d->out);
    buf_puts(d->out, ": ");
    count_print(count_members(d->j, from, to, id, true), d->out);
    buf_puts(d->out, " join, ");
    count_print(count_members(d->j, from, to, id, false), d->out);
    buf_puts(d->out, " leave\n");
    print_members(d, from, to, id, true);
    print_members(d, from, to, id, false);
  }
}

/* --- what is beside the data ---------------------------------------------- */

static void print_fields(const Diff *d, size_t from, size_t to) {
  for (size_t i = from; i < to; i++) {
    const Change *c = &d->j->change[i];
    if (c->op != CHANGE_INSERT) continue;
    Val ent = change_cell(c, c->now, "entity"), name = change_cell(c, c->now, "name");
    buf_printf(d->out, "  new field %.*s.%.*s\n", STR_ARG(val_str(ent)), STR_ARG(val_str(name)));
  }
}

static void print_published(const Diff *d, size_t from, size_t to) {
  buf_puts(d->out, "  published figures: ");
  count_print(to - from, d->out);
  buf_char(d->out, '\n');
}

static void print_table(const Diff *d, size_t from, size_t to) {
  Str table = d->j->change[from].table;
  const CatEntity *ent = entity_of_table(table);
  if (str_is(table, "segment_member")) {
    print_segments(d, from, to);
  } else if (str_is(table, "field")) {
    print_fields(d, from, to);
  } else if (str_is(table, "metric_value")) {
    print_published(d, from, to);
  } else if (ent && !str_is(table, "segment")) {
    print_rows(d, ent, from, to);
    print_updates(d, ent, from, to);
  }
}

void difference_print(Store *s, const Journal *j, Str decided, size_t samples, Buf *out) {
  Diff d = {s, j, decided, samples, out};
  for (size_t from = 0; from < j->n; from = table_end(j, from)) print_table(&d, from, table_end(j, from));
}

static void item(Buf *out, size_t n, const char *what, Str field) {
  if (n == 0) return;
  if (out->n) buf_puts(out, ", ");
  count_print(n, out);
  buf_printf(out, " %s%s%.*s", what, field.n ? "." : "", STR_ARG(field));
}

void difference_line(Store *s, const Journal *j, Buf *out) {
  Buf line = {0};
  for (size_t from = 0, to; from < j->n; from = to) {
    to = table_end(j, from);
    const Change *first = &j->change[from];
    const CatEntity *ent = entity_of_table(first->table);
    if (!ent || str_is(first->table, "segment")) continue;
    if (str_is(first->table, "segment_member")) {
      for (size_t i = from; i < to; i++) {
        if (segment_seen(j, from, i)) continue;
        int64_t id = member_of(&j->change[i], "segment");
        Buf name = {0};
        buf_puts(&name, "segment ");
        row_key(s, j, catalog_entity(STR("segment")), id, &name);
        item(&line, count_members(j, from, to, id, true) + count_members(j, from, to, id, false), name.p, (Str){0});
        buf_free(&name);
      }
      continue;
    }
    Buf name = {0};
    buf_printf(&name, "new %s", ent->name);
    item(&line, of_op(j, from, to, CHANGE_INSERT), name.p, (Str){0});
    buf_clear(&name);
    buf_printf(&name, "removed %s", ent->name);
    item(&line, of_op(j, from, to, CHANGE_DELETE), name.p, (Str){0});
    buf_free(&name);
    for (size_t col = 0; col < first->ncol; col++) item(&line, touched(j, from, to, col), ent->name, first->col[col]);
  }
  buf_str(out, buf_view(&line));
  buf_free(&line);
}
