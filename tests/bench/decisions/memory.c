/* Decisions a second of one table over cases in memory: memory GRID CASES [TIMES]. GRID is the table as a
 * playbook has it, CASES tier,churn,sens,disc,margin by line. Prints the best of TIMES and the sum of the
 * rows that decided, which says that it is the same work as the peers'. */
#include "base/num.h"
#include "feel/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { INPUTS = 5 };

static const HostEntity quote = {.number = 1, .name = {"quote", 5}, .plural = {"quotes", 6}, .key = {"code", 4}};
static const Str tiers[] = {{"A", 1}, {"B", 1}, {"C", 1}}, senses[] = {{"high", 4}, {"mid", 3}, {"low", 3}};
static const Domain tier = {.n = 3, .value = tiers}, sense = {.n = 3, .value = senses};
static const HostField field[INPUTS] = {{.name = {"tier", 4}, .type = {.kind = T_TEXT, .domain = &tier}},
                                        {.name = {"churn", 5}, .type = {.kind = T_NUM}},
                                        {.name = {"sens", 4}, .type = {.kind = T_TEXT, .domain = &sense}},
                                        {.name = {"disc", 4}, .type = {.kind = T_NUM}},
                                        {.name = {"margin", 6}, .type = {.kind = T_NUM}}};

static int entity(void *ctx, Str name) {
  (void)ctx;
  return str_is(name, "quote");
}

static const HostEntity *entity_info(void *ctx, int number) {
  (void)ctx;
  return number == 1 ? &quote : NULL;
}

static const HostField *field_of(void *ctx, int number, Str name) {
  (void)ctx;
  for (size_t i = 0; number == 1 && i < INPUTS; i++)
    if (str_eq(field[i].name, name)) return &field[i];
  return NULL;
}

static Str read_file(const char *path, Arena *a) {
  Buf b = {0};
  char room[65536];
  FILE *f = fopen(path, "rb");
  for (size_t n; f && (n = fread(room, 1, sizeof room, f)) > 0;) buf_add(&b, room, n);
  if (f) fclose(f);
  Str s = {arena_strndup(a, b.p ? b.p : "", b.n), b.n};
  buf_free(&b);
  return s;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int fail(Err *e) {
  Buf b = {0};
  err_print(e, &b);
  fputs(b.p, stderr);
  buf_free(&b);
  err_free(e);
  return 1;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  Arena a = {0};
  Err e = {0};
  FeelHost host = {.entity = entity, .entity_info = entity_info, .field = field_of, .fmt = {.null = "?"}};
  Src grid = {.text = read_file(argv[1], &a), .file = argv[1], .line = 1, .col = 1};
  Str rest = read_file(argv[2], &a);
  Rules *r = rules_new(&host, DIALECT_RULES, "bench", "quote");
  if (!rules_table(r, "concession", NULL, grid, &e) || !rules_check(r, &e)) return fail(&e);
  size_t n = 0, room = rest.n / 8 + 1;
  Val *in[INPUTS];
  for (size_t k = 0; k < INPUTS; k++) in[k] = arena_alloc(&a, room * sizeof(Val));
  while (rest.n) {
    Str line = str_split(rest, '\n', &rest);
    for (size_t k = 0; k < INPUTS && line.n; k++) {
      Str cell = str_split(line, ',', &line);
      if (!num_parse(cell, &in[k][n], &a)) in[k][n] = val_text(cell);
    }
    n++;
    if (!rest.p) break;
  }
  const TableInfo *t = rules_table_info(r, STR("concession"));
  int32_t *row = arena_alloc(&a, n * sizeof *row), *blocked = arena_alloc(&a, n * sizeof *blocked);
  Val *out = arena_alloc(&a, n * t->nout * sizeof *out);
  double best = 1e9;
  int64_t sum = 0;
  for (int k = argc > 3 ? atoi(argv[3]) : 5; k > 0; k--) {
    Eval *ev = eval_new(r, 0);
    double from = now();
    if (!table_decide_many(ev, t, (const Val *const *)in, n, row, blocked, out, &e)) return fail(&e);
    double took = now() - from;
    if (took < best) best = took;
    eval_free(ev);
  }
  for (size_t i = 0; i < n; i++) sum += row[i];
  printf("%.0f %lld\n", (double)n / best, (long long)sum);
  rules_free(r);
  arena_free(&a);
  return 0;
}
