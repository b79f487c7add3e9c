/* The tree as an S-expression, and how literals and signs are written. */
#include "feel/unparse.h"

#include "base/num.h"
#include "feel/temporal.h"
#include "feel/window.h"

const char *node_op_sign(int op) {
  static const char *const sign[] = {
      [OP_OR] = "or", [OP_AND] = "and", [OP_EQ] = "=",  [OP_NE] = "!=", [OP_LT] = "<",  [OP_LE] = "<=",
      [OP_GT] = ">",  [OP_GE] = ">=",   [OP_ADD] = "+", [OP_SUB] = "-", [OP_MUL] = "*", [OP_DIV] = "/",
      [OP_POW] = "**"};
  return op > 0 && op < (int)(sizeof sign / sizeof *sign) && sign[op] ? sign[op] : "";
}

const char *node_low_sign(const Node *range) { return range->op & VAL_RANGE_LOW_IN ? "[" : "("; }
const char *node_high_sign(const Node *range) { return range->op & VAL_RANGE_HIGH_IN ? "]" : ")"; }

void node_text(Str s, Buf *out) {
  buf_char(out, '"');
  for (size_t i = 0; i < s.n; i++) switch (s.p[i]) {
      case '"': buf_puts(out, "\\\""); break;
      case '\\': buf_puts(out, "\\\\"); break;
      case '\n': buf_puts(out, "\\n"); break;
      case '\r': buf_puts(out, "\\r"); break;
      case '\t': buf_puts(out, "\\t"); break;
      default: buf_char(out, s.p[i]);
    }
  buf_char(out, '"');
}

static void percent(Val v, Buf *out) {
  Arena a = {0};
  num_print(num_mul(v, val_int(100), &a), out);
  buf_char(out, '%');
  arena_free(&a);
}

/* The largest unit that is whole, else seconds with their decimals. */
static void seconds(Val v, Buf *out) {
  static const struct { const char *name; int64_t secs; } unit[] = {
      {"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}};
  for (size_t i = 0; v.e == 0 && i < sizeof unit / sizeof *unit; i++)
    if (v.u.i % unit[i].secs == 0) {
      buf_printf(out, "%lld%s", (long long)(v.u.i / unit[i].secs), unit[i].name);
      return;
    }
  num_print(val_dec(v.u.i, v.e), out);
  buf_char(out, 's');
}

void node_lit(const Node *x, Buf *out) {
  if (x->op == LIT_AT) {
    buf_puts(out, "@\"");
    temporal_print(x->lit, out);
    buf_char(out, '"');
    return;
  }
  if (x->op == LIT_WORD) {
    buf_str(out, val_str(x->lit));
    return;
  }
  switch (x->lit.t) {
    case V_NULL: buf_puts(out, "null"); break;
    case V_BOOL: buf_puts(out, x->lit.u.i ? "true" : "false"); break;
    case V_TEXT: node_text(val_str(x->lit), out); break;
    case V_DATE: temporal_print(x->lit, out); break;
    case V_SECS: seconds(x->lit, out); break;
    case V_MONTHS:
    case V_WINDOW: window_print(x->lit, out); break;
    default:
      if (x->unit == UNIT_PERCENT) percent(x->lit, out);
      else num_print(x->lit, out);
  }
}

/* --- S-expression */

static const char *head(const Node *x) {
  switch ((NodeKind)x->kind) {
    case N_PATH: return ".";
    case N_BIN: return node_op_sign(x->op);
    case N_NEG: return "neg";
    case N_BETWEEN: return "between";
    case N_IN: return x->op == OP_NOT_IN ? "not-in" : "in";
    case N_WITHIN: return "within";
    case N_TEST: return "test";
    case N_TESTS: return x->op ? "none-of" : "tests";
    case N_RANGE: return "range";
    case N_IF: return "if";
    case N_FOR: return "for";
    case N_SOME: return "some";
    case N_EVERY: return "every";
    case N_FILTER: return "filter";
    case N_LIST: return "list";
    case N_CONTEXT: return "context";
    case N_FUNCTION: return x->op ? "external" : "function";
    case N_INSTANCE: return "instance";
    case N_TEMPLATE: return "template";
    case N_HOLE: return "hole";
    case N_CALL: return x->op == CALL_EXPR ? "call" : "";
    default: return "";
  }
}

static void parameters(const Node *x, Buf *out) {
  for (uint32_t i = 0; i < x->nname; i++) {
    buf_char(out, ' ');
    buf_str(out, x->names[i]);
    if (x->types && x->types[i].n) {
      buf_char(out, ':');
      buf_str(out, x->types[i]);
    }
  }
}

static void before_kids(const Node *x, Buf *out) {
  if (x->kind == N_CALL && x->op == CALL_NAME) buf_str(out, x->name);
  if (x->kind == N_OPT) buf_str(out, x->name);
  if (x->kind == N_TEST) buf_printf(out, " %s", node_op_sign(x->op));
  if (x->kind == N_RANGE) buf_printf(out, " \"%s%s\"", node_low_sign(x), node_high_sign(x));
  if (x->kind == N_FUNCTION) parameters(x, out);
}

static bool labelled(const Node *x, uint32_t i) {
  if (x->kind == N_FUNCTION || !x->names) return false;
  return x->names[i].n || x->kind == N_CONTEXT;
}

void feel_dump(const Node *x, Buf *out) {
  if (!x) {
    buf_puts(out, "_");
    return;
  }
  if (x->kind == N_LIT || x->kind == N_NAME || x->kind == N_ANY) {
    if (x->kind == N_LIT) node_lit(x, out);
    else if (x->kind == N_NAME) buf_str(out, x->name);
    else buf_puts(out, "any");
    return;
  }
  buf_char(out, '(');
  buf_puts(out, head(x));
  before_kids(x, out);
  for (uint32_t i = 0; i < x->nkid; i++) {
    buf_char(out, ' ');
    if (labelled(x, i)) {
      buf_char(out, ':');
      buf_str(out, x->names[i]);
      buf_char(out, ' ');
    }
    feel_dump(x->kid[i], out);
  }
  if (x->kind == N_PATH || x->kind == N_INSTANCE) {
    buf_char(out, ' ');
    buf_str(out, x->name);
  }
  if (x->kind == N_HOLE && x->fmt.kind != FMT_AUTO)
    buf_printf(out, " :%d.%d", (int)x->fmt.kind, x->fmt.decimals);
  buf_char(out, ')');
}
