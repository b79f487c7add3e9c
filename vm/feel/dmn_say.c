#include "feel/dmn_say.h"

#include "base/num.h"
#include "feel/standard.h"
#include "feel/temporal.h"
#include "feel/unparse.h"

#include <string.h>

void say_text(Str text, Buf *out) {
  buf_char(out, '"');
  for (size_t i = 0; i < text.n; i++) {
    char c = text.p[i];
    if (c == '"' || c == '\\') buf_char(out, '\\');
    if (c == '\n') buf_puts(out, "\\n");
    else buf_char(out, c);
  }
  buf_char(out, '"');
}

bool say_val(Val v, Buf *out) {
  switch (v.t) {
    case V_NULL: buf_puts(out, "null"); return true;
    case V_BOOL: buf_puts(out, v.u.i ? "true" : "false"); return true;
    case V_NUM:
    case V_BIG:
    case V_REAL: num_print(v, out); return true;
    case V_TEXT: say_text(val_str(v), out); return true;
    case V_DATE:
    case V_TIME:
    case V_DATETIME:
    case V_SECS:
    case V_MONTHS: {
      static const char *const name[] = {[V_DATE] = "date", [V_TIME] = "time", [V_DATETIME] = "date and time",
                                         [V_SECS] = "duration", [V_MONTHS] = "duration"};
      buf_printf(out, "%s(\"", name[v.t]);
      temporal_print(v, out);
      buf_puts(out, "\")");
      return true;
    }
    case V_LIST:
      buf_char(out, '[');
      for (uint32_t i = 0; i < v.n; i++) {
        if (i) buf_puts(out, ", ");
        if (!say_val(v.u.v[i], out)) return false;
      }
      buf_char(out, ']');
      return true;
    default: return false;
  }
}

static void lean(Say *s, Str name) {
  for (size_t i = 0; i < s->nname; i++)
    if (str_eq(s->name[i], name)) return;
  mem_grow(s->name, s->capname, s->nname + 1);
  s->name[s->nname++] = name;
}

/* Days stand beside numbers in the rules; the standard keeps the two apart. */
static Val as_column(const Say *s, Val v) {
  if (s->want == T_NUM && v.t == V_SECS && v.e == 0 && v.u.i % 86400 == 0) return val_int(v.u.i / 86400);
  int64_t days;
  if (s->want == T_SECS && num_int(v, &days)) return val_days(days);
  return v;
}

static bool say_literal(Say *s, const Node *x) {
  if (x->op != LIT_WORD || !s->is_arg || !s->is_arg(s->ctx, val_str(x->lit)))
    return say_val(as_column(s, x->lit), s->out);
  lean(s, val_str(x->lit));
  buf_str(s->out, val_str(x->lit));
  return true;
}

static bool atom(const Node *x) {
  return x->kind == N_LIT || x->kind == N_NAME || x->kind == N_PATH || x->kind == N_CALL || x->kind == N_LIST;
}

static bool say_part(Say *s, const Node *x) { /* an operand, in parentheses when it is more than one */
  if (atom(x)) return say_expr(s, x);
  buf_char(s->out, '(');
  bool ok = say_expr(s, x);
  buf_char(s->out, ')');
  return ok;
}

static bool say_list(Say *s, const Node *x, uint32_t from) {
  for (uint32_t i = from; i < x->nkid; i++) {
    if (i > from) buf_puts(s->out, ", ");
    if (!say_expr(s, x->kid[i])) return false;
  }
  return true;
}

/* Is the expression what a column shows already? Then it goes by the column's name. */
static bool say_heading(Say *s, const Node *x) {
  if (!s->heading || x->kind == N_LIT || !x->src) return false;
  Str name = s->heading(s->ctx, str_trim(str_sub(x->src->text, x->at, x->at + x->len)));
  if (!name.n) return false;
  lean(s, name);
  buf_str(s->out, name);
  return true;
}

/* sum(revenue, 12m) is no sum of a list. */
static bool over_window(const Node *x) {
  const Node *last = x->nkid > 1 ? x->kid[x->nkid - 1] : NULL;
  return last && last->kind == N_LIT &&
         (last->lit.t == V_MONTHS || last->lit.t == V_SECS || last->lit.t == V_WINDOW);
}

/* Functions of the standard, whose names have blanks there. */
static bool say_call(Say *s, const Node *x) {
  char name[64];
  if (x->op != CALL_NAME || over_window(x) || x->name.n >= sizeof name) return false;
  for (size_t i = 0; i < x->name.n; i++) name[i] = x->name.p[i] == '_' ? ' ' : x->name.p[i];
  Str own = {name, x->name.n};
  if (!standard_is_builtin(own)) own = x->name;
  if (!standard_is_builtin(own)) return false;
  buf_str(s->out, own);
  buf_char(s->out, '(');
  bool ok = say_list(s, x, 0);
  buf_char(s->out, ')');
  return ok;
}

static bool say_range(Say *s, const Node *x) {
  buf_puts(s->out, node_low_sign(x));
  bool ok = !x->kid[0] || say_part(s, x->kid[0]);
  buf_puts(s->out, "..");
  ok = ok && (!x->kid[1] || say_part(s, x->kid[1]));
  buf_puts(s->out, node_high_sign(x));
  return ok;
}

static bool say_test(Say *s, const Node *x) {
  if (x->kind != N_TEST) return say_expr(s, x);
  if (x->op != OP_EQ) buf_printf(s->out, "%s ", node_op_sign(x->op));
  return say_part(s, x->kid[0]);
}

static bool say_if(Say *s, const Node *x) {
  buf_puts(s->out, "if ");
  if (!say_part(s, x->kid[0])) return false;
  buf_puts(s->out, " then ");
  if (!say_part(s, x->kid[1])) return false;
  buf_puts(s->out, " else ");
  return say_part(s, x->kid[2]);
}

static bool say_binary(Say *s, const Node *x) {
  if (!say_part(s, x->kid[0])) return false;
  buf_printf(s->out, " %s ", node_op_sign(x->op));
  return say_part(s, x->kid[1]);
}

bool say_expr(Say *s, const Node *x) {
  if (say_heading(s, x)) return true;
  switch (x->kind) {
    case N_LIT: return say_literal(s, x);
    case N_NAME:
      lean(s, x->name);
      buf_str(s->out, x->name);
      return true;
    case N_PATH:
      if (!say_part(s, x->kid[0])) return false;
      buf_printf(s->out, ".%.*s", STR_ARG(x->name));
      return true;
    case N_BIN: return say_binary(s, x);
    case N_NEG:
      buf_char(s->out, '-');
      return say_part(s, x->kid[0]);
    case N_RANGE: return say_range(s, x);
    case N_IF: return say_if(s, x);
    case N_CALL: return say_call(s, x);
    case N_LIST: {
      buf_char(s->out, '[');
      bool ok = say_list(s, x, 0);
      buf_char(s->out, ']');
      return ok;
    }
    default: return false;
  }
}

bool say_tests(Say *s, const Node *x) {
  if (x->kind == N_ANY) {
    buf_char(s->out, '-');
    return true;
  }
  if (x->kind != N_TESTS) return false;
  if (x->op) buf_puts(s->out, "not(");
  for (uint32_t i = 0; i < x->nkid; i++) {
    if (i) buf_puts(s->out, ", ");
    if (!say_test(s, x->kid[i])) return false;
  }
  if (x->op) buf_char(s->out, ')');
  return true;
}

bool say_template(Say *s, const Node *x) {
  if (!x->nkid) buf_puts(s->out, "\"\"");
  for (uint32_t i = 0; i < x->nkid; i++) {
    const Node *part = x->kid[i];
    if (i) buf_puts(s->out, " + ");
    if (part->kind == N_LIT) {
      say_text(val_str(part->lit), s->out);
      continue;
    }
    buf_puts(s->out, "string(");
    if (!say_expr(s, part->kid[0])) return false;
    buf_char(s->out, ')');
  }
  return true;
}
