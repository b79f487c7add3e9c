#include "feel/grid_write.h"

#include "feel/grid.h"
#include "feel/space.h"

#include <string.h>

void grid_cell_csv(Str s, const char *prefix, bool first, Buf *out) {
  s = str_trim(s);
  bool quote = false;
  for (size_t i = 0; i < s.n && !quote; i++) quote = strchr(",;\"\t\r\n", s.p[i]) != NULL;
  if (!first) buf_char(out, ',');
  if (quote) buf_char(out, '"');
  buf_puts(out, prefix);
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '"') buf_char(out, '"');
    buf_char(out, s.p[i]);
  }
  if (quote) buf_char(out, '"');
}

void table_write_csv(const TableInfo *table, Buf *out) {
  static const char *const mark[] = {[GRID_ROW] = "", [GRID_ELSE] = "else", [GRID_UNKNOWN] = "unknown"};
  const Table *t = (const Table *)(const void *)table;
  const Grid *g = &t->grid;
  size_t per = g->nin + g->nout;
  buf_puts(out, "\xEF\xBB\xBF");
  grid_cell_csv(g->policy.text, "", true, out);
  for (size_t k = 0; k < g->nin; k++) grid_cell_csv(g->in[k].text, "", false, out);
  for (size_t k = 0; k < g->nout; k++) grid_cell_csv(g->out[k].text, g->note[k] ? "note:" : "out:", false, out);
  buf_puts(out, "\r\n");
  for (size_t row = 0; row < g->nrow; row++) {
    grid_cell_csv(str_of(mark[g->mark[row]]), "", true, out);
    for (size_t k = 0; k < per; k++) grid_cell_csv(g->cell[row * per + k].text, "", false, out);
    buf_puts(out, "\r\n");
  }
}
