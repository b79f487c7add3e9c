#include "testing.h"

#include "run/block.h"
#include "run/decided.h"
#include "run/json.h"

#include <string.h>

enum { NIN = 3, NOUT = 2, MOST = 5000 };

static const Str in_name[NIN] = {{"region", 6}, {"a \"b\" [c], {d}\\", 16}, {"数 量", 7}};
static const Str out_name[NOUT] = {{"tier", 4}, {"why", 3}};
static const TableInfo table = {.name = {"tier", 4}, .nin = NIN, .nout = NOUT, .nrow = 1, .in = in_name, .out = out_name};

typedef struct Made {
  int64_t id[MOST];
  int32_t row[MOST], blocked[MOST];
  Val in[MOST * NIN], out[MOST * NOUT];
  Decision d;
} Made;

static Made made;

/* n cases, their rows from high to low. */
static const Decision *some(size_t n, Val region, Val why) {
  for (size_t i = 0; i < n; i++) {
    made.id[i] = (int64_t)(n - i) * 3;
    made.row[i] = i % 5 ? (int32_t)(i % 5) : ROW_UNKNOWN;
    made.blocked[i] = i % 5 ? 0 : 2;
    Val *in = &made.in[i * NIN], *out = &made.out[i * NOUT];
    in[0] = region, in[1] = val_dec((int64_t)i, -2), in[2] = i % 3 ? val_int((int64_t)i) : val_null();
    out[0] = val_text(i % 2 ? STR("A") : STR("B")), out[1] = why;
  }
  made.d = (Decision){.table = &table, .n = n, .id = made.id, .row = made.row, .blocked = made.blocked, .in = made.in,
                      .out = made.out};
  return &made.d;
}

static void block_of(const Decision *d, Buf *cases) {
  uint32_t *order = block_order(d);
  BlockSaid *said = block_said_new();
  block_put(d, order, d->n, said, cases);
  mem_free(said);
  mem_free(order);
}

/* What the log would hold of case i if it stood by itself. */
static void same_as_alone(const Decision *d, size_t i, Str cases, Str inputs, Str outputs) {
  BlockCase c;
  Buf in = {0}, out = {0}, alone_in = {0}, alone_out = {0};
  assert_true(block_find(cases, d->id[i], &c));
  assert_int_equal(c.hit, d->row[i]);
  assert_int_equal(c.blocked, d->blocked[i]);
  assert_true(block_objects(c.values, inputs, outputs, &in, &out));
  json_object(in_name, d->in + i * NIN, NIN, &alone_in);
  json_object(out_name, d->out + i * NOUT, NOUT, &alone_out);
  assert_true(str_eq(buf_view(&in), buf_view(&alone_in)));
  assert_true(str_eq(buf_view(&out), buf_view(&alone_out)));
  buf_free(&in), buf_free(&out), buf_free(&alone_in), buf_free(&alone_out);
}

static void all_as_alone(const Decision *d) {
  Buf cases = {0}, inputs = {0}, outputs = {0};
  block_of(d, &cases);
  block_names(in_name, NIN, &inputs);
  block_names(out_name, NOUT, &outputs);
  size_t step = d->n > 200 ? 97 : 1;
  for (size_t i = 0; i < d->n; i += step) same_as_alone(d, i, buf_view(&cases), buf_view(&inputs), buf_view(&outputs));
  buf_free(&cases), buf_free(&inputs), buf_free(&outputs);
}

static void every_case_of_a_block_is_what_it_would_be_alone(void **state) {
  (void)state;
  all_as_alone(some(1, val_text(STR("上海")), val_null()));
  all_as_alone(some(5000, val_text(STR("上海")), val_text(STR("because"))));
}

static void hostile_texts_stay_what_they_are(void **state) {
  (void)state;
  static const Str text[] = {{"", 0},          {"\"", 1},           {"\\", 1},      {"],[", 3},  {"\\\"],[1,2,3", 11},
                             {"a\0b", 3},      {"\xff\xfe\x80", 3}, {"\x1b[2J", 4}, {"\n\r\t", 3}, {"}{", 2},
                             {"\xe2\x80\xae", 3}, {"\\u0041", 6},    {",", 1},       {"]", 1},    {"null", 4}};
  for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
    Val list[] = {val_text(text[i]), val_null(), val_bool(true)};
    all_as_alone(some(70, val_text(text[i]), val_text(text[i])));
    all_as_alone(some(70, val_list(list, 3), val_date(20000)));
    all_as_alone(some(70, val_list(list, 0), val_never()));
  }
}

static void cases_stand_by_row_whatever_their_order_was(void **state) {
  (void)state;
  const Decision *d = some(4000, val_null(), val_null());
  made.id[7] = -5, made.id[9] = INT64_MAX, made.id[11] = INT64_MIN, made.id[13] = INT64_C(1) << 40;
  Buf cases = {0};
  block_of(d, &cases);
  BlockCase c;
  int64_t last = INT64_MIN;
  size_t n = 0;
  for (Str rest = buf_view(&cases); block_next(&rest, &c); n++) {
    assert_true(c.id >= last);
    last = c.id;
  }
  assert_int_equal(n, 4000);
  assert_int_equal(last, INT64_MAX);
  assert_true(block_find(buf_view(&cases), -5, &c));
  assert_false(block_find(buf_view(&cases), 4, &c));
  buf_free(&cases);
}

/* Cut anywhere, or with a byte changed, it is walked to an end and never past it. */
static void a_damaged_block_ends_the_walk(void **state) {
  (void)state;
  Buf cases = {0};
  block_of(some(3, val_text(STR("a\"],[b")), val_text(STR("c"))), &cases);
  for (size_t cut = 0; cut < cases.n; cut++) {
    char *part = mem_strndup(cases.p, cut); /* of its own, so that the sanitizer sees a read behind it */
    BlockCase c;
    size_t n = 0;
    for (Str rest = {part, cut}; block_next(&rest, &c);) n++;
    assert_true(n <= 3);
    mem_free(part);
  }
  for (size_t at = 0; at < cases.n; at++)
    for (const char *with = "[]{},\"\\0 "; *with; with++) {
      char was = cases.p[at];
      cases.p[at] = *with;
      BlockCase c;
      Buf in = {0}, out = {0};
      size_t n = 0;
      for (Str rest = buf_view(&cases); n < 100 && block_next(&rest, &c); n++)
        block_objects(c.values, STR("[\"a\",\"b\",\"c\"]"), STR("[\"d\",\"e\"]"), &in, &out);
      assert_true(n < 100);
      buf_free(&in), buf_free(&out);
      cases.p[at] = was;
    }
  buf_free(&cases);
}

static void values_that_do_not_fit_the_names_are_refused(void **state) {
  (void)state;
  Buf in = {0}, out = {0};
  assert_true(block_objects(STR("1,2"), STR("[\"a\"]"), STR("[\"b\"]"), &in, &out));
  assert_true(str_is(buf_view(&in), "{\"a\":1}") && str_is(buf_view(&out), "{\"b\":2}"));
  assert_false(block_objects(STR("1"), STR("[\"a\"]"), STR("[\"b\"]"), &in, &out));
  assert_false(block_objects(STR("1,2,3"), STR("[\"a\"]"), STR("[\"b\"]"), &in, &out));
  assert_false(block_objects(STR("1,2"), STR("[\"a\""), STR("[\"b\"]"), &in, &out));
  buf_clear(&in), buf_clear(&out);
  assert_true(block_objects(STR(""), STR("[]"), STR("[]"), &in, &out));
  buf_free(&in), buf_free(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_case_of_a_block_is_what_it_would_be_alone),
      cmocka_unit_test(hostile_texts_stay_what_they_are),
      cmocka_unit_test(cases_stand_by_row_whatever_their_order_was),
      cmocka_unit_test(a_damaged_block_ends_the_walk),
      cmocka_unit_test(values_that_do_not_fit_the_names_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
