#include "run/difference.h"

#include "base/lang.h"

#include "run/decided.h"
#include "run/json.h"
#include "run/lookup.h"
#include "run/rawtext.h"
#include "run/segments.h"
#include "run/state.h"

enum { TRANSITIONS = 8 };

typedef struct Diff {
  Store *s;
  const Journal *j;
  Str decided;
  int64_t run;
  size_t samples;
  Buf *out;
} Diff;

typedef struct Move { Val was, now; size_t n; } Move;

/* How often each old value becomes each new one; SIZE_MAX when there are too many kinds to list. */
static size_t moves(const Journal *j, size_t from, size_t to, Str column, Move *move) {
  size_t n = 0;
  Val was, now;
  for (size_t i = from; i < to; i++) {
    if (!change_of(&j->change[i], column, &was, &now)) continue;
    size_t k = 0;
    while (k < n && (val_order(move[k].was, was) || val_order(move[k].now, now))) k++;
    if (k == n && n == TRANSITIONS) return SIZE_MAX;
    if (k == n) move[n++] = (Move){was, now, 0};
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
static bool reason_of(Str outputs, Reason *r) {
  Str *name;
  Val *val;
  size_t n, at = 0;
  if (!json_read(outputs, &r->a, &name, &val, &n)) return false;
  while (at < n && !str_eq(name[at], r->field)) at++;
  if (at == n) return false;
  buf_clear(&r->out);
  for (size_t i = 0; i < n; i++) {
    if (i == at || val[i].t != V_TEXT) continue;
    if (r->out.n) buf_puts(&r->out, "; ");
    buf_str(&r->out, val_str(val[i]));
  }
  return true;
}

static void add_roots(Str lines, Reason *r) {
  while (lines.p && lines.n) {
    Str line = str_trim(str_split(lines, '\n', &lines));
    if (!line.n) continue;
    if (r->out.n) buf_puts(&r->out, "; ");
    buf_str(&r->out, line);
  }
}

static bool find_reason(void *ctx, const DecidedCase *c, Err *e) {
  (void)e;
  Reason *r = ctx;
  if (reason_of(c->outputs, r)) add_roots(c->roots.n ? c->roots : decided_roots(c->why), r);
  return true;
}

static void print_reason(const Diff *d, const CatEntity *ent, Str field, int64_t id) {
  Reason r = {.ent = ent, .id = id, .field = field};
  Err ignored = {0};
  DecisionRef logged = {0};
  RowRef row = {ent, id};
  decided_row(d->decided, str_of(ent->name), id, find_reason, &r, &ignored);
  if (d->run && lookup_decision(d->s, &row, field, d->run, DAY_ANY, &r.a, &logged, &ignored) && reason_of(logged.outputs, &r))
    add_roots(logged.roots, &r);
  if (r.out.n) buf_printf(d->out, "   %s", r.out.p);
  err_free(&ignored);
  buf_free(&r.out);
  arena_free(&r.a);
}

static void print_samples(const Diff *d, const CatEntity *ent, size_t from, size_t to, Str column, size_t total) {
  size_t shown = 0;
  Val was, now;
  for (size_t i = from; i < to && shown < d->samples; i++) {
    const Change *c = &d->j->change[i];
    if (!change_of(c, column, &was, &now)) continue;
    buf_puts(d->out, "    ");
    row_label(d->s, d->j, ent, c->id, d->out);
    buf_puts(d->out, "  ");
    arrow(d, ent, column, was, now);
    print_reason(d, ent, column, c->id);
    buf_char(d->out, '\n');
    shown++;
  }
  if (shown < total) {
    buf_puts(d->out, "    … ");
    count_print(total - shown, d->out);
    buf_say(d->out, " more\n");
  }
}

static size_t touched(const Journal *j, size_t from, size_t to, Str column) {
  size_t n = 0;
  Val was, now;
  for (size_t i = from; i < to; i++) n += change_of(&j->change[i], column, &was, &now);
  return n;
}

static size_t of_op(const Journal *j, size_t from, size_t to, ChangeOp op) {
  size_t n = 0;
  for (size_t i = from; i < to; i++) n += j->change[i].op == op;
  return n;
}

static void print_updates(const Diff *d, const CatEntity *ent, size_t from, size_t to) {
  Arena a = {0};
  Str *col;
  size_t ncol = changed_columns(d->j, from, to, &a, &col);
  for (size_t i = 0; i < ncol; i++) {
    size_t n = touched(d->j, from, to, col[i]);
    buf_printf(d->out, "  %s.%.*s: ", ent->name, STR_ARG(col[i]));
    count_print(n, d->out);
    buf_say(d->out, n == 1 ? " change\n" : N_(" changes\n"));
    Move move[TRANSITIONS];
    size_t kinds = moves(d->j, from, to, col[i], move);
    if (kinds != SIZE_MAX && kinds < n) print_moves(d, ent, col[i], move, kinds);
    print_samples(d, ent, from, to, col[i], n);
  }
  arena_free(&a);
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

static void print_members(const Diff *d, const Moved *m, size_t n, int64_t segment, bool joins) {
  const CatEntity *account = catalog_entity(STR("account"));
  size_t total = segment_count(m, n, segment, joins), shown = 0;
  if (total == 0) return;
  buf_say(d->out, joins ? "    join   " : N_("    leave  "));
  for (size_t i = 0; i < n && shown < d->samples; i++) {
    if (m[i].segment != segment || m[i].joins != joins) continue;
    if (shown++) buf_puts(d->out, ", ");
    row_label(d->s, d->j, account, m[i].account, d->out);
  }
  if (shown < total) {
    buf_puts(d->out, ", … ");
    count_print(total - shown, d->out);
    buf_say(d->out, " more");
  }
  buf_char(d->out, '\n');
}

static void print_segments(const Diff *d, size_t from, size_t to) {
  Arena a = {0};
  Moved *m;
  size_t n;
  int64_t *segment;
  segment_moves(d->s, d->j, from, to, &a, &m, &n);
  size_t count = segment_list(m, n, &a, &segment);
  for (size_t i = 0; i < count; i++) {
    buf_say(d->out, "  segment ");
    row_key(d->s, d->j, catalog_entity(STR("segment")), segment[i], d->out);
    buf_puts(d->out, ": ");
    count_print(segment_count(m, n, segment[i], true), d->out);
    buf_say(d->out, " join, ");
    count_print(segment_count(m, n, segment[i], false), d->out);
    buf_say(d->out, " leave\n");
    print_members(d, m, n, segment[i], true);
    print_members(d, m, n, segment[i], false);
  }
  arena_free(&a);
}

/* --- what is beside the data ---------------------------------------------- */

static void print_fields(const Diff *d, size_t from, size_t to) {
  for (size_t i = from; i < to; i++) {
    const Change *c = &d->j->change[i];
    if (c->op != CHANGE_INSERT) continue;
    Val ent = change_cell(c, c->now, "entity"), name = change_cell(c, c->now, "name");
    buf_say(d->out, "  new field %.*s.%.*s\n", STR_ARG(val_str(ent)), STR_ARG(val_str(name)));
  }
}

static void print_published(const Diff *d, size_t from, size_t to) {
  buf_say(d->out, "  published figures: ");
  count_print(to - from, d->out);
  buf_char(d->out, '\n');
}

static void print_table(const Diff *d, size_t from, size_t to) {
  Str table = d->j->change[from].table;
  const CatEntity *ent = entity_of_table(table);
  if (str_is(table, "segment_member")) {
    print_segments(d, from, to);
  } else if (str_is(table, "metric_value")) {
    print_published(d, from, to);
  } else if (ent && !str_is(table, "segment")) {
    print_rows(d, ent, from, to);
    print_updates(d, ent, from, to);
  }
}

void difference_print(Store *s, const Journal *j, Str decided, int64_t run, size_t samples, Buf *out) {
  Diff d = {s, j, decided, run, samples, out};
  for (size_t from = 0; from < j->n; from = table_end(j, from)) /* new fields before the values they hold */
    if (str_is(j->change[from].table, "field")) print_fields(&d, from, table_end(j, from));
  for (size_t from = 0; from < j->n; from = table_end(j, from)) print_table(&d, from, table_end(j, from));
}

/* --- in one line ------------------------------------------------------------ */

static void item(Buf *out, size_t n, const char *what, Str name) {
  if (n == 0) return;
  if (out->n) buf_puts(out, ", ");
  count_print(n, out);
  buf_printf(out, " %s%.*s", what, STR_ARG(name));
}

void difference_item(size_t n, ChangeOp op, Str entity, Str column, Buf *line) {
  Buf what = {0};
  buf_printf(&what, "%s%.*s%s", op == CHANGE_INSERT ? "new " : op == CHANGE_DELETE ? "removed " : "", STR_ARG(entity),
             op == CHANGE_UPDATE ? "." : "");
  item(line, n, what.p, column);
  buf_free(&what);
}

static void line_of_segments(Store *s, const Journal *j, size_t from, size_t to, Buf *line) {
  Arena a = {0};
  Moved *m;
  size_t n;
  int64_t *segment;
  segment_moves(s, j, from, to, &a, &m, &n);
  size_t count = segment_list(m, n, &a, &segment);
  for (size_t i = 0; i < count; i++) {
    Buf name = {0};
    row_key(s, j, catalog_entity(STR("segment")), segment[i], &name);
    item(line, segment_count(m, n, segment[i], true) + segment_count(m, n, segment[i], false), "segment ",
         buf_view(&name));
    buf_free(&name);
  }
  arena_free(&a);
}

static void line_of_entity(const Journal *j, size_t from, size_t to, const CatEntity *ent, Buf *line) {
  Arena a = {0};
  Str *col, name = str_of(ent->name);
  difference_item(of_op(j, from, to, CHANGE_INSERT), CHANGE_INSERT, name, STR(""), line);
  difference_item(of_op(j, from, to, CHANGE_DELETE), CHANGE_DELETE, name, STR(""), line);
  size_t ncol = changed_columns(j, from, to, &a, &col);
  for (size_t i = 0; i < ncol; i++)
    difference_item(touched(j, from, to, col[i]), CHANGE_UPDATE, name, col[i], line);
  arena_free(&a);
}

void difference_line(Store *s, const Journal *j, Buf *out) {
  Buf line = {0};
  for (size_t from = 0, to; from < j->n; from = to) {
    to = table_end(j, from);
    const CatEntity *ent = entity_of_table(j->change[from].table);
    if (str_is(j->change[from].table, "segment_member"))
      line_of_segments(s, j, from, to, &line);
    else if (ent && !str_is(j->change[from].table, "segment"))
      line_of_entity(j, from, to, ent, &line);
  }
  buf_str(out, buf_view(&line));
  buf_free(&line);
}
