/* What is done to plain columns is what is done to their values one by one. */
#include "testing.h"

#include "base/num.h"
#include "feel/frame.h"
#include "feel/plain_op.h"

#include <string.h>

enum { ROWS = 200, ROUNDS = 4000 };
static uint64_t seed = 5;
static uint64_t dice(uint64_t n) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return (seed >> 33) % n;
}

typedef struct Side { /* a column both ways */
  Val v[ROWS];
  int64_t i[ROWS];
  uint8_t has[ROWS];
  PlainVec p;
} Side;

static int64_t figure(void) {
  static const int64_t odd[] = {0, 1, -1, INT64_MAX, INT64_MIN, INT64_MAX / 10, 999999999999};
  return dice(20) ? (int64_t)dice(2000) - 1000 : odd[dice(7)];
}

static void make(Side *s, bool truth, bool dates) {
  bool one = dice(4) == 0, gaps = dice(2) == 0, never = !truth && !dates && dice(6) == 0;
  Val like = truth ? (Val){.t = V_BOOL} : dates ? val_date(0) : val_dec(0, dice(3) ? 0 : -2);
  s->p = (PlainVec){like, never ? val_never() : val_null(), s->i, gaps ? s->has : NULL, !one};
  for (size_t k = 0; k < ROWS; k++) {
    size_t at = one ? 0 : k;
    if (at == k) {
      s->has[k] = !gaps || dice(3) != 0;
      s->i[k] = truth ? (int64_t)dice(2) : dates ? (int64_t)dice(60) + 20000 : figure();
    }
    s->v[k] = plain_at(&s->p, k);
  }
}

static void same(const char *what, size_t row, Val want, const PlainVec *got) {
  Val have = plain_at(got, row);
  bool null = want.t == V_NULL || have.t == V_NULL;
  if (null ? want.t != have.t : val_order(want, have) != 0) {
    Buf a = {0}, b = {0};
    fmt_data(want, &a);
    fmt_data(have, &b);
    fail_msg("%s, row %zu: %s, not %s", what, row, a.p ? a.p : "null", b.p ? b.p : "null");
  }
}

static Val choice(Val cond, Val yes, Val no) { return cond.t != V_BOOL ? val_null() : cond.u.i ? yes : no; }

static Val greater(int sign, Val a, Val b) {
  if (a.t == V_NULL || b.t == V_NULL) return val_null();
  return sign * num_cmp(b, a) > 0 ? b : a;
}

static void operators_say_what_they_say_of_values(void **state) {
  (void)state;
  static Side a, b, x, y;
  static PlainRoom room;
  static const NodeOp compare[] = {OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE}, arith[] = {OP_ADD, OP_SUB, OP_MUL};
  PlainVec out;
  Arena tmp = {0};
  size_t plain = 0;
  for (int round = 0; round < ROUNDS; round++) {
    bool dates = dice(5) == 0;
    make(&a, false, dates), make(&b, false, dates), make(&x, true, false), make(&y, true, false);
    NodeOp op = arith[dice(3)], cmp = compare[dice(6)];
    if (!dates && plain_arith(op, a.p, b.p, ROWS, &room, &out) && ++plain)
      for (size_t k = 0; k < ROWS; k++) same("arithmetic", k, value_arith(op, a.v[k], b.v[k], 0, &tmp), &out);
    if (plain_compare(cmp, a.p, b.p, ROWS, &room, &out) && ++plain)
      for (size_t k = 0; k < ROWS; k++) same("compare", k, value_compare(cmp, CMP_PLAIN, NULL, a.v[k], b.v[k], 0), &out);
    if (!dates && plain_negate(a.p, ROWS, &room, &out) && ++plain)
      for (size_t k = 0; k < ROWS; k++) same("negate", k, value_neg(a.v[k], &tmp), &out);
    if (plain_both(x.p, y.p, round % 2, ROWS, &room, &out) && ++plain)
      for (size_t k = 0; k < ROWS; k++)
        same("and, or", k, round % 2 ? value_or(x.v[k], y.v[k]) : value_and(x.v[k], y.v[k]), &out);
    if (plain_not(x.p, ROWS, &room, &out) && ++plain)
      for (size_t k = 0; k < ROWS; k++) same("not", k, value_not(x.v[k]), &out);
    if (plain_is_null(a.p, round % 2, ROWS, &room, &out) && ++plain)
      for (size_t k = 0; k < ROWS; k++) same("is null", k, val_bool((a.v[k].t == V_NULL) != (round % 2)), &out);
    if (plain_choose(x.p, a.p, b.p, ROWS, &room, &out) && ++plain)
      for (size_t k = 0; k < ROWS; k++) same("if", k, choice(x.v[k], a.v[k], b.v[k]), &out);
    if (!dates && plain_extreme(round % 2 ? 1 : -1, a.p, b.p, ROWS, &room, &out) && ++plain)
      for (size_t k = 0; k < ROWS; k++) same("max, min", k, greater(round % 2 ? 1 : -1, a.v[k], b.v[k]), &out);
    arena_free(&tmp);
  }
  assert_true(plain > ROUNDS * 3); /* or the random columns test nothing */
}

static void columns_come_from_values_and_go_back(void **state) {
  (void)state;
  static Side a;
  for (int round = 0; round < 500; round++) {
    make(&a, dice(4) == 0, false);
    Arena tmp = {0};
    PlainVec p = plain_of(a.v, 1, ROWS, &tmp);
    uint32_t at[ROWS];
    Val back[ROWS];
    assert_non_null(p.i);
    plain_values(&p, ROWS, back, 1);
    for (size_t k = 0; k < ROWS; k++) {
      assert_int_equal(back[k].t, a.v[k].t);
      assert_int_equal(val_order(back[k], a.v[k]), 0);
      at[k] = dice(9) || p.none.t != V_NULL ? (uint32_t)dice(ROWS) : UINT32_MAX;
    }
    PlainVec some = plain_gather(&p, at, ROWS, &tmp);
    for (size_t k = 0; k < ROWS; k++) same("gather", k, at[k] == UINT32_MAX ? val_null() : a.v[at[k]], &some);
    arena_free(&tmp);
  }
  const Val mixed[] = {val_int(1), val_dec(1, -2)}, text[] = {val_text(STR("x"))};
  Arena tmp = {0};
  assert_null(plain_of(mixed, 1, 2, &tmp).i);
  assert_null(plain_of(text, 1, 1, &tmp).i);
  arena_free(&tmp);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(operators_say_what_they_say_of_values),
      cmocka_unit_test(columns_come_from_values_and_go_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
