/* Properties: a tree written as text reads back as the same tree; no text, however
 * mangled, does worse than an error. */
#include "feel_said.h"

#include "base/num.h"
#include "feel/block.h"
#include "feel/temporal.h"
#include "feel/window.h"

typedef struct Gen {
  Arena a;
  uint64_t seed;
} Gen;

static uint32_t below(Gen *g, uint32_t n) { return said_random(&g->seed) % n; }

static Str a_name(Gen *g) {
  static const char *const name[] = {"a",     "churn_risk", "客户级别", "tier", "x1",
                                     "known", "of",         "größe",    "r_"};
  return str_of(name[below(g, 9)]);
}

static Node *make(Gen *g, NodeKind kind, int op, uint32_t nkid) {
  Node *x = arena_zalloc(&g->a, 1, sizeof *x);
  x->kind = (uint8_t)kind;
  x->op = (uint8_t)op;
  x->nkid = nkid;
  x->kid = arena_zalloc(&g->a, nkid, sizeof *x->kid);
  x->fmt = (Fmt){FMT_AUTO, -1};
  return x;
}

static Val a_time(Gen *g, const char *text) {
  Val v;
  assert_true(temporal_parse(str_of(text), &g->a, &v));
  return v;
}

static Node *a_lit(Gen *g) {
  static const char *const at[] = {
      "2020-02-29", "08:30:00",  "2026-11-01T08:30:00.5+08:00",      "P1DT2H", "-P1Y2M",
      "PT0S",       "23:59:59Z", "2026-11-01T00:00:00@Asia/Shanghai"};
  Node *x = make(g, N_LIT, LIT_PLAIN, 0);
  switch (below(g, 12)) {
    case 0: x->lit = val_null(); break;
    case 1: x->lit = val_bool(below(g, 2)); break;
    case 2: x->lit = val_text(STR("a \"quoted\" \\d\n大客户's")); break;
    case 3: x->lit = val_date(day_of(1 + (int)below(g, 9999), 3, 7)); break;
    case 4: x->lit = val_days(below(g, 400)); break;
    case 5: x->lit = val_months((int)below(g, 40) - 10); break;
    case 6: x->lit = window_val(WINDOW_QUARTER, 2025 * 4 + (int)below(g, 4)); break;
    case 7:
      x->lit = a_time(g, at[below(g, 8)]);
      x->op = LIT_AT;
      break;
    case 8: x->lit = num_norm(val_dec((int)below(g, 2000) - 1000, -3)), x->unit = UNIT_PERCENT; break;
    case 9: x->lit = (Val){.t = V_SECS, .e = -2, .u.i = 1 + (int64_t)below(g, 99)}; break;
    default: x->lit = num_norm(val_dec((int)below(g, 20000) - 10000, -(int)below(g, 6)));
  }
  return x;
}

static Node *an_expr(Gen *g, int depth);

static Node *with_kids(Gen *g, NodeKind kind, int op, uint32_t n, int depth) {
  Node *x = make(g, kind, op, n);
  for (uint32_t i = 0; i < n; i++) x->kid[i] = an_expr(g, depth);
  return x;
}

static Node *a_test(Gen *g, int depth) {
  switch (below(g, 3)) {
    case 0: return with_kids(g, N_TEST, OP_EQ + (int)below(g, 6), 1, depth);
    case 1: return with_kids(g, N_RANGE, (int)below(g, 4), 2, depth);
    default: return an_expr(g, depth);
  }
}

static Node *named(Gen *g, Node *x, uint32_t n) {
  x->names = arena_zalloc(&g->a, n + 1, sizeof *x->names);
  x->nname = n;
  for (uint32_t i = 0; i < n; i++) x->names[i] = a_name(g);
  return x;
}

static Node *a_call(Gen *g, int depth) {
  uint32_t n = below(g, 4);
  Node *x = with_kids(g, N_CALL, CALL_NAME, n, depth);
  x->name = a_name(g);
  if (below(g, 4) == 0) return named(g, x, n);
  if (n && below(g, 3) == 0) {
    x->kid[n - 1] = with_kids(g, N_OPT, 0, 1, depth);
    x->kid[n - 1]->name = below(g, 2) ? STR("within") : STR("among");
  }
  if (below(g, 4) != 0) return x;
  Node *y = with_kids(g, N_CALL, CALL_EXPR, n + 1, depth);
  if (y->kid[0]->kind == N_NAME) y->kid[0] = with_kids(g, N_PATH, 0, 1, depth), y->kid[0]->name = a_name(g);
  return y;
}

static Node *a_function(Gen *g, int depth) {
  static const char *const type[] = {"number", "list<text>", "date and time",
                                     "function<number, text>->boolean"};
  uint32_t n = below(g, 3);
  Node *x = named(g, with_kids(g, N_FUNCTION, 0, 1, depth), n);
  if (!n || below(g, 2)) return x;
  x->types = arena_zalloc(&g->a, n, sizeof *x->types);
  for (uint32_t i = 0; i < n; i++) x->types[i] = str_of(type[below(g, 4)]);
  return x;
}

static Node *a_within(Gen *g, int depth) {
  Node *x = with_kids(g, N_WITHIN, 0, 2, depth);
  if (below(g, 2)) x->kid[0] = NULL;
  return x;
}

static Node *with_name(Node *x, Str name) {
  x->name = name;
  return x;
}

static Node *an_expr(Gen *g, int depth) {
  if (depth <= 0 || below(g, 6) == 0)
    return below(g, 2) ? a_lit(g) : with_name(make(g, N_NAME, 0, 0), a_name(g));
  depth--;
  switch (below(g, 17)) {
    case 0:
    case 1:
    case 2: return with_kids(g, N_BIN, OP_OR + (int)below(g, 13), 2, depth);
    case 3: return with_name(with_kids(g, N_PATH, 0, 1, depth), a_name(g));
    case 4: return a_call(g, depth);
    case 5: {
      Node *x = with_kids(g, N_NEG, 0, 1, depth);
      return x;
    }
    case 6: return with_kids(g, N_BETWEEN, 0, 3, depth);
    case 7: {
      uint32_t n = 2 + below(g, 3);
      Node *x = with_kids(g, N_IN, below(g, 2) ? OP_NOT_IN : 0, n, depth);
      for (uint32_t i = 1; i < n; i++) x->kid[i] = a_test(g, depth);
      return x;
    }
    case 8: return a_within(g, depth);
    case 9: return with_kids(g, N_RANGE, (int)below(g, 4), 2, depth);
    case 10: return with_kids(g, N_IF, 0, 3, depth);
    case 11: {
      uint32_t n = 1 + below(g, 2);
      return named(g, with_kids(g, (NodeKind)(N_FOR + below(g, 3)), 0, n + 1, depth), n);
    }
    case 12: return with_kids(g, N_FILTER, 0, 2, depth);
    case 13: return with_kids(g, N_LIST, 0, below(g, 4), depth);
    case 14: {
      uint32_t n = below(g, 3);
      return named(g, with_kids(g, N_CONTEXT, 0, n, depth), n);
    }
    case 15: return a_function(g, depth);
    default: return with_name(with_kids(g, N_INSTANCE, 0, 1, depth), STR("list<number>"));
  }
}

static void same(How how, const Node *x) {
  Buf want = {0}, text = {0};
  feel_dump(x, &want);
  feel_unparse(x, &text);
  char *got = said(how, buf_view(&text));
  if (strcmp(got, want.p) != 0) print_error("%s\n", text.p);
  assert_string_equal(got, want.p);
  mem_free(got);
  buf_free(&want);
  buf_free(&text);
}

static void an_expression_written_as_text_reads_back_as_itself(void **state) {
  (void)state;
  for (uint64_t i = 0; i < 20000; i++) {
    Gen g = {.seed = i};
    same(RULE, an_expr(&g, 1 + (int)(i % 6)));
    arena_free(&g.a);
  }
}

static void a_cell_written_as_text_reads_back_as_itself(void **state) {
  (void)state;
  for (uint64_t i = 0; i < 10000; i++) {
    Gen g = {.seed = i};
    uint32_t n = 1 + below(&g, 3);
    Node *x = make(&g, N_TESTS, (int)below(&g, 2), n);
    for (uint32_t k = 0; k < n; k++) x->kid[k] = a_test(&g, (int)(i % 4));
    same(CELL, x);
    arena_free(&g.a);
  }
}

static void a_template_written_as_text_reads_back_as_itself(void **state) {
  (void)state;
  static const char *const piece[] = {"earns ", "{", "}", "}}x{{", " 'q\" ", "大"};
  for (uint64_t i = 0; i < 5000; i++) {
    Gen g = {.seed = i};
    uint32_t n = below(&g, 5);
    Node *x = make(&g, N_TEMPLATE, 0, n);
    for (uint32_t k = 0; k < n; k++) {
      bool text = k % 2 == i % 2;
      x->kid[k] = text ? make(&g, N_LIT, 0, 0) : with_kids(&g, N_HOLE, 0, 1, (int)(i % 4));
      if (text) x->kid[k]->lit = val_text(str_of(piece[below(&g, 6)]));
      else if (below(&g, 2)) x->kid[k]->fmt = (Fmt){FMT_DECIMALS, (int)below(&g, 3)};
      else if (below(&g, 2)) x->kid[k]->fmt = (Fmt){FMT_WAN, -1};
    }
    same(TEMPLATE, x);
    arena_free(&g.a);
  }
}

/* --- mangled texts */

static const char *const seeds[] = {
    "share_ahead(earned, among earned > 0) and tier in ('A', \"B\") or x not in (1..2]",
    "within(行业, rank(revenue_12m)) <= 3 and tier != 'A'",
    "if a.b = 15% then 50万 else for x in [1..2) return {a: x, \"b\": @\"P1D\"}.a",
    "surveys[met within 6m and within 12m][1].score is not known // comment /* x */",
    "（甲 ≥ “好”） and 2026-11-01 - 1h30min between 1.2亿 and -fade ** 2",
    "some x in xs satisfies function(a: list<number>, b) x instance of date and time",
    "< 5, [1..2), ]3..4[, not(A, B), {expr}, (5%..good], - , 3月5日, null",
    "earns {margin:%}, but {{falls}} {drift:.1} '{-worst:¥}' {f('}')}",
    "code, earned:万 as 利润, churn_risk.top(2) as 'x, y', share(count):%, -a - b",
    "earned : ¥ = sum(profit, window) // x\n  margin = 'a // b' + \"c\"\n     + d\n // z\n审批人 : ranked A, "
    "B",
    "first | a | b? || c | why\n | > 'x|y' | [1..2) || {x | y} | z // w\nelse | | || d |\nunknown| | || e | "
    "{missing}",
    "first,区域,\"级\"\"别\",out:x,note:y\n,-,\"A, B\",z,\nelse,,,q,\"a\nb\"\n",
    "local x = [[ count(xs[ys[1]]) ]] -- [[ comment ]] don't",
};
enum { SEEDS = sizeof seeds / sizeof *seeds };

static void mangle(uint64_t *seed, Buf *b) {
  static const char *const junk[] = {
      "(",   ")",   "[",  "]",        "{",     "}",  "'",  "\"", "|",  "||",   "..", ",",    ":",
      "=",   "-",   "//", "/*",       "\\u12", "\\", "\n", "“",  "，", "\xff", "万", "not ", "within ",
      "in ", "1e9", "@",  "\xe4\xb8", "as ",   "0",  "x",  " ",  "\t", "{{",   "[[", "]]",   "=[=["};
  for (uint32_t k = 1 + said_random(seed) % 6; k > 0; k--) {
    size_t at = said_random(seed) % (b->n + 1), n = said_random(seed) % 9;
    Buf out = {0};
    buf_add(&out, b->p, at);
    switch (said_random(seed) % 3) {
      case 0: at = at + n > b->n ? b->n : at + n; break; /* cut a piece out */
      case 1: buf_puts(&out, junk[said_random(seed) % (sizeof junk / sizeof *junk)]); break;
      default: buf_add(&out, b->p, at < 20 ? at : 20); /* repeat the beginning */
    }
    buf_add(&out, b->p + at, b->n - at);
    buf_free(b);
    *b = out;
  }
}

/* A copy without a byte behind it, so that the sanitizer sees every step too far. */
static void try_all(Str text) {
  char *copy = mem_strndup(text.p, text.n), *tight = mem_alloc(text.n);
  for (size_t i = 0; i < text.n; i++) tight[i] = text.p[i];
  Src src = {.text = {tight, text.n}, .file = "t", .line = 3, .col = 9};
  for (int how = RULE; how <= COLUMNS; how++) mem_free(said((How)how, src.text));
  for (int k = 0; k < 6; k++) {
    Arena a = {0};
    Err e = {0};
    Def *def;
    Grid grid;
    size_t n;
    bool ok;
    switch (k) {
      case 0: ok = block_defs(&src, &a, &def, &n, &e); break;
      case 1: ok = grid_parse(&src, &a, &grid, &e); break;
      case 2: ok = grid_parse_cases(&src, &a, &grid, &e); break;
      case 3: ok = grid_parse_csv(&src, &a, &grid, &e); break;
      case 4: ok = block_closed_early(&src, &e); break;
      default: ok = feel_parse_tests(&src, DIALECT_STANDARD, false, &a, &e) != NULL;
    }
    assert_int_equal(ok, e.kind == ERR_NONE);
    err_free(&e);
    arena_free(&a);
  }
  mem_free(tight);
  mem_free(copy);
}

static void no_text_does_worse_than_an_error(void **state) {
  (void)state;
  uint64_t seed = 42;
  for (int i = 0; i < 6000; i++) {
    Buf b = {0};
    buf_puts(&b, seeds[i % SEEDS]);
    if (i >= SEEDS) mangle(&seed, &b);
    try_all(buf_view(&b));
    buf_free(&b);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_expression_written_as_text_reads_back_as_itself),
      cmocka_unit_test(a_cell_written_as_text_reads_back_as_itself),
      cmocka_unit_test(a_template_written_as_text_reads_back_as_itself),
      cmocka_unit_test(no_text_does_worse_than_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
