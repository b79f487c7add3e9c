#include "feel/backtest.h"
#include "feel/score.h"

/* The first score met on the way down from op. */
static const Table *score_of(const Op *op) {
  if (!op) return NULL;
  const Table *t = op->kind == K_OUTPUT ? ((const Sym *)op->ref)->table : op->kind == K_SCORE ? op->ref : NULL;
  if (t && t->score) return t;
  const Table *found = NULL;
  if (t)
    for (size_t i = 0; !found && i < t->info.nin; i++) found = score_of(t->in[i].op);
  if (op->kind == K_METRIC) found = score_of(((const Sym *)op->ref)->op);
  for (uint32_t i = 0; !found && i < op->nkid; i++) found = score_of(op->kid[i]);
  return found;
}

size_t backtest_drivers(const Backtest *b, Arena *a, BacktestDriver **out) {
  *out = NULL;
  const Table *t = score_of(b->predict->op);
  if (!t) return 0;
  const Score *s = t->score;
  *out = arena_zalloc(a, s->ndriver + 1, sizeof **out);
  for (size_t k = 0; k < s->ndriver; k++) (*out)[k] = (BacktestDriver){s->driver[k].name, s->driver[k].points};
  return s->ndriver;
}

void backtest_parts(Eval *ev, const Backtest *b, const int64_t *id, size_t n, Val *out) {
  const Table *t = score_of(b->predict->op);
  if (!t) return;
  const Decided *d = decided_of(ev, t, ev->asof);
  size_t ndriver = t->score->ndriver;
  for (size_t i = 0; i < n; i++) {
    uint32_t ord = index_ordinal(index_of(ev, t->info.entity), id[i]);
    bool have = ord < d->cap && d->have[ord];
    for (size_t k = 0; k < ndriver; k++) {
      Val v = have ? d->in[ord * t->info.nin + k] : val_null();
      out[i * ndriver + k] = v.t == V_BOOL ? val_int(v.u.i) : v;
    }
  }
}

bool backtest_without(Eval *ev, const Backtest *b, size_t driver, const int64_t *id, size_t n, Val *out, Err *e) {
  const Table *t = score_of(b->predict->op);
  if (!t) return eval_expr(ev, b->predict, id, n, out, e);
  const Decided *d = decided_of(ev, t, ev->asof);
  if (driver > t->score->ndriver) driver = t->score->ndriver;
  for (size_t ord = 0; ord < d->cap; ord++)
    if (d->have[ord])
      d->out[ord * t->info.nout] = score_without(t->score, driver, d->in + ord * t->info.nin, &ev->decisions);
  memo_clear(ev, true);
  return eval_expr(ev, b->predict, id, n, out, e);
}
