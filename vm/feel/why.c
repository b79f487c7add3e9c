#include "feel/score.h"

#include "base/lang.h"
#include "base/num.h"

#include <string.h>

/* Words for decisions, from the table's text and the inputs of the case. */

static Str text_of(const Node *n) { return (Str){n->src->text.p + n->at, n->len}; }

static const Cell *cell_of(const Table *t, size_t row, size_t col) {
  return &t->cell[row * (t->info.nin + t->info.nout) + col];
}

static size_t grid_row(const Table *t, int32_t number) {
  for (size_t i = 0; i < t->grid.nrow; i++)
    if (t->number[i] == number) return i;
  return SIZE_MAX;
}

static void show(Eval *ev, Val v, Unit unit, const char *null, Buf *out) {
  FmtEnv env = eval_fmt(ev, null);
  if (v.t == V_SECS && v.e == 0 && unit == UNIT_DAYS) v = val_dec(v.u.i / 86400, 0);
  fmt_val(v, unit, FMT_NONE, &env, out);
}

/* --- one cell: what became of it, and how it reads ----------------------- */

typedef struct Case {
  Eval *ev;
  const Table *t;
  Frame *f; /* one row of which only the inputs are known */
} Case;

static Case case_of(Eval *ev, const Table *t, const Val *in) {
  Frame *f = frame_constant(frame_root(ev, &ev->temp, 0, ev->asof, NULL, 0));
  f->blind = true;
  for (size_t k = 0; k < t->info.nin; k++) frame_keep(f, t->in[k].op, KEPT_VEC)->vec = (Vec){&in[k], 1};
  return (Case){ev, t, f};
}

static bool value_of(Case *c, const Op *op, Val *out) {
  Err none = {0}, *was = c->ev->e;
  c->ev->e = &none;
  bool ok = op && frame_value(c->f, op, out);
  c->ev->e = was;
  err_free(&none);
  return ok;
}

/* 1 holds, 0 fails, -1 cannot be told. */
static int cell_state(Case *c, size_t row, size_t col) {
  const Cell *cell = cell_of(c->t, row, col);
  Val v = val_null();
  if (cell->any) return 1;
  if (!value_of(c, cell->op, &v) || v.t != V_BOOL) return c->t->in[col].lenient ? 0 : -1;
  return v.u.i ? 1 : 0;
}

static const char *sign_of(int op) {
  static const char *const sign[] = {
      [OP_EQ] = "=", [OP_NE] = "!=", [OP_LT] = "<", [OP_LE] = "<=", [OP_GT] = ">", [OP_GE] = ">="};
  return sign[op];
}

static NodeOp opposite(NodeOp op) {
  switch (op) {
    case OP_LT: return OP_GE;
    case OP_LE: return OP_GT;
    case OP_GT: return OP_LE;
    case OP_GE: return OP_LT;
    case OP_EQ: return OP_NE;
    default: return OP_EQ;
  }
}

/* The compared operand of a test: its name when it is an arg, and its value. */
static void operand(Case *c, const Op *op, Unit unit, bool name_too, Buf *out) {
  Val v = val_null();
  bool known = value_of(c, op, &v) && v.t != V_NULL;
  const Node *n = op->node;
  bool named = op->kind == K_ARG || !known;
  if (named && n && (name_too || !known)) {
    buf_str(out, text_of(n));
    if (known) buf_char(out, ' ');
  }
  if (known) show(c->ev, v, unit ? unit : op->type.unit, "?", out);
}

static const Op *compared(const Op *op) { return op->kind == K_CMP ? op->kid[1] : NULL; }

/* The test as words: "> good 15 %". A test of several is its text. */
static void say_test(Case *c, size_t row, size_t col, bool negate, Buf *out) {
  const Cell *cell = cell_of(c->t, row, col);
  const Op *op = cell->op;
  Unit unit = c->t->in[col].type.unit;
  const Op *side = op ? compared(op) : NULL;
  if (side) {
    NodeOp how = (NodeOp)op->code;
    buf_printf(out, "%s ", sign_of(negate ? (int)opposite(how) : (int)how));
    operand(c, side, unit, true, out);
    return;
  }
  bool range = op && op->kind == K_AND && op->nkid == 2 && compared(op->kid[0]) && compared(op->kid[1]);
  if (range) {
    NodeOp lo = (NodeOp)op->kid[0]->code, hi = (NodeOp)op->kid[1]->code;
    buf_printf(out, "%s%c", negate ? _("outside ") : _("in "), lo == OP_GE ? '[' : '(');
    operand(c, compared(op->kid[0]), unit, true, out);
    buf_puts(out, "..");
    operand(c, compared(op->kid[1]), unit, true, out);
    buf_char(out, hi == OP_LE ? ']' : ')');
    return;
  }
  Str text = str_trim(cell->src.text);
  bool plain = op && op->kind == K_OR;
  buf_printf(out, "%s%.*s", negate ? _("not ") : plain ? _("in ") : "", STR_ARG(text));
}

static void say_cell(Case *c, const Val *in, size_t row, size_t col, Buf *out) {
  const TableInput *i = &c->t->in[col];
  buf_printf(out, "%.*s ", STR_ARG(str_trim(i->src.text)));
  show(c->ev, in[col], i->type.unit, _("unknown"), out);
  buf_char(out, ' ');
  say_test(c, row, col, false, out);
}

/* The cells of a row that are in `state`; of a row that was hit (EVERY) all, for they held, also those
 * that compare with a figure of the row that nobody wrote down. */
enum { EVERY = 2 };

static size_t say_cells(Case *c, const Val *in, size_t row, int state, const char *between, Buf *out) {
  size_t said = 0;
  for (size_t k = 0; k < c->t->info.nin; k++) {
    if (cell_of(c->t, row, k)->any || (state != EVERY && cell_state(c, row, k) != state)) continue;
    if (said++) buf_puts(out, between);
    if (in[k].t == V_NULL && state < 0)
      buf_say(out, "%.*s is not known", STR_ARG(str_trim(c->t->in[k].src.text)));
    else if (in[k].t == V_LIST && !in[k].n && state < 0)
      buf_say(out, "%.*s is empty", STR_ARG(str_trim(c->t->in[k].src.text)));
    else say_cell(c, in, row, k, out);
  }
  return said;
}

static void say_missed(Case *c, const Val *in, size_t row, Buf *out) {
  buf_say(out, "  row %d no    ", c->t->number[row]);
  size_t said = say_cells(c, in, row, 0, _("   and   "), out);
  if (!said) say_cells(c, in, row, -1, _("   and   "), out);
  buf_char(out, '\n');
}

static bool holds(Case *c, size_t row) {
  for (size_t k = 0; k < c->t->info.nin; k++)
    if (!cell_of(c->t, row, k)->any && cell_state(c, row, k) != 1) return false;
  return true;
}

/* The rows behind the one that could not be tested that would have been hit, and what lets the unknown pass. */
static void say_kept_from(Case *c, const Val *in, size_t stop, Buf *out) {
  const Table *t = c->t;
  size_t n = 0, last = 0, met = 0;
  for (size_t i = stop + 1; i < t->grid.nrow; i++)
    if (t->number[i] > 0 && holds(c, i)) n++, last = i;
  if (!n) return;
  buf_say(out, n == 1 ? "  row" : N_("  rows"));
  for (size_t i = stop + 1; i < t->grid.nrow; i++)
    if (t->number[i] > 0 && holds(c, i)) buf_printf(out, "%s %d", !met++ ? "" : i == last ? " and" : ",", t->number[i]);
  buf_say(out, " would have held; write ");
  size_t said = 0;
  for (size_t k = 0; k < t->info.nin; k++)
    if (in[k].t == V_NULL && !cell_of(t, stop, k)->any && cell_state(c, stop, k) < 0)
      buf_printf(out, "%s%.*s?", said++ ? " and " : "", STR_ARG(str_trim(t->in[k].src.text)));
  buf_say(out, said ? " in the heading to let unknowns pass\n" : N_("a row for it\n"));
}

void decision_why(Eval *ev, const TableInfo *t, int32_t row, int32_t blocked, const Val *in, Buf *out) {
  const Table *table = (const Table *)(const void *)t;
  if (table->score) {
    score_why(ev, table, in, out);
    return;
  }
  Err none = {0};
  eval_enter(ev, &none);
  Case c = case_of(ev, table, in);
  size_t hit = row > 0 ? grid_row(table, row) : SIZE_MAX, stop = row > 0       ? hit
                                                                 : blocked > 0 ? grid_row(table, blocked)
                                                                               : table->grid.nrow;
  if (row > 0) {
    buf_say(out, "  row %d hit   ", row);
    if (!say_cells(&c, in, hit, EVERY, _("   and   "), out)) buf_say(out, "whatever the figures");
    buf_char(out, '\n');
  } else if (row == ROW_ELSE) {
    buf_say(out, "  no row hit: the else row\n");
  } else if (blocked > 0) {
    buf_say(out, "  row %d could not be tested: ", blocked);
    say_cells(&c, in, stop, -1, ", ", out);
    buf_say(out, row == ROW_UNKNOWN ? "; the unknown row\n" : N_("; nothing is decided\n"));
    if (t->policy == HIT_FIRST || t->policy == HIT_UNIQUE) say_kept_from(&c, in, stop, out);
  } else {
    buf_say(out, "  no row hit\n");
  }
  for (size_t i = 0; i < table->grid.nrow && i < stop; i++)
    if (table->number[i] > 0) say_missed(&c, in, i, out);
  eval_leave(ev, true);
  err_free(&none);
}

/* --- why not ------------------------------------------------------------ */

static bool gives(Case *c, size_t row, size_t col, Val want) {
  const Cell *cell = cell_of(c->t, row, c->t->info.nin + col);
  Val v = val_null();
  if (!cell->op || !value_of(c, cell->op, &v)) return false;
  return v.t && val_order(v, want) == 0;
}

/* A comparison as something to be reached: "drift at or above -1 %". */
static void say_wish(Case *c, size_t row, size_t col, bool negate, Buf *out) {
  static const char *const words[] = {
      [OP_EQ] = "",       [OP_NE] = N_("other than "), [OP_LT] = N_("below "), [OP_LE] = N_("at or below "),
      [OP_GT] = N_("above "), [OP_GE] = N_("at or above ")};
  const Op *op = cell_of(c->t, row, col)->op, *side = op ? compared(op) : NULL;
  if (!side) {
    say_test(c, row, col, negate, out);
    return;
  }
  NodeOp how = negate ? opposite((NodeOp)op->code) : (NodeOp)op->code;
  if (*words[how]) buf_puts(out, _(words[how]));
  operand(c, side, c->t->in[col].type.unit, true, out);
}

static bool asks(const Table *t, size_t row, size_t col) {
  const Cell *cell = cell_of(t, row, col);
  return cell->op && !cell->any;
}

/* One thing a cell asks, or (to miss it) must not get. */
typedef struct Wish {
  size_t row; /* SIZE_MAX: none */
  bool negate;
} Wish;

/* A bound of one side: 1 = from below (> >=), -1 = from above, 0 = another kind of test. */
static int bound_of(Case *c, Wish w, size_t col, NodeOp *how, Val *at) {
  const Op *op = cell_of(c->t, w.row, col)->op, *side = op ? compared(op) : NULL;
  if (!side || !value_of(c, side, at) || !val_is_num(*at)) return 0;
  *how = w.negate ? opposite((NodeOp)op->code) : (NodeOp)op->code;
  return *how == OP_GT || *how == OP_GE ? 1 : *how == OP_LT || *how == OP_LE ? -1 : 0;
}

/* Is the bound kept by all that [low..high] or the one value of wish `a` takes? */
static bool within_bound(Case *c, size_t col, Wish a, NodeOp how, Val at) {
  const Op *op = cell_of(c->t, a.row, col)->op;
  bool from_below = how == OP_GT || how == OP_GE, open = how == OP_GT || how == OP_LT;
  if (!op || a.negate) return false;
  bool range = op->kind == K_AND && op->nkid == 2, point = op->kind == K_CMP && op->code == OP_EQ;
  const Op *end = point ? op : range ? op->kid[from_below ? 0 : 1] : NULL, *side = end ? compared(end) : NULL;
  Val edge = val_null();
  if (!side || !value_of(c, side, &edge) || !val_is_num(edge)) return false;
  int o = num_cmp(edge, at) * (from_below ? 1 : -1);
  return o > 0 || (o == 0 && (!open || (range && (end->code == OP_GT || end->code == OP_LT))));
}

/* Of two bounds from the same side only the closer binds: the other is dropped, as is one that says nothing new. */
static void drop_weaker(Case *c, size_t col, Wish *a, Wish *b) {
  NodeOp how, other;
  Val x, y;
  if (bound_of(c, *b, col, &other, &y) && within_bound(c, col, *a, other, y)) {
    b->row = SIZE_MAX;
    return;
  }
  int side = bound_of(c, *a, col, &how, &x);
  if (!side || bound_of(c, *b, col, &other, &y) != side) return;
  int o = num_cmp(x, y) * side;
  bool b_binds = o < 0 || (o == 0 && (other == OP_GT || other == OP_LT));
  if (b_binds) *a = *b;
  b->row = SIZE_MAX;
}

/* What column `col` should hold: one wish, or two of the same column said together. */
static void say_wanted(Case *c, const Val *in, size_t col, Wish one, Wish also, size_t *said, Buf *out) {
  const TableInput *i = &c->t->in[col];
  if (also.row != SIZE_MAX) drop_weaker(c, col, &one, &also);
  buf_printf(out, "%s%.*s ", (*said)++ ? " and " : "", STR_ARG(str_trim(i->src.text)));
  say_wish(c, one.row, col, one.negate, out);
  if (also.row != SIZE_MAX) {
    buf_say(out, " and ");
    say_wish(c, also.row, col, also.negate, out);
  }
  buf_say(out, " (now ");
  show(c->ev, in[col], i->type.unit, _("unknown"), out);
  buf_char(out, ')');
}

/* What would have to be otherwise for row `at` to hold, and for an earlier row that was hit to miss. */
static void say_change(Case *c, const Val *in, size_t at, size_t hit, Str name, Buf *out) {
  const Table *t = c->t;
  buf_say(out, "  To be %.*s: ", STR_ARG(name));
  const Wish none = {SIZE_MAX, false};
  size_t said = 0, best = SIZE_MAX;
  for (size_t k = 0; hit < at && k < t->info.nin; k++) /* rather a cell that the wanted row leaves free */
    if (asks(t, hit, k) && (best == SIZE_MAX || !asks(t, at, k))) best = k;
  bool missed = best == SIZE_MAX; /* the row that was hit has been told to miss */
  for (size_t k = 0; k < t->info.nin; k++) {
    if (!asks(t, at, k) || cell_state(c, at, k) == 1) continue;
    say_wanted(c, in, k, (Wish){at, false}, k == best ? (Wish){hit, true} : none, &said, out);
    missed |= k == best;
  }
  if (!missed) say_wanted(c, in, best, (Wish){hit, true}, none, &said, out);
  buf_puts(out, ".\n");
}

static void say_row(Case *c, const Val *in, size_t at, size_t hit, int32_t row, Str name, Buf *out) {
  const Table *t = c->t;
  bool holds = true, first = t->info.policy == HIT_FIRST && hit < at;
  for (size_t k = 0; k < t->info.nin; k++) holds &= cell_state(c, at, k) == 1;
  buf_say(out, "row %d; ", t->number[at]);
  if (first)
    buf_say(out, "row %d was hit first. Row %d itself would %shold:  ", row, t->number[at],
            holds ? "" : _("not "));
  else buf_say(out, holds ? "it holds:  " : N_("it does not hold:  "));
  size_t said = say_cells(c, in, at, holds ? 1 : 0, ",  ", out);
  if (!holds && !said) say_cells(c, in, at, -1, ",  ", out);
  buf_puts(out, ".\n");
  if (!holds || first) say_change(c, in, at, first ? hit : SIZE_MAX, name, out);
}

/* The rows at the foot of a table, which are taken when no other is. */
static void say_foot(Case *c, const Val *in, size_t at, size_t hit, int32_t row, Str name, Buf *out) {
  bool rest = c->t->number[at] == ROW_ELSE;
  if (row == c->t->number[at]) {
    buf_say(out, "it is %.*s: %s\n", STR_ARG(name), rest ? _("no row hit, so the else row") : _("the unknown row"));
    return;
  }
  buf_say(out, "%.*s is the %s", STR_ARG(name),
          rest ? _("else row, for what no row hits") : _("unknown row, for what a row cannot be tested on"));
  if (hit == SIZE_MAX) {
    buf_puts(out, ".\n");
    return;
  }
  buf_say(out, "; row %d was hit:  ", row);
  if (!say_cells(c, in, hit, EVERY, ",  ", out)) buf_say(out, "whatever the figures");
  buf_puts(out, ".\n");
  if (rest) say_change(c, in, at, hit, name, out);
}

void decision_whynot(Eval *ev, const TableInfo *t, size_t col, Val value, int32_t row, const Val *in,
                     Buf *out) {
  const Table *table = (const Table *)(const void *)t;
  if (table->score) {
    buf_say(out, "%.*s is counted, not chosen by a row:\n", STR_ARG(t->name));
    score_why(ev, table, in, out);
    return;
  }
  Err none = {0};
  eval_enter(ev, &none);
  Case c = case_of(ev, table, in);
  Buf name = {0};
  show(ev, value, table->out[col].type.unit, "null", &name);
  size_t hit = row > 0 ? grid_row(table, row) : SIZE_MAX, found = 0;
  for (size_t i = 0; i < table->grid.nrow; i++) {
    if (!gives(&c, i, col, value)) continue;
    if (table->number[i] < 0) {
      if (found++) buf_say(out, "or ");
      say_foot(&c, in, i, hit, row, buf_view(&name), out);
      continue;
    }
    if (i == hit) {
      buf_say(out, "it is %.*s: row %d was hit\n", (int)name.n, name.p, row);
      found++;
      break;
    }
    if (!found++) buf_say(out, "%.*s is ", (int)name.n, name.p);
    else buf_say(out, "or ");
    say_row(&c, in, i, hit, row, buf_view(&name), out);
  }
  if (!found)
    buf_say(out, "no row of table %.*s gives %.*s\n", STR_ARG(table->info.name), (int)name.n, name.p);
  buf_free(&name);
  eval_leave(ev, true);
  err_free(&none);
}

void cell_words(Eval *ev, const Table *t, const Val *in, size_t row, size_t col, Buf *out) {
  Case c = case_of(ev, t, in);
  say_test(&c, row, col, false, out);
}

void input_words(Eval *ev, Val v, Unit unit, Buf *out) { show(ev, v, unit, _("unknown"), out); }

/* --- the row that is lacking -------------------------------------------- */

typedef struct Side { /* the nearest cut on one side of a value */
  Val at;
  bool in;   /* the cut itself belongs to the value's side */
} Side;

static void cut(Side *low, Side *high, NodeOp op, Val x, Val at) {
  if (!val_is_num(at) || !val_is_num(x)) return;
  int o = num_cmp(x, at);
  if (op == OP_EQ || op == OP_NE) { /* a point: the value is it, or the line is cut there */
    if (o == 0) *low = *high = (Side){at, true};
    else cut(low, high, o > 0 ? OP_GT : OP_LT, x, at);
    return;
  }
  bool above = o > 0 || (o == 0 && (op == OP_GE || op == OP_LT)); /* >= c and < c part the line below c */
  Side *s = above ? low : high;
  bool in = op == OP_GE || op == OP_LT ? above : !above;
  int closer = s->at.t ? num_cmp(at, s->at) : 0;
  if (!s->at.t || (above ? closer > 0 : closer < 0)) *s = (Side){at, in};
  else if (closer == 0) s->in = s->in && in;
}

static void cuts_of(Case *c, const Op *op, Val x, Side *low, Side *high) {
  const Op *side = compared(op);
  Val at = val_null();
  if (side && op->code >= OP_EQ && op->code <= OP_GE && value_of(c, side, &at))
    cut(low, high, (NodeOp)op->code, x, at);
  for (uint32_t i = 0; !side && i < op->nkid && op->kind != K_MEMO; i++) cuts_of(c, op->kid[i], x, low, high);
}

void table_gap(Eval *ev, const Table *t, const Val *in, Buf *out) {
  Case c = case_of(ev, t, in);
  for (size_t k = 0; k < t->info.nin; k++) {
    const TableInput *i = &t->in[k];
    Side low = {0}, high = {0};
    for (size_t row = 0; row < t->grid.nrow; row++) {
      const Cell *cell = cell_of(t, row, k);
      if (t->number[row] > 0 && cell->op) cuts_of(&c, cell->op, in[k], &low, &high);
    }
    if (k) buf_puts(out, ", ");
    buf_printf(out, "%.*s ", STR_ARG(str_trim(i->src.text)));
    if (low.at.t && high.at.t && num_cmp(low.at, high.at) == 0) {
      buf_puts(out, "= ");
      show(ev, low.at, i->type.unit, "?", out);
    } else if (low.at.t && high.at.t) {
      buf_printf(out, "in %c", low.in ? '[' : '(');
      show(ev, low.at, i->type.unit, "?", out);
      buf_puts(out, "..");
      show(ev, high.at, i->type.unit, "?", out);
      buf_char(out, high.in ? ']' : ')');
    } else if (low.at.t || high.at.t) {
      buf_puts(out, low.at.t ? (low.in ? ">= " : "> ") : (high.in ? "<= " : "< "));
      show(ev, low.at.t ? low.at : high.at, i->type.unit, "?", out);
    } else {
      buf_say(out, in[k].t == V_TEXT || val_is_num(in[k]) || in[k].t == V_BOOL ? "= " : N_("is "));
      show(ev, in[k], i->type.unit, _("unknown"), out);
    }
  }
}
