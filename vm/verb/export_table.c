#include "verb/export_table.h"

#include "verb/out.h"
#include "verb/play.h"

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

bool export_table(Cli *c, Err *e) {
  Str book, table = str_split(str_of(c->arg[0]), '@', &book);
  Play play = {0};
  Buf text = {0};
  bool ok = cli_store(c, STORE_READ, e) && play_open(c, book.p, &play, e);
  if (ok && c->format_given && c->format != UI_CSV)
    ok = err_set(e, ERR_USAGE, "a decision table is exported as csv, or with --dmn");
  const Rules *r = ok ? playbook_rules(play.playbook) : NULL;
  const TableInfo *t = r ? rules_table_info(r, table) : NULL;
  if (ok && (!t || !t->nrow)) ok = no_table(r, table, book.p, e);
  if (ok) table_write_csv(t, &text);
  ok = ok && out_text(c, buf_view(&text), e);
  buf_free(&text);
  play_close(&play);
  return ok;
}
