/* Text blocks and decision grids. First byte: definitions, a grid, cases, CSV, a Lua file. */
#include "fuzz.h"

#include "feel/ast.h"
#include "feel/block.h"

#include <string.h>

static void cells(const Grid *g, size_t most, Arena *a) {
  size_t n = g->nrow * (g->nin + g->nout);
  for (size_t i = 0; i < n; i++) {
    claim(g->cell[i].text.n <= most, "a cell is no longer than its grid");
    Err e = {0};
    if (i % (g->nin + g->nout) < g->nin) feel_parse_tests(&g->cell[i], DIALECT_RULES, false, a, &e);
    err_free(&e);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (!size) return 0;
  size_t n = size - 1;
  char *copy = malloc(n ? n : 1);
  if (!copy) return 0;
  memcpy(copy, data + 1, n);
  Src src = {.text = {copy, n}, .file = "fuzz", .line = 1, .col = 1, .what = data[0] & 128 ? "table x" : NULL};
  Arena a = {0};
  Err e = {0};
  Grid g = {0};
  Def *def;
  size_t ndef;
  bool ok;
  switch (data[0] % 5) {
    case 0: ok = block_defs(&src, &a, &def, &ndef, &e); break;
    case 1: ok = grid_parse(&src, &a, &g, &e); break;
    case 2: ok = grid_parse_cases(&src, &a, &g, &e); break;
    case 3: ok = grid_parse_csv(&src, &a, &g, &e); break;
    default: ok = block_closed_early(&src, &e);
  }
  claim(ok == (e.kind == ERR_NONE), "a grid or an error");
  if (ok && data[0] % 5 >= 1 && data[0] % 5 <= 3) cells(&g, n, &a);
  Buf text = {0};
  if (e.kind) err_print(&e, &text);
  buf_free(&text);
  err_free(&e);
  arena_free(&a);
  free(copy);
  return 0;
}
