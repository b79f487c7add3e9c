#include "feel/check.h"

#include <string.h>

/* earned -> margin -> earned: who asked for whom, until the one that closes the ring. */
static bool ring(Rules *r, const Sym *s, const Sym *asker, Err *e) {
  const Sym *chain[32];
  size_t n = 0;
  for (const Sym *at = asker; at && n < 32; at = at->up) {
    chain[n++] = at;
    if (at == s) break;
  }
  Buf b = {0};
  for (size_t i = n; i-- > 0;) {
    buf_printf(&b, "%.*s -> ", STR_ARG(chain[i]->name));
    if (chain[i]->via) buf_printf(&b, "table %.*s -> ", STR_ARG(chain[i]->via->info.name));
  }
  buf_str(&b, s->name);
  (void)r;
  src_err(e, &s->src, 0, s->src.text.n, "%.*s needs itself: %.*s", STR_ARG(s->name), (int)b.n, b.p);
  buf_free(&b);
  return err_todo(e, "break the ring: one of them has to stand on figures alone");
}

/* What the evaluator must know of a metric: does it read decided tables, or the whole population? */
static void mark(Sym *s, const Op *op) {
  if (op->kind == K_OUTPUT) s->leans = true;
  if (op->kind == K_SET) {
    const SetCall *call = op->ref;
    s->sets = true;
    if (call->x) mark(s, call->x);
    if (call->within) mark(s, call->within);
    if (call->among) mark(s, call->among);
  }
  if (op->kind == K_METRIC || op->kind == K_METRIC_ROWS) {
    const Sym *other = op->ref;
    s->leans |= other->leans;
    s->sets |= other->sets;
  }
  for (uint32_t i = 0; i < op->nkid; i++) mark(s, op->kid[i]);
}

static int taller(int a, int b) { return a > b ? a : b; }

int op_height(const Op *op) {
  if (!op) return 0;
  int h = 0;
  if (op->kind == K_METRIC || op->kind == K_METRIC_ROWS) h = ((const Sym *)op->ref)->height + 1;
  if (op->kind == K_OUTPUT) h = ((const Sym *)op->ref)->table->height + 1;
  if (op->kind == K_SET) {
    const SetCall *s = op->ref;
    h = taller(op_height(s->x), taller(op_height(s->within), op_height(s->among)));
  }
  for (uint32_t i = 0; i < op->nkid; i++) h = taller(h, op_height(op->kid[i]));
  return h;
}

static bool too_high(const Sym *s, Err *e) {
  src_err(e, &s->src, 0, s->src.text.n, "%.*s stands on more than %d metrics one upon the other",
          STR_ARG(s->name), HEIGHT_MOST);
  return err_todo(e, "say it in fewer steps");
}

/* How many are being checked, each for the next. */
static int waiting(const Sym *asker) {
  int n = 0;
  for (; asker; asker = asker->up) n++;
  return n;
}

static bool check_rule(Rules *r, Sym *s, Err *e) {
  Node *node = feel_parse(&s->rule, r->dialect, &r->arena, e);
  if (!node) return false;
  Scope row = {.row = true, .entity = s->entity};
  Check c = {.r = r, .e = e, .scope = &row, .metric = s};
  Op *op = check_node(&c, node);
  mem_free(c.name);
  if (!op) return false;
  s->type = op->type;
  if (s->declared) {
    if (!unit_declare(&c, s, op->type)) return false;
    if (op->type.kind == T_SECS || op->type.kind == T_MONTHS) {
      op = op1(&c, K_DAYS, node, type_num(UNIT_DAYS), op);
      op->dated = true;
    }
    s->type = type_num(s->unit);
  }
  s->op = op;
  mark(s, op);
  s->height = op_height(op);
  return s->height < HEIGHT_MOST || too_high(s, e);
}

bool metric_check(Rules *r, Sym *s, Sym *asker, Err *e) {
  if (s->state == SYM_DONE) return true;
  if (s->state == SYM_CHECKING) return ring(r, s, asker, e);
  if (waiting(asker) >= HEIGHT_MOST) return too_high(s, e);
  s->state = SYM_CHECKING;
  s->up = asker;
  bool ok = check_rule(r, s, e);
  s->state = ok ? SYM_DONE : SYM_NEW;
  s->up = NULL;
  return ok;
}
