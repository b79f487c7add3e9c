/* What a what-if found, as text and tables. */
#include "verb/whatif.h"

#include "verb/out.h"

#include "base/lang.h"
#include "run/rawtext.h"

#include <stdlib.h>
#include <string.h>

static void headline(What *w) {
  Buf out = {0}, line = {0};
  whatif_given(w, &out);
  buf_say(&line, "%s as of ", playbook_name(w->was.playbook));
  day_print(w->c->asof, &line);
  if (out.n) buf_say(&line, ", with %s", out.p);
  else buf_say(&line, ", with nothing changed");
  report_note(&w->rep, buf_view(&line));
  buf_free(&out);
  buf_free(&line);
}

static UiColumn plain(const char *title) { return (UiColumn){str_of(title), UNIT_NONE, FMT_NONE}; }

static size_t total_columns(const What *w, const char *prefix, UiColumn *col) {
  for (size_t k = 0; k < w->ntotal; k++) {
    Str title = expr_title(w->total[k]);
    const char *text = *prefix ? arena_printf(&w->c->arena, "%s(%.*s)", prefix, STR_ARG(title)) : NULL;
    col[k] = (UiColumn){text ? str_of(text) : title, expr_type(w->total[k]).unit, expr_fmt(w->total[k])};
  }
  return w->ntotal;
}

static void put_moves(What *w, size_t table) {
  const WhatIfTable *t = &w->found.table[table];
  Move *move;
  size_t n = whatif_moves(w, table, &move), ncol = 4 + w->ntotal;
  Buf title = {0};
  buf_printf(&title, "%.*s: ", STR_ARG(t->name));
  count_print(t->changed, &title);
  buf_say(&title, " of ");
  count_print(t->cases, &title);
  buf_say(&title, " change");
  if (t->gone || t->come) {
    buf_puts(&title, "; ");
    count_print(t->gone, &title);
    buf_say(&title, " no longer decided, ");
    count_print(t->come, &title);
    buf_say(&title, " newly");
  }
  if (!n) {
    report_note(&w->rep, buf_view(&title));
    buf_free(&title);
    return;
  }
  UiColumn *col = arena_alloc(&w->c->arena, ncol * sizeof *col);
  col[0] = plain("output"), col[1] = plain("was"), col[2] = plain("now"), col[3] = plain("count");
  total_columns(w, "sum", col + 4);
  Val *cell;
  report_table(&w->rep, buf_view(&title), col, ncol, n, &cell)->table.words = true;
  for (size_t i = 0; i < n; i++, cell += ncol) {
    const WhatIfChange *c = move[i].first;
    cell[0] = val_text(c->column), cell[1] = c->was, cell[2] = c->now, cell[3] = val_int((int64_t)move[i].n);
    for (size_t k = 0; k < w->ntotal; k++) cell[4 + k] = move[i].sum[k];
    for (size_t k = 0; k < ncol; k++) cell[k] = val_copy(cell[k], &w->rep.arena);
  }
  buf_free(&title);
}

/* --- who ---------------------------------------------------------------------------------------- */

typedef struct Line { size_t change; Val by; } Line;

/* The largest first figure first, unknown last; then as they stand. */
static int by_figure(const void *a, const void *b) {
  const Line *x = a, *y = b;
  bool nx = x->by.t == V_NULL, ny = y->by.t == V_NULL;
  if (nx != ny) return nx ? 1 : -1;
  int c = nx ? 0 : -val_order(x->by, y->by);
  return c ? c : x->change < y->change ? -1 : 1;
}

static bool put_changed(What *w, Err *e) {
  const WhatIf *f = &w->found;
  int64_t top = -1;
  if (!cli_opt_int(w->c, "top", 0, &top, e)) return false;
  Line *line = arena_alloc(&w->c->arena, (f->nchange + 1) * sizeof *line);
  for (size_t i = 0; i < f->nchange; i++) line[i] = (Line){i, w->ntotal ? w->figure[i * w->ntotal] : val_null()};
  if (f->nchange) qsort(line, f->nchange, sizeof *line, by_figure);
  size_t n = top >= 0 && (size_t)top < f->nchange ? (size_t)top : f->nchange, ncol = 4 + w->ntotal;
  UiColumn *col = arena_alloc(&w->c->arena, ncol * sizeof *col);
  col[0] = plain("row"), col[1] = plain("output"), col[2] = plain("was"), col[3] = plain("now");
  total_columns(w, "", col + 4);
  Val *cell;
  report_table(&w->rep, STR(N_("Changed")), col, ncol, n, &cell)->table.words = true;
  Buf label = {0};
  for (size_t i = 0; i < n; i++, cell += ncol) {
    const WhatIfChange *c = &f->change[line[i].change];
    buf_clear(&label);
    row_label(w->c->store, NULL, catalog_entity(f->table[c->table].entity), c->id, &label);
    cell[0] = val_text(buf_view(&label)), cell[1] = val_text(c->column), cell[2] = c->was, cell[3] = c->now;
    for (size_t k = 0; k < w->ntotal; k++) cell[4 + k] = w->figure[line[i].change * w->ntotal + k];
    for (size_t k = 0; k < ncol; k++) cell[k] = val_copy(cell[k], &w->rep.arena);
  }
  buf_free(&label);
  return true;
}

static void put_segments(What *w) {
  const WhatIf *f = &w->found;
  if (!f->nsegment) return;
  const UiColumn col[] = {plain("segment"), plain("was"), plain("now")};
  Val *cell;
  report_table(&w->rep, STR(N_("Members")), col, 3, f->nsegment, &cell)->table.words = true;
  for (size_t i = 0; i < f->nsegment; i++, cell += 3) {
    cell[0] = val_copy(val_text(f->segment[i].name), &w->rep.arena);
    cell[1] = val_int(f->segment[i].was);
    cell[2] = val_int(f->segment[i].now);
  }
}

static void put_written(What *w) {
  size_t was = plan_changes(w->before), now = plan_changes(w->after);
  if (!was && !now) return;
  Buf out = {0};
  buf_say(&out, "a run would change ");
  count_print(now, &out);
  buf_say(&out, " row%s (", now == 1 ? "" : "s");
  count_print(was, &out);
  buf_say(&out, " as it stands)");
  report_note(&w->rep, buf_view(&out));
  buf_free(&out);
}

bool whatif_show(What *w, Err *e) {
  const WhatIf *f = &w->found;
  headline(w);
  for (size_t i = 0; i < f->ntable; i++) put_moves(w, i);
  put_segments(w);
  put_written(w);
  return (!cli_flag(w->c, "list") || put_changed(w, e)) && out_report(w->c, &w->rep, UI_TABLE, e);
}
