#include "testing.h"

#include "run/digest.h"
#include "run/segments.h"
#include "run/state.h"

#include <string.h>

/* --- journals by hand, in the order that journal_compact leaves ------------------------------- */

static Change inserted(const char *table, int64_t id, const Str *col, const Val *now, size_t n) {
  return (Change){.op = CHANGE_INSERT, .table = str_of(table), .id = id, .ncol = n, .col = col, .now = now};
}

static Change updated(const char *table, int64_t id, const Str *col, const Val *was, const Val *now, size_t n) {
  return (Change){
      .op = CHANGE_UPDATE, .table = str_of(table), .id = id, .ncol = n, .col = col, .was = was, .now = now};
}

static Plan plan_of(void) {
  static char args[] = "window=12m";
  Plan p = {.args = args, .asof = day_of(2026, 11, 1), .seed = 1};
  strcpy(p.script_hash, "abc");
  return p;
}

typedef struct Digest {
  char hex[65];
} Digest;

static Digest digest_of(const Plan *p, Change *c, size_t n) {
  Digest d;
  Journal j = {.n = n, .cap = n, .change = c};
  plan_digest_of(p, &j, d.hex);
  return d;
}

static const Str code[] = {{"code", 4}, {"id", 2}};
static const Str of_account[] = {{"account", 7}, {"id", 2}, {"title", 5}};
static const Str tier[] = {{"tier", 4}};
static const Str valued[] = {{"run", 3}, {"value", 5}};

/* A new account and a task about it, with the numbers that they got. */
static Digest account_and_task(int64_t account, int64_t task, int64_t about) {
  Val a[] = {val_text(STR("C9")), val_int(account)}, t[] = {val_int(about), val_int(task), val_text(STR("visit"))};
  Change c[] = {inserted("account", account, code, a, 2), inserted("task", task, of_account, t, 3)};
  Plan p = plan_of();
  return digest_of(&p, c, 2);
}

static void other_numbers_of_new_rows_are_the_same_changes(void **state) {
  (void)state;
  assert_string_equal(account_and_task(5, 1, 5).hex, account_and_task(70, 12, 70).hex);
}

static void a_new_row_that_refers_to_another_row_is_another_change(void **state) {
  (void)state;
  assert_string_not_equal(account_and_task(5, 1, 5).hex, account_and_task(5, 1, 4).hex);
}

static Digest tier_change(const Plan *p, int64_t account, const char *from, const char *to) {
  Val was[] = {val_text(str_of(from))}, now[] = {val_text(str_of(to))};
  Change c[] = {updated("account", account, tier, was, now, 1)};
  return digest_of(p, c, 1);
}

static void row_old_value_and_new_value_are_in_it(void **state) {
  (void)state;
  Plan p = plan_of();
  Digest d = tier_change(&p, 1, "B", "A");
  assert_string_equal(d.hex, tier_change(&p, 1, "B", "A").hex);
  assert_string_not_equal(d.hex, tier_change(&p, 2, "B", "A").hex);
  assert_string_not_equal(d.hex, tier_change(&p, 1, "C", "A").hex);
  assert_string_not_equal(d.hex, tier_change(&p, 1, "B", "D").hex);
}

static void a_text_is_no_number_and_null_is_neither(void **state) {
  (void)state;
  Plan p = plan_of();
  Val was[] = {val_null()}, now[][1] = {{val_text(STR("1"))}, {val_int(1)}, {val_null()}};
  Digest d[3];
  for (int i = 0; i < 3; i++) {
    Change c[] = {updated("account", 1, tier, was, now[i], 1)};
    d[i] = digest_of(&p, c, 1);
  }
  assert_string_not_equal(d[0].hex, d[1].hex);
  assert_string_not_equal(d[0].hex, d[2].hex);
  assert_string_not_equal(d[1].hex, d[2].hex);
}

static void the_number_of_the_run_is_not_in_it(void **state) {
  (void)state;
  Plan p = plan_of();
  Val one[] = {val_int(7), val_text(STR("A"))}, two[] = {val_int(8), val_text(STR("A"))};
  Change c[] = {inserted("history", 1, valued, one, 2)}, d[] = {inserted("history", 1, valued, two, 2)};
  assert_string_equal(digest_of(&p, c, 1).hex, digest_of(&p, d, 1).hex);
}

static void what_was_asked_is_in_it(void **state) {
  (void)state;
  static char other_args[] = "window=6m", limit[] = "region = '上海'";
  Plan p = plan_of(), script = p, args = p, day = p, seed = p, limited = p;
  strcpy(script.script_hash, "abd");
  args.args = other_args;
  day.asof++;
  seed.seed = 2;
  limited.limit = limit;
  const Plan *other[] = {&script, &args, &day, &seed, &limited};
  Digest d = tier_change(&p, 1, "B", "A");
  for (size_t i = 0; i < sizeof other / sizeof *other; i++)
    assert_string_not_equal(d.hex, tier_change(other[i], 1, "B", "A").hex);
}

/* --- segments ------------------------------------------------------------------------------- */

static const Str member[] = {{"account", 7}, {"segment", 7}, {"to_day", 6}};

static void members_that_come_and_go_are_moves_of_their_segment(void **state) {
  (void)state;
  Val a[] = {val_int(1), val_int(3), val_null()}, b[] = {val_int(2), val_int(3), val_null()},
      ended[] = {val_int(1), val_int(4), val_text(STR("2026-11-01"))}, open[] = {val_int(1), val_int(4), val_null()};
  Change c[] = {inserted("segment_member", 1, member, a, 3), inserted("segment_member", 2, member, b, 3),
                updated("segment_member", 3, member, open, ended, 3)};
  Journal j = {.n = 3, .cap = 3, .change = c};
  Arena arena = {0};
  Moved *m;
  int64_t *segment;
  size_t n;
  segment_moves(NULL, &j, 0, 3, &arena, &m, &n);
  assert_int_equal(n, 3);
  assert_int_equal(segment_count(m, n, 3, true), 2);
  assert_int_equal(segment_count(m, n, 3, false), 0);
  assert_int_equal(segment_count(m, n, 4, true), 0);
  assert_int_equal(segment_count(m, n, 4, false), 1);
  assert_int_equal(m[2].account, 1);
  assert_int_equal(segment_list(m, n, &arena, &segment), 2);
  assert_int_equal(segment[0], 3);
  assert_int_equal(segment[1], 4);
  arena_free(&arena);
}

static void a_member_whose_row_is_taken_away_leaves(void **state) {
  (void)state;
  Val was[] = {val_int(1), val_int(3), val_null()};
  Change c[] = {{.op = CHANGE_DELETE, .table = STR("segment_member"), .id = 1, .ncol = 3, .col = member, .was = was}};
  Journal j = {.n = 1, .cap = 1, .change = c};
  Arena arena = {0};
  Moved *m;
  size_t n;
  segment_moves(NULL, &j, 0, 1, &arena, &m, &n);
  assert_int_equal(segment_count(m, n, 3, false), 1);
  assert_int_equal(segment_count(m, n, 3, true), 0);
  arena_free(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(other_numbers_of_new_rows_are_the_same_changes),
      cmocka_unit_test(a_new_row_that_refers_to_another_row_is_another_change),
      cmocka_unit_test(row_old_value_and_new_value_are_in_it),
      cmocka_unit_test(a_text_is_no_number_and_null_is_neither),
      cmocka_unit_test(the_number_of_the_run_is_not_in_it),
      cmocka_unit_test(what_was_asked_is_in_it),
      cmocka_unit_test(members_that_come_and_go_are_moves_of_their_segment),
      cmocka_unit_test(a_member_whose_row_is_taken_away_leaves),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
