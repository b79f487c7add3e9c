/* What the analysis of a table says, against every case of small tables put to the table itself. */
#include "feel_tables.h"

#include "feel/analyse.h"

#include <time.h>

/* "error 3: row 2 …" a line, with what to do behind " · ". */
static void say(Book *b, bool todo, Buf *out) {
  Arena a = {0};
  const Finding *f;
  size_t n = table_analyse(b->ev, info(b), &a, &f);
  for (size_t i = 0; i < n; i++) {
    buf_printf(out, "%s%s %d: %s", i ? "\n" : "", f[i].error ? "error" : "note", f[i].line, f[i].what);
    if (todo && f[i].todo) buf_printf(out, " · %s", f[i].todo);
  }
  arena_free(&a);
}

/* What no run goes on with; "" when the table may be used. */
static void broken_tables_are_refused(void **s) {
  (void)s;
  static const char *const told[][2] = {
      {"first | headcount || x\n | [10..5] || 1\nelse | || 2", "row 1 never holds: no headcount is [10..5]"},
      {"first | headcount || x\n | > 5 || 1\n | > null || 2\nelse | || 3", "row 2 never holds: no headcount is > null"},
      {"first | headcount | tier | headcount || x\n | < 5 | A | > 7 || 1\nelse | | | || 2", "row 1 never holds: no headcount is < 5 and > 7"},
      {"first | tier | tier || x\n | A | not(A) || 1\nelse | | || 2", "row 1 never holds: no tier is A and not(A)"},
      {"first | headcount | headcount || x\n | - | > 7 || 1\n | > 8 | - || 2\nelse | | || 3", "row 2 is never reached: row 1 takes all its cases"},
      {"first | headcount | headcount || x\n | > 5 | < 7 || 1\nelse | | || 2", ""},
      {"first | tier | headcount || x\n | A | (5..5) || 1\n | - | - || 2", "row 1 never holds: no headcount is (5..5)"},
      {"first | headcount || x\n | > 5 || 1\n | > 7 || 2\nelse | || 3", "row 2 is never reached: row 1 takes all its cases"},
      {"unique | headcount || x\n | >= 5 || 1\n | <= 5 || 2", "rows 1 and 2 overlap for headcount = 5"},
      {"any | headcount || x\n | >= 5 || 1\n | <= 5 || 2", "rows 1 and 2 overlap for headcount = 5: 1 or 2"},
      {"any | headcount || x\n | >= 5 || 1\n | <= 5 || 1", ""},
      {"unique | headcount || x\n | >= 5 || 1", ""},                       /* a gap is told when a case falls into it */
      {"first | headcount || x\n | > 5 || 1\n | - || 2", ""},
      {"first | headcount || x\n | > {string_length(tier)} || 1\n | > 5 || 2\nelse | || 3", ""},
      {"collect | headcount || x\n | > 5 || 1\n | > 7 || 2", ""},
      {"first | quiet || x\n | [91..late] || 1\nelse | || 2", ""},          /* late is an arg */
      {"first | quiet || x\n | >= late || 1\n | > 90 || 2\nelse | || 3", ""},
      {"unique | quiet || x\n | >= late || 1\n | <= 90 || 2", "rows 1 and 2 overlap for quiet in [30 d..90 d]"},
  };
  for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
    Book b = book(NULL, "quiet : d = days_since(orders)", told[i][0]);
    Err e = {0};
    bool ok = tables_sound(b.r, eval_asof(b.ev), &e);
    if (ok != !told[i][1][0] || strcmp(ok ? "" : e.what, told[i][1]) != 0)
      fail_msg("%s\n  got  %s\n  want %s", told[i][0], ok ? "" : e.what, told[i][1]);
    if (!ok) assert_true(e.line > 0 && e.source);
    err_free(&e);
    shut(&b);
  }
}

typedef struct Told {
  const char *fields, *metrics, *grid, *want;
} Told;

static void findings_are_sentences(void **s) {
  (void)s;
  static const Told told[] = {
      {NULL, NULL, "unique | tier? | headcount || x\n | A | < 5 || 1\n | A | >= 5 || 2\n | not(A) | - || 3",
       "error 1: no row for tier unknown"},
      {NULL, NULL, "unique | tier | headcount || x\n | A | < 5 || 1\n | A, B | > 5 || 2\n | C, D | - || 3",
       "error 1: no row for tier = B, headcount <= 5\n"
       "error 1: no row for tier = A, headcount = 5"},
      {NULL, NULL, "unique | headcount || x\n | [0..5] || 1\n | [5..9] || 2\nelse | || 3",
       "error 3: rows 1 and 2 overlap for headcount = 5"},
      {NULL, NULL, "any | headcount || x\n | [0..5] || 1\n | [5..9] || 1\n | > 8 || 2\nelse | || 3",
       "error 4: rows 2 and 3 overlap for headcount in (8..9]: 1 or 2"},
      {NULL, NULL, "first | headcount || x\n | > 5 || 1\n | > 3 || 2\n | > 7 || 3\n | - || 4",
       "error 4: row 3 is never reached: row 1 takes all its cases\n"
       "note 3: 6 pairs of rows overlap with different outputs, rows 1 and 2 the first; the earlier row counts"},
      {NULL, NULL, "first | headcount | tier || x\n | > 5 | A || 1\n | > 7 | not(A) || 2\n | > 9 | - || 3\n else | | || 4",
       "error 4: row 3 is never reached: rows 1 and 2 take all its cases\n"
       "note 4: 2 pairs of rows overlap with different outputs, rows 1 and 3 the first; the earlier row counts"},
      {NULL, NULL, "first | headcount || x\n | (5..5) || 1\n | - || 2", "error 2: row 1 never holds: no headcount is (5..5)\n"
       "note 1: column headcount never decides: its cells hold for the same values in every row"},
      {NULL, NULL, "first | headcount | tier || x\n | > 5 | - || 1\n | <= 5 | - || 2",
       "note 1: column tier never decides: every cell is -"},
      {NULL, NULL, "first | tier || x\n | A || 1\n | B || 2\n | C || 2\n | D || 1\nelse | || 2",
       "note 3: row 2 changes nothing: without it the rows below give the same\n"
       "note 4: row 3 changes nothing: without it the rows below give the same"},
      {NULL, NULL, "first | headcount || x\n | > {string_length(tier)} || 1\n | <= 3 || 2\n | <= 2 || 3",
       "error 4: row 3 is never reached: row 2 takes all its cases\n"
       "note 2: row 1, headcount: cell > {string_length(tier)} is not analysed; it may hold or not\n"
       "note 4: rows 2 and 3 overlap for headcount <= 2: 2 or 3"},
      {NULL, "quiet : d = days_since(orders)", "unique | quiet || x\n | < late || 1\n | [30..90] || 2\n | >= 91 || 3", ""},
      {NULL, "n = count(contacts)", "unique | n || x\n | 0 || none\n | [1..3] || few\n | >= 4 || many", ""},
      {NULL, "r = 6 - classes(headcount, 5)", "unique | r || x\n | 1, 2 || low\n | [3..4] || mid\n | 5 || high", ""},
      {"grade : number 0..100\nx : ranked hi, lo", NULL,
       "priority | grade || x\n | >= 50 || hi\n | - || lo\n | > 100 || lo\n | > 70 || lo",
       "error 4: row 3 never holds: no grade is > 100\n"
       "error 5: row 4 is never reached: row 1 takes all its cases"},
      {NULL, NULL, "first | owner.level || x\n | >= 省 || high\n | 地市 || mid", "error 1: no row for owner.level = 客户经理"},
      {NULL, "lines = distinct(quotes.lines.product.line)",
       "first | lines || x\n | 软件 || soft\n | 硬件 || hard\n | 软件, 硬件 || both",
       "error 1: no row for lines = any other\n"
       "note 4: 2 pairs of rows overlap with different outputs, rows 1 and 3 the first; the earlier row counts"},
      {NULL, NULL, "collect | headcount || x\n | > 5 || 1\n | > 7 || 2", ""},
  };
  int wrong = 0;
  for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
    Book b = book(told[i].fields, told[i].metrics, told[i].grid);
    Buf got = {0};
    say(&b, false, &got);
    if (strcmp(got.p ? got.p : "", told[i].want) != 0) {
      print_error("%s\n  got  %s\n  want %s\n", told[i].grid, got.p ? got.p : "", told[i].want);
      wrong++;
    }
    buf_free(&got);
    shut(&b);
  }
  assert_int_equal(wrong, 0);
}

/* The values that args have now count, and the example hits no row. */
static void args_count_as_they_stand(void **s) {
  (void)s;
  Book b = book(NULL, "margin : % = headcount / 100",
                "first | margin || x\n | > good || a\n | (5%..good] || b\n | <= 5% || c");
  Buf got = {0};
  Err e = {0};
  say(&b, true, &got);
  assert_string_equal(got.p ? got.p : "", "");
  assert_true(rules_set_arg(b.r, STR("good"), STR("4%"), &e));
  eval_touch(b.ev);
  say(&b, true, &got);
  assert_string_equal(got.p, "error 3: row 2 never holds: no margin is (5%..good]\n"
                             "note 4: rows 1 and 3 overlap for margin in (4 %..5 %]: a or c · for example margin 4.1 %; "
                             "the earlier row counts");
  buf_free(&got);
  shut(&b);
}

/* --- against every case ------------------------------------------------------- */

static Book random_book(const char *grid) {
  return book(NULL, "lines = distinct(quotes.lines.product.line)", grid);
}
static Val strings[8];

/* The i-th case, or false behind the last. */
static bool nth_case(const RandomTable *t, size_t i, Val *in, Val *room) {
  static const char *const names[] = {"A", "B", "C", "D", "x", "y", "elsewhere", "p"};
  for (size_t k = 0; k < 8; k++) strings[k] = val_text(str_of(names[k]));
  in[0] = i % 5 < 4 ? strings[i % 5] : val_null();
  i /= 5;
  if (t->nin == 1) return i == 0;
  in[1] = i % 14 < 13 ? val_dec(((int64_t)(i % 14) - 2) * 5, -1) : val_null();
  i /= 14;
  if (t->nin == 2) return i == 0;
  if (!t->list) {
    in[2] = i % 4 < 3 ? strings[4 + i % 4] : val_null();
    return i / 4 == 0;
  }
  static const char *const element[] = {"p", "q", "other"};
  uint32_t n = 0;
  for (size_t k = 0; k < 3; k++)
    if (i >> k & 1) room[n++] = val_text(str_of(element[k]));
  if (i >> 3 & 1) room[n++] = val_null();
  in[2] = n ? val_list(room, n) : val_null();
  return i < 16;
}

typedef struct Outcome {
  int32_t row, blocked; /* row 0: an error */
  bool two;             /* … that two rows hit */
  Str out;
} Outcome;

static Outcome outcome(Book *b, const Val *in) {
  Outcome o = {0};
  Err e = {0};
  Val out = val_null();
  if (table_decide(b->ev, info(b), in, &o.row, &o.blocked, &out, &e)) {
    if (out.t == V_TEXT) o.out = val_str(out);
  } else {
    o.row = 0;
    o.two = strstr(e.what, "hit no row") == NULL;
    err_free(&e);
  }
  return o;
}

static size_t told_of(const Finding *f, size_t n, FindingKind kind, int32_t row) {
  size_t count = 0;
  for (size_t i = 0; i < n; i++) count += f[i].kind == kind && (!row || f[i].row == row);
  return count;
}

static void cases_meet(const char *what, const char *grid, bool said, bool is, int32_t row) {
  if (said != is) fail_msg("%s, row %d: said %d, is %d\n%s", what, row, said, is, grid);
}

static bool same_outcome(Outcome a, Outcome b) {
  return (a.row == 0) == (b.row == 0) && (a.blocked != 0) == (b.blocked != 0) && str_eq(a.out, b.out);
}

static void every_case(const RandomTable *t, const char *policy) {
  char *grid = grid_of(t, SIZE_MAX, SIZE_MAX);
  Book b = random_book(grid);
  Arena a = {0};
  const Finding *f;
  size_t n = table_analyse(b.ev, info(&b), &a, &f);
  bool gap = false, two = false, reached[ROWS_MOST + 1] = {false}, first = strcmp(policy, "first") == 0;
  Val in[INPUTS], room[4];
  for (size_t i = 0; nth_case(t, i, in, room); i++) {
    Outcome o = outcome(&b, in);
    gap |= !o.row && !o.two;
    two |= o.two;
    if (o.row > 0) reached[o.row] = true;
    if (o.blocked > 0) reached[o.blocked] = true;
  }
  cases_meet("gap", grid, told_of(f, n, FIND_GAP, 0) > 0, gap, 0);
  if (!first) cases_meet("overlap", grid, told_of(f, n, FIND_OVERLAP, 0) > 0, two, 0);
  for (size_t i = 0; i < n; i++) /* the examples are what they say */
    if (f[i].example && f[i].kind == FIND_GAP) assert_int_equal(outcome(&b, f[i].example).row, 0);
  for (size_t r = 0; r < t->n; r++) {
    int32_t number = (int32_t)r + 1;
    char *alone = grid_of(t, SIZE_MAX, r), *less = grid_of(t, r, SIZE_MAX);
    Book one = random_book(alone);
    bool holds = false;
    for (size_t i = 0; nth_case(t, i, in, room); i++) holds |= outcome(&one, in).row > 0;
    shut(&one);
    cases_meet("never", grid, told_of(f, n, FIND_NEVER, number) > 0, !holds, number);
    if (holds && first) cases_meet("unreachable", grid, told_of(f, n, FIND_UNREACHABLE, number) > 0, !reached[number], number);
    if (holds && reached[number] && first && t->n > 1) {
      Book without = random_book(less);
      bool same = true;
      for (size_t i = 0; nth_case(t, i, in, room) && same; i++) same = same_outcome(outcome(&b, in), outcome(&without, in));
      cases_meet("redundant", grid, told_of(f, n, FIND_REDUNDANT, number) > 0, same, number);
      shut(&without);
    }
    mem_free(alone);
    mem_free(less);
  }
  arena_free(&a);
  shut(&b);
  mem_free(grid);
}

static void the_analysis_agrees_with_every_case(void **s) {
  (void)s;
  static const char *const policies[] = {"first", "unique", "any", NULL};
  for (int i = 0; i < 240; i++) {
    const char *policy = one_of(policies);
    RandomTable t = random_table(policy);
    every_case(&t, policy);
  }
}

/* --- large tables ---------------------------------------------------------------- */

enum { WIDE = 9, LONG = 500 };

typedef struct Room {
  int low[WIDE], high[WIDE];
} Room;

/* 500 rooms that together are the whole house: each is half of an earlier one. */
static void rooms(Room *room, size_t n) {
  for (int k = 0; k < WIDE; k++) room[0].low[k] = 0, room[0].high[k] = 1000;
  for (size_t i = 1; i < n; i++) {
    size_t from;
    int k;
    do {
      from = roll((uint32_t)i);
      k = (int)roll(WIDE);
    } while (room[from].high[k] - room[from].low[k] < 2);
    room[i] = room[from];
    room[i].low[k] = room[from].high[k] =
        room[from].low[k] + 1 + (int)roll((uint32_t)(room[from].high[k] - room[from].low[k] - 1));
  }
}

static Book house(const Room *room, size_t n, const char *policy, size_t missing) {
  Buf b = {0};
  buf_puts(&b, policy);
  for (int k = 0; k < WIDE; k++) buf_printf(&b, " | headcount + %d", k);
  buf_puts(&b, " || x\n");
  for (size_t i = 0; i < n; i++) {
    for (int k = 0; k < WIDE && i != missing; k++) {
      bool low = room[i].low[k] > 0, high = room[i].high[k] < 1000;
      if (low && high) buf_printf(&b, " | [%d..%d)", room[i].low[k], room[i].high[k]);
      else if (low) buf_printf(&b, " | >= %d", room[i].low[k]);
      else if (high) buf_printf(&b, " | < %d", room[i].high[k]);
      else buf_puts(&b, " | -");
    }
    if (i != missing) buf_printf(&b, " || r%zu\n", i);
  }
  Book out = book(NULL, NULL, b.p);
  buf_free(&b);
  return out;
}

static void five_hundred_rows(void **s) {
  (void)s;
  static Room room[LONG];
  static const char *const policies[] = {"unique", "first"};
  for (int p = 0; p < 2; p++) {
    rooms(room, LONG);
    for (int lacks = 0; lacks < 2; lacks++) {
      size_t missing = lacks ? roll(LONG) : SIZE_MAX;
      Book b = house(room, LONG, policies[p], missing);
      Arena a = {0};
      const Finding *f;
      clock_t from = clock();
      size_t n = table_analyse(b.ev, info(&b), &a, &f);
      print_message("%s, %d rows × %d columns%s: %.0f ms\n", policies[p], LONG, WIDE, lacks ? ", one row lacking" : "",
                    (double)(clock() - from) * 1000 / CLOCKS_PER_SEC);
      for (size_t i = 0; i < n && !lacks; i++) print_message("%s\n", f[i].what);
      assert_int_equal(n, lacks);
      if (lacks) { /* the example lies in the room that was left out */
        assert_int_equal(f[0].kind, FIND_GAP);
        Arena v = {0};
        for (int k = 0; k < WIDE; k++) {
          assert_true(num_cmp(f[0].example[k], val_int(room[missing].low[k])) >= 0 || room[missing].low[k] == 0);
          assert_true(num_cmp(f[0].example[k], val_int(room[missing].high[k])) < 0 || room[missing].high[k] == 1000);
        }
        arena_free(&v);
      }
      arena_free(&a);
      shut(&b);
    }
  }
}

/* Rows drawn at random, half their cells "-": what can be found is found, and time does not run away. */
static void rows_that_interlock(void **s) {
  (void)s;
  static const char *const policies[] = {"first", "unique", "any"};
  for (size_t p = 0; p < 3; p++) {
    Buf b = {0};
    buf_puts(&b, policies[p]);
    for (int k = 0; k < WIDE; k++) buf_printf(&b, " | headcount + %d%s", k, k % 2 ? "?" : "");
    buf_puts(&b, " || x\n");
    for (int i = 0; i < LONG; i++) {
      for (int k = 0; k < WIDE; k++) {
        uint32_t low = roll(1000);
        if (k && roll(2)) buf_puts(&b, " | -");
        else buf_printf(&b, " | [%u..%u)", low, low + 1 + roll(500));
      }
      buf_printf(&b, " || r%d\n", i % 7);
    }
    if (p == 0) buf_puts(&b, " | - | - | - | - | - | - | - | - | - || last\n");
    Book house = book(NULL, NULL, b.p);
    Arena a = {0};
    const Finding *f;
    clock_t from = clock();
    size_t n = table_analyse(house.ev, info(&house), &a, &f);
    print_message("%s, interlocked: %.0f ms\n", policies[p], (double)(clock() - from) * 1000 / CLOCKS_PER_SEC);
    assert_int_equal(told_of(f, n, FIND_GAP, 0) > 0, p != 0);
    assert_true(told_of(f, n, FIND_OVERLAP, 0) > 0);
    if (p == 0) assert_true(told_of(f, n, FIND_UNREACHABLE, 0) > 10);
    arena_free(&a);
    shut(&house);
    buf_free(&b);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(findings_are_sentences),
      cmocka_unit_test(broken_tables_are_refused),
      cmocka_unit_test(args_count_as_they_stand),
      cmocka_unit_test(the_analysis_agrees_with_every_case),
      cmocka_unit_test(five_hundred_rows),
      cmocka_unit_test(rows_that_interlock),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
