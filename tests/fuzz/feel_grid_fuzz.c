/* Text blocks and decision grids, which are analysed. First byte: definitions, a grid, cases, CSV, a Lua file. */
#include "fuzz.h"

#include "feel/analyse.h"
#include "feel/ast.h"
#include "feel/block.h"

#include <string.h>

static void cells(const Grid *g, size_t most, Arena *a) {
  size_t n = g->nrow * (g->nin + g->nout);
  for (size_t i = 0; i < n; i++) {
    claim(g->cell[i].text.n <= 4 * most, "a cell is no longer than its grid, which may have been GB18030");
    Err e = {0};
    if (i % (g->nin + g->nout) < g->nin) feel_parse_tests(&g->cell[i], DIALECT_RULES, false, a, &e);
    err_free(&e);
  }
}

static const HostEntity thing = {.number = 1, .name = {"thing", 5}, .plural = {"things", 6}, .key = {"code", 4}};
static const Str letters[] = {{"A", 1}, {"B", 1}, {"C", 1}};
static const Domain abc = {.ranked = true, .n = 3, .value = letters};
static const HostField field[] = {{.name = {"tier", 4}, .type = {.kind = T_TEXT, .domain = &abc}},
                                  {.name = {"x", 1}, .type = {.kind = T_NUM}},
                                  {.name = {"y", 1}, .type = {.kind = T_NUM, .unit = UNIT_PERCENT}},
                                  {.name = {"day", 3}, .type = {.kind = T_DATE}},
                                  {.name = {"late", 4}, .type = {.kind = T_SECS}},
                                  {.name = {"name", 4}, .type = {.kind = T_TEXT}},
                                  {.name = {"open", 4}, .type = {.kind = T_BOOL}},
                                  {.name = {"list", 4}, .type = {.kind = T_LIST}}};

static int entity(void *ctx, Str name) {
  (void)ctx;
  return str_is(name, "thing");
}

static const HostEntity *entity_info(void *ctx, int number) {
  (void)ctx;
  return number == 1 ? &thing : NULL;
}

static const HostField *field_of(void *ctx, int number, Str name) {
  (void)ctx;
  for (size_t i = 0; number == 1 && i < sizeof field / sizeof *field; i++)
    if (str_eq(field[i].name, name)) return &field[i];
  return NULL;
}

/* What a gap says hits no row does hit none; and no table takes the analysis down. */
static void analyse(const Src *src, bool csv) {
  FeelHost host = {.entity = entity, .entity_info = entity_info, .field = field_of, .fmt = {.null = "?"}};
  Err e = {0};
  Arena a = {0};
  Rules *r = rules_new(&host, DIALECT_RULES, "fuzz", "thing");
  bool ok = csv ? rules_table_csv(r, "t", NULL, *src, &e) : rules_table(r, "t", NULL, *src, &e);
  if (ok && rules_check(r, &e)) {
    const TableInfo *t = rules_table_info(r, STR("t"));
    Eval *ev = eval_new(r, 20758);
    const Finding *f;
    size_t n = table_analyse(ev, t, &a, &f);
    for (size_t i = 0; i < n; i++) {
      int32_t row = 0, blocked;
      Val *out = arena_zalloc(&a, t->nout, sizeof *out);
      claim(f[i].what != NULL, "a finding is a sentence");
      if (f[i].kind != FIND_GAP || !f[i].example) continue;
      Err none = {0};
      claim(!table_decide(ev, t, f[i].example, &row, &blocked, out, &none), "the example of a gap hits no row");
      err_free(&none);
    }
    eval_free(ev);
  }
  err_free(&e);
  rules_free(r);
  arena_free(&a);
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
  if (ok && (data[0] % 5 == 1 || data[0] % 5 == 3)) analyse(&src, data[0] % 5 == 3);
  Buf text = {0};
  if (e.kind) err_print(&e, &text);
  buf_free(&text);
  err_free(&e);
  arena_free(&a);
  free(copy);
  return 0;
}
