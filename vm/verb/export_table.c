#include "verb/export_table.h"

#include "verb/out.h"
#include "verb/play.h"

#include "feel/block.h"
#include "feel/grid_write.h"
#include "feel/src.h"

static bool no_table(const Rules *r, Str name, const char *book, Err *e) {
  const TableInfo *const *list;
  size_t n = rules_table_list(r, &list);
  Str *known = mem_alloc((n + 1) * sizeof *known);
  for (size_t i = 0; i < n; i++) known[i] = list[i]->name;
  err_set(e, ERR_USAGE, "%s has no table %.*s", book, STR_ARG(name));
  src_suggest(e, name, known, n);
  mem_free(known);
  return false;
}

/* As text, every cell: a spreadsheet makes no date of a 3-5 that is text already. */
static bool workbook(Cli *c, const TableInfo *t, Err *e) {
  Buf csv = {0};
  Report rep = {0};
  Grid g;
  table_write_csv(t, &csv);
  Src src = {.text = buf_view(&csv), .line = 1, .col = 1};
  bool ok = grid_parse_csv(&src, &rep.arena, &g, e);
  if (ok) {
    size_t n = 1 + g.nin + g.nout;
    UiColumn *col = arena_zalloc(&rep.arena, n, sizeof *col);
    col[0].title = g.policy.text;
    for (size_t k = 0; k < g.nin; k++) col[1 + k].title = g.in[k].text;
    for (size_t k = 0; k < g.nout; k++)
      col[1 + g.nin + k].title =
          str_of(arena_printf(&rep.arena, "%s:%.*s", g.note[k] ? "note" : "out", STR_ARG(g.out[k].text)));
    Val *cell;
    report_table(&rep, t->name, col, n, g.nrow, &cell);
    for (size_t row = 0; row < g.nrow; row++, cell += n) {
      Str mark = g.mark[row] == GRID_ELSE ? STR("else") : g.mark[row] == GRID_UNKNOWN ? STR("unknown") : (Str){0};
      if (mark.n) cell[0] = val_text(mark);
      for (size_t k = 1; k < n; k++) {
        Str text = str_trim(g.cell[row * (n - 1) + k - 1].text);
        if (text.n) cell[k] = val_copy(val_text(text), &rep.arena);
      }
    }
  }
  ok = ok && out_report(c, &rep, UI_XLSX, e);
  report_free(&rep);
  buf_free(&csv);
  return ok;
}

bool export_table(Cli *c, Err *e) {
  Str book, table = str_split(str_of(c->arg[0]), '@', &book);
  Play play = {0};
  Buf text = {0};
  bool ok = cli_store(c, STORE_READ, e) && play_open(c, book.p, &play, e);
  bool xlsx = c->format_given && c->format == UI_XLSX;
  if (ok && c->format_given && c->format != UI_CSV && !xlsx)
    ok = err_set(e, ERR_USAGE, "a decision table is exported as csv or xlsx, or with --dmn");
  const Rules *r = ok ? playbook_rules(play.playbook) : NULL;
  const TableInfo *t = r ? rules_table_info(r, table) : NULL;
  if (ok && (!t || !t->nrow)) ok = no_table(r, table, book.p, e);
  if (ok && xlsx) {
    ok = workbook(c, t, e);
  } else if (ok) {
    table_write_csv(t, &text);
    ok = out_text(c, buf_view(&text), e);
  }
  buf_free(&text);
  play_close(&play);
  return ok;
}
