#include "verb/import_table.h"

#include "base/lang.h"

#include "lua/find.h"
#include "verb/out.h"

#include "feel/block.h"

#include <string.h>

/* FILE, or for a workbook the CSV file beside it. */
static const char *target(Cli *c, Arena *a) {
  size_t n = strlen(c->arg[0]);
  bool workbook = n > 5 && strcmp(c->arg[0] + n - 5, ".xlsx") == 0;
  return c->output ? c->output : workbook ? arena_printf(a, "%.*s.csv", (int)n - 5, c->arg[0]) : c->arg[0];
}

static bool whole(const Src *src, Arena *a, Grid *g, Err *e) {
  return grid_parse_csv(src, a, g, e) || err_left(e, "nothing was written");
}

bool import_table(Cli *c, Err *e) {
  const char *fill = cli_opt(c, "fill");
  if (!find_is_csv(c->arg[0])) return err_set(e, ERR_USAGE, "a table is imported from a .csv or .xlsx file");
  if (fill && strcmp(fill, "down") != 0) {
    err_set(e, ERR_USAGE, "--fill %s: blank tests are filled from above only", fill);
    return err_todo(e, "write --fill down");
  }
  Arena a = {0};
  Buf text = {0}, filled = {0};
  size_t n = 0;
  Grid g;
  bool ok = find_table(c->arg[0], &text, e);
  Src src = {.text = buf_view(&text), .file = c->arg[0], .line = 1, .col = 1};
  ok = ok && (!fill || grid_fill_down(&src, &filled, &n, e));
  if (ok && fill) src.text = buf_view(&filled);
  ok = ok && whole(&src, &a, &g, e);
  bool write = ok && (n || c->output || strcmp(target(c, &a), c->arg[0]) != 0);
  if (write) {
    c->output = target(c, &a);
    ok = out_text(c, src.text, e);
  }
  if (ok && fill) out_say("%zu blank test%s filled from above", n, n == 1 ? "" : "s");
  if (ok) out_say(write ? "%zu rows of a table are in %s" : N_("%zu rows of a table; %s stays as it is"), g.nrow, target(c, &a));
  buf_free(&text);
  buf_free(&filled);
  arena_free(&a);
  return ok;
}
