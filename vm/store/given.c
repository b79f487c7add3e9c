#include "store/given.h"

#include "store/import_table.h"

struct Given {
  RowTable rows;
  StoreCellFn cell;
  void *ctx;
};

static Val given_cell(const void *ctx, size_t row, size_t column) {
  const Given *g = ctx;
  return g->cell(g->ctx, row, column);
}

void given_forget(Store *s) {
  mem_free(s->given);
  s->given = NULL;
}

/* The module stays: statements that read it are kept as others are. */
static bool given_open(Store *s, Err *e) {
  if (s->given) return true;
  if (store_asleep(s) && !store_wake(s, e)) return false;
  s->given = mem_zalloc(1, sizeof *s->given);
  if (table_open(s, "given", &s->given->rows, e)) return true;
  given_forget(s);
  return false;
}

bool store_exec_given(Store *s, const char *sql, const Val *bind, size_t nbind, size_t n, StoreCellFn cell, void *ctx, Err *e) {
  if (!given_open(s, e)) return false;
  Given *g = s->given;
  g->rows = (RowTable){n, given_cell, g};
  g->cell = cell, g->ctx = ctx;
  bool ok = store_exec(s, sql, bind, nbind, e);
  g->rows = (RowTable){0};
  return ok;
}
