/* The tree as rule text, with the fewest parentheses that read back the same. */
#include "feel/unparse.h"

#include "feel/lex.h"

#include <string.h>

/* How tightly a form binds; an operand that binds looser than its place asks for
 * needs parentheses. */
typedef enum Bind {
  BIND_EXPR, BIND_OR, BIND_AND, BIND_COMPARE, BIND_ADD, BIND_MUL, BIND_POW, BIND_NEG, BIND_INSTANCE,
  BIND_POSTFIX, BIND_VALUE
} Bind;

static Bind binds_op(int op) {
  switch (op) {
    case OP_OR: return BIND_OR;
    case OP_AND: return BIND_AND;
    case OP_ADD: case OP_SUB: return BIND_ADD;
    case OP_MUL: case OP_DIV: return BIND_MUL;
    case OP_POW: return BIND_POW;
    default: return BIND_COMPARE;
  }
}

static bool negative(const Node *x) {
  if (x->op != LIT_PLAIN) return false;
  Buf b = {0};
  node_lit(x, &b);
  bool minus = b.n && b.p[0] == '-';
  buf_free(&b);
  return minus;
}

static Bind binds(const Node *x) {
  switch ((NodeKind)x->kind) {
    case N_LIT: return negative(x) ? BIND_NEG : BIND_VALUE;
    case N_BIN: return binds_op(x->op);
    case N_NEG: return BIND_NEG;
    case N_BETWEEN: case N_IN: case N_WITHIN: return BIND_COMPARE;
    case N_IF: case N_FOR: case N_SOME: case N_EVERY: case N_FUNCTION: case N_OPT: return BIND_EXPR;
    case N_INSTANCE: return BIND_INSTANCE;
    case N_PATH: case N_FILTER: case N_CALL: return BIND_POSTFIX;
    default: return BIND_VALUE;
  }
}

static void put(const Node *x, Bind at_least, Buf *out) {
  bool wrap = binds(x) < at_least;
  if (wrap) buf_char(out, '(');
  feel_unparse(x, out);
  if (wrap) buf_char(out, ')');
}

static void binary(const Node *x, Buf *out) {
  Bind b = binds_op(x->op);
  /* a comparison takes no comparison beside it; the others group to the left */
  put(x->kid[0], b == BIND_COMPARE ? BIND_ADD : b, out);
  buf_printf(out, " %s ", node_op_sign(x->op));
  put(x->kid[1], b + 1, out);
}

/* "within 6m" alone would read as an option of the call it stands in. */
static void argument(const Node *x, Buf *out) {
  Buf b = {0};
  feel_unparse(x, &b);
  bool wrap = x->kind != N_OPT && (str_starts(buf_view(&b), "within ") || str_starts(buf_view(&b), "among "));
  if (wrap) buf_char(out, '(');
  buf_str(out, buf_view(&b));
  if (wrap) buf_char(out, ')');
  buf_free(&b);
}

static void comma_list(const Node *x, uint32_t from, Buf *out) {
  for (uint32_t i = from; i < x->nkid; i++) {
    if (i > from) buf_puts(out, ", ");
    if (x->names && x->names[i].n) {
      buf_str(out, x->names[i]);
      buf_puts(out, ": ");
    }
    argument(x->kid[i], out);
  }
}

static void call(const Node *x, Buf *out) {
  if (x->op == CALL_EXPR) put(x->kid[0], x->kid[0]->kind == N_NAME ? BIND_VALUE + 1 : BIND_POSTFIX, out);
  else buf_str(out, x->name);
  buf_char(out, '(');
  comma_list(x, x->op == CALL_EXPR, out);
  buf_char(out, ')');
}

/* A name in both dialects, as it stands: what is full-width (％ Ａ) reads as the plain sign. */
static bool plain_name(Str s) {
  for (size_t i = 0, from = 0; i < s.n; from = i) {
    uint32_t c = utf8_next(s, &i);
    bool wide = c >= 0xFF00 && c <= 0xFFEF;
    bool ok = from ? lex_name_part(DIALECT_RULES, c) && lex_name_part(DIALECT_STANDARD, c)
                   : lex_name_start(DIALECT_RULES, c) && lex_name_start(DIALECT_STANDARD, c);
    if (wide || !ok) return false;
  }
  return s.n > 0;
}

static void context(const Node *x, Buf *out) {
  buf_char(out, '{');
  for (uint32_t i = 0; i < x->nkid; i++) {
    if (i) buf_puts(out, ", ");
    if (plain_name(x->names[i])) buf_str(out, x->names[i]);
    else node_text(x->names[i], out);
    buf_puts(out, ": ");
    feel_unparse(x->kid[i], out);
  }
  buf_char(out, '}');
}

static void in_list(const Node *x, Buf *out) {
  put(x->kid[0], BIND_ADD, out);
  buf_puts(out, x->op == OP_NOT_IN ? " not in " : " in ");
  if (x->nkid == 2 && x->kid[1]->kind != N_TEST) {
    put(x->kid[1], BIND_ADD, out);
    return;
  }
  buf_char(out, '(');
  for (uint32_t i = 1; i < x->nkid; i++) {
    if (i > 1) buf_puts(out, ", ");
    put(x->kid[i], BIND_EXPR, out);
  }
  buf_char(out, ')');
}

static void range(const Node *x, Buf *out) {
  if (x->op & (VAL_RANGE_ONE | VAL_RANGE_OTHER)) {
    buf_puts(out, x->op & VAL_RANGE_ONE ? "(= " : "(!= ");
    put(x->kid[0], BIND_ADD, out);
    buf_char(out, ')');
    return;
  }
  if (x->op & N_RANGE_STEPS) { /* of an iteration */
    put(x->kid[0], BIND_EXPR, out);
    buf_puts(out, "..");
    put(x->kid[1], BIND_EXPR, out);
    return;
  }
  if (!x->kid[0] || !x->kid[1]) { /* (< 5), (>= 5) */
    const Node *end = x->kid[0] ? x->kid[0] : x->kid[1];
    bool in = x->op & (x->kid[0] ? VAL_RANGE_LOW_IN : VAL_RANGE_HIGH_IN);
    buf_printf(out, "(%s%s ", x->kid[0] ? ">" : "<", in ? "=" : "");
    put(end, BIND_ADD, out);
  } else {
    buf_puts(out, node_low_sign(x));
    put(x->kid[0], BIND_ADD, out);
    buf_puts(out, "..");
    put(x->kid[1], BIND_ADD, out);
  }
  buf_puts(out, x->kid[0] && x->kid[1] ? node_high_sign(x) : ")");
}

static void iteration(const Node *x, Buf *out) {
  buf_puts(out, x->kind == N_FOR ? "for " : x->kind == N_SOME ? "some " : "every ");
  for (uint32_t i = 0; i + 1 < x->nkid; i++) {
    if (i) buf_puts(out, ", ");
    buf_str(out, x->names[i]);
    buf_puts(out, " in ");
    feel_unparse(x->kid[i], out);
  }
  buf_puts(out, x->kind == N_FOR ? " return " : " satisfies ");
  feel_unparse(x->kid[x->nkid - 1], out);
}

static void function(const Node *x, Buf *out) {
  buf_puts(out, "function(");
  for (uint32_t i = 0; i < x->nname; i++) {
    if (i) buf_puts(out, ", ");
    buf_str(out, x->names[i]);
    if (x->types && x->types[i].n) {
      buf_puts(out, ": ");
      buf_str(out, x->types[i]);
    }
  }
  buf_puts(out, x->op ? ") external " : ") ");
  feel_unparse(x->kid[0], out);
}

static void test(const Node *x, Bind at_least, Buf *out) {
  if (x->kind != N_TEST) {
    put(x, at_least, out);
    return;
  }
  buf_printf(out, "%s ", node_op_sign(x->op));
  test(x->kid[0], BIND_ADD, out);
}

static void tests(const Node *x, Buf *out) {
  if (x->op) buf_puts(out, "not(");
  for (uint32_t i = 0; i < x->nkid; i++) {
    if (i) buf_puts(out, ", ");
    test(x->kid[i], BIND_EXPR, out);
  }
  if (x->op) buf_char(out, ')');
}

static const char *format_text(Fmt f) {
  static const char *const name[] = {
      [FMT_AUTO] = "",    [FMT_PLAIN] = "",   [FMT_PERCENT] = "%", [FMT_SIGNED_PERCENT] = "+%",
      [FMT_WAN] = "万",   [FMT_YI] = "亿",    [FMT_MONEY] = "¥",   [FMT_DAYS] = "d",
      [FMT_DECIMALS] = ".", [FMT_POINTS] = "pts", [FMT_BARS] = "bars", [FMT_DATE] = "date"};
  return (size_t)f.kind < sizeof name / sizeof *name ? name[f.kind] : "";
}

static void hole(const Node *x, Buf *out) {
  const char *fmt = format_text(x->fmt);
  Buf b = {0};
  feel_unparse(x->kid[0], &b);
  buf_char(out, '{');
  if (b.n && b.p[0] == '{') buf_char(out, ' '); /* two braces would be one of text */
  buf_str(out, buf_view(&b));
  buf_free(&b);
  if (*fmt) buf_printf(out, ":%s", fmt);
  if (x->fmt.kind == FMT_DECIMALS) buf_printf(out, "%d", x->fmt.decimals);
  buf_char(out, '}');
}

static void template(const Node *x, Buf *out) {
  for (uint32_t i = 0; i < x->nkid; i++) {
    const Node *k = x->kid[i];
    if (k->kind == N_HOLE) {
      hole(k, out);
      continue;
    }
    Str s = val_str(k->lit);
    for (size_t j = 0; j < s.n; j++) {
      if (s.p[j] == '{' || s.p[j] == '}') buf_char(out, s.p[j]);
      buf_char(out, s.p[j]);
    }
  }
}

static void three(const Node *x, const char *const *sep, Bind at_least, Buf *out) {
  for (uint32_t i = 0; i < 3; i++) {
    buf_puts(out, sep[i]);
    put(x->kid[i], at_least, out);
  }
}

static void within(const Node *x, Buf *out) {
  if (x->kid[0]) put(x->kid[0], BIND_ADD, out), buf_char(out, ' ');
  buf_puts(out, "within ");
  put(x->kid[1], BIND_ADD, out);
}

void feel_unparse(const Node *x, Buf *out) {
  static const char *const choice[] = {"if ", " then ", " else "};
  static const char *const limits[] = {"", " between ", " and "};
  switch ((NodeKind)x->kind) {
    case N_LIT: node_lit(x, out); break;
    case N_NAME: buf_str(out, x->name); break;
    case N_PATH:
      put(x->kid[0], BIND_POSTFIX, out);
      buf_char(out, '.');
      buf_str(out, x->name);
      break;
    case N_CALL: call(x, out); break;
    case N_OPT:
      buf_str(out, x->name);
      buf_char(out, ' ');
      feel_unparse(x->kid[0], out);
      break;
    case N_BIN: binary(x, out); break;
    case N_NEG:
      buf_char(out, '-');
      put(x->kid[0], x->kid[0]->kind == N_LIT ? BIND_VALUE + 1 : BIND_NEG, out);
      break;
    case N_BETWEEN: three(x, limits, BIND_ADD, out); break;
    case N_IN: in_list(x, out); break;
    case N_WITHIN: within(x, out); break;
    case N_TEST: test(x, BIND_EXPR, out); break;
    case N_TESTS: tests(x, out); break;
    case N_ANY: buf_char(out, '-'); break;
    case N_RANGE: range(x, out); break;
    case N_IF: three(x, choice, BIND_EXPR, out); break;
    case N_FOR: case N_SOME: case N_EVERY: iteration(x, out); break;
    case N_FILTER:
      put(x->kid[0], BIND_POSTFIX, out);
      buf_char(out, '[');
      feel_unparse(x->kid[1], out);
      buf_char(out, ']');
      break;
    case N_LIST:
      buf_char(out, '[');
      comma_list(x, 0, out);
      buf_char(out, ']');
      break;
    case N_CONTEXT: context(x, out); break;
    case N_FUNCTION: function(x, out); break;
    case N_INSTANCE:
      put(x->kid[0], BIND_INSTANCE, out);
      buf_puts(out, " instance of ");
      buf_str(out, x->name);
      break;
    case N_TEMPLATE: template(x, out); break;
    case N_HOLE: hole(x, out); break;
  }
}
