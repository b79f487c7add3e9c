/* Random decision tables over accounts: tier, headcount and a text or a list. */
#ifndef FEEL_TABLES_H
#define FEEL_TABLES_H
#include "feel_dice.h"
#include "feel_fake.h"

#include <stdio.h>

static const Day AS_OF = 20758; /* 2026-11-01 */

typedef struct Book {
  Fake *f;
  Rules *r;
  Eval *ev;
} Book;

static Book book(const char *fields, const char *metrics, const char *grid) {
  Book b = {.f = fake_new()};
  Err e = {0};
  b.r = rules_new(&b.f->host, DIALECT_RULES, "t", "account");
  assert_true(rules_args(b.r, fake_src("good = 15%\nlate = 30d", "a.lua"), &e));
  if (fields) assert_true(rules_fields(b.r, fake_src(fields, "f.lua"), &e));
  if (metrics) assert_true(rules_metrics(b.r, fake_src(metrics, "m.lua"), &e));
  if (!rules_table(b.r, "t", NULL, fake_src(grid, "t.lua"), &e) || !rules_check(b.r, &e)) {
    Buf text = {0};
    err_print(&e, &text);
    fail_msg("%s\n%s", grid, text.p);
  }
  b.ev = eval_new(b.r, AS_OF);
  return b;
}

static void shut(Book *b) {
  eval_free(b->ev);
  rules_free(b->r);
  fake_free(b->f);
}

static const TableInfo *info(const Book *b) { return rules_table_info(b->r, STR("t")); }

enum { ROWS_MOST = 6, INPUTS = 3 };

typedef struct RandomTable {
  char head[200], line[ROWS_MOST][200], tail[200];
  size_t n, nin;
  bool list;
} RandomTable;

static void number_cell(Buf *b) {
  uint32_t k = roll(4), j = k + roll(3);
  switch (roll(11)) {
    case 0: case 1: case 2: buf_puts(b, "-"); break;
    case 3: buf_printf(b, "< %u", k); break;
    case 4: buf_printf(b, "<= %u", k); break;
    case 5: buf_printf(b, "> %u", k); break;
    case 6: buf_printf(b, "%u, %u", k, j); break;
    case 7: buf_printf(b, "[%u..%u)", k, j); break;
    case 8: buf_printf(b, "(%u..%u]", k, j); break;
    case 9: buf_printf(b, "not(>= %u)", k); break;
    default: buf_puts(b, roll(2) ? "null" : "not(null)");
  }
}

static void text_cell(const char *const *value, Buf *b) {
  uint32_t n = roll(4);
  if (!n) {
    buf_puts(b, "-");
    return;
  }
  bool not = roll(4) == 0;
  buf_puts(b, not ? "not(" : "");
  for (uint32_t i = 0; i < n; i++) buf_printf(b, "%s%s", i ? ", " : "", one_of(value));
  buf_puts(b, not ? ")" : "");
}

__attribute__((unused)) static RandomTable random_table(const char *policy) {
  static const char *const tiers[] = {"A", "B", "C", "D", NULL}, *const regions[] = {"x", "y", NULL},
                    *const lines[] = {"p", "q", NULL}, *const outs[] = {"u", "v", "w", NULL};
  RandomTable t = {.n = 1 + roll(ROWS_MOST), .nin = 1 + roll(INPUTS), .list = roll(2)};
  Buf b = {0};
  buf_printf(&b, "%s | tier%s", policy, roll(2) ? "?" : "");
  if (t.nin > 1) buf_printf(&b, " | headcount%s", roll(2) ? "?" : "");
  if (t.nin > 2) buf_printf(&b, " | %s%s", t.list ? "lines" : "region", roll(2) ? "?" : "");
  buf_puts(&b, " || x\n");
  snprintf(t.head, sizeof t.head, "%s", b.p);
  for (size_t i = 0; i < t.n; i++) {
    buf_clear(&b);
    buf_puts(&b, " | ");
    text_cell(tiers, &b);
    if (t.nin > 1) buf_puts(&b, " | "), number_cell(&b);
    if (t.nin > 2) buf_puts(&b, " | "), text_cell(t.list ? lines : regions, &b);
    buf_printf(&b, " || %s\n", one_of(outs));
    snprintf(t.line[i], sizeof t.line[i], "%s", b.p);
  }
  buf_clear(&b);
  const char *bars[] = {"", "| ", "| | ", "| | | "};
  if (roll(2)) buf_printf(&b, "unknown %s|| z\n", bars[t.nin]);
  if (roll(3) == 0) buf_printf(&b, "else %s|| %s\n", bars[t.nin], one_of(outs));
  snprintf(t.tail, sizeof t.tail, "%s", b.p ? b.p : "");
  buf_free(&b);
  return t;
}

__attribute__((unused)) static char *grid_of(const RandomTable *t, size_t without, size_t only) {
  Buf b = {0};
  buf_puts(&b, t->head);
  for (size_t i = 0; i < t->n; i++)
    if (i != without && (only == SIZE_MAX || only == i)) buf_puts(&b, t->line[i]);
  buf_puts(&b, t->tail);
  return buf_take(&b);
}
#endif
