#include "feel/deciding.h"
#include "feel/score.h"

#include "base/stop.h"

#include <string.h>

/* Inputs that decide: the sentences of a score are only told. */
static size_t tested(const Table *t) { return t->score ? score_tested(t->score) : t->info.nin; }

/* Does the row give the same to every case, without looking at any? */
static bool plain_outputs(const Table *t, size_t row) {
  for (size_t k = 0; k < t->info.nout; k++) {
    const Op *op = deciding_cell(t, row, t->info.nin + k)->op;
    if (op && op->kind != K_LIT) return false;
  }
  return true;
}

static bool outputs_by_row(Deciding *d) {
  const Table *t = d->t;
  size_t nout = t->info.nout, nrow = t->grid.nrow, rest = 0;
  uint32_t *sel = arena_alloc(&d->ev->temp, d->f->n * sizeof *sel), *left = arena_alloc(&d->ev->temp, d->f->n * sizeof *left);
  Val *plain = arena_zalloc(&d->ev->temp, nrow * nout + 1, sizeof *plain);
  uint8_t *is_plain = d->plain = arena_zalloc(&d->ev->temp, nrow + 1, 1);
  for (size_t row = 0; row < nrow; row++) {
    is_plain[row] = plain_outputs(t, row);
    for (size_t k = 0; k < nout && is_plain[row]; k++) {
      const Op *op = deciding_cell(t, row, t->info.nin + k)->op;
      if (op) plain[row * nout + k] = op->lit;
    }
  }
  for (size_t i = 0; i < d->f->n; i++) {
    if (d->grid[i] < 0) continue;
    const Val *from = plain + (size_t)d->grid[i] * nout;
    if (!is_plain[d->grid[i]]) left[rest++] = (uint32_t)i;
    else
      for (size_t k = 0; k < nout; k++) d->out[i * nout + k] = from[k];
  }
  for (size_t row = 0; row < nrow && rest; row++) {
    size_t n = 0;
    for (size_t i = 0; i < rest; i++)
      if (d->grid[left[i]] == (int32_t)row) sel[n++] = left[i];
    if (!deciding_outputs(d, row, sel, n)) return false;
  }
  return true;
}

enum { COMPILE_FROM = 256 /* cases: for fewer it does not pay */, SLICE = 2048 };

/* With all inputs at hand: the rows of every case at once, where the table can be compiled. Where the first row decides
 * the sets are not kept: a slice of cases after the other has the same room. */
static void find_sets(Deciding *d) {
  const Table *t = d->t;
  Arena *a = &d->ev->temp;
  Decided *store = decided_of(d->ev, t, d->f->asof);
  if (!store->compiled && d->f->n >= COMPILE_FROM) {
    store->decider = decider_new(d->ev, t, d->f->asof);
    store->compiled = true;
  }
  if (!store->decider) return;
  size_t n = d->f->n, slice = t->info.policy == HIT_FIRST && n > SLICE ? SLICE : n;
  d->words = decider_words(store->decider);
  d->hit = arena_alloc(a, slice * d->words * sizeof *d->hit);
  d->maybe = arena_alloc(a, slice * d->words * sizeof *d->maybe);
  Vec *in = arena_alloc(a, t->info.nin * sizeof *in);
  for (size_t k = 0; k < t->info.nin; k++) in[k] = frame_find(d->f, t->in[k].op, KEPT_VEC)->vec;
  bool ok = true;
  for (size_t from = 0; from < n && ok; from += slice) {
    size_t m = n - from < slice ? n - from : slice;
    ok = decider_sets(store->decider, in, m, d->hit, d->maybe);
    if (ok && t->info.policy == HIT_FIRST) deciding_first(d, store->decider, from, m);
    for (size_t k = 0; k < t->info.nin; k++) in[k].v += m * in[k].step;
  }
  if (ok) d->compiled = store->decider;
  else deciding_open(d);
}

static const Op *field_read(const Frame *f, const Op *op) {
  while (op->kind == K_MEMO) op = op->kid[0];
  const HostField *field = op->kind == K_FIELD ? op->ref : NULL;
  bool plain = field && !field->derived && op->type.kind != T_SERIES;
  return plain && !frame_find((Frame *)f, op, KEPT_VEC) ? op : NULL;
}

/* Inputs that are fields as they stand are asked of the host together: each row is read once, to where it stays if
 * there is room. */
static bool fields_together(Deciding *d) {
  Frame *f = d->f;
  const Table *t = d->t;
  const FeelHost *h = f->ev->host;
  Arena *a = f->arena;
  if (!h->columns || !f->id || f->blind) return true;
  const HostField **field = arena_alloc(a, (t->info.nin + 1) * sizeof *field);
  const Op **op = arena_alloc(a, (t->info.nin + 1) * sizeof *op);
  Val **out = arena_alloc(a, (t->info.nin + 1) * sizeof *out);
  size_t n = 0;
  for (size_t k = 0; k < tested(t); k++) {
    op[n] = field_read(f, t->in[k].op);
    if (op[n]) field[n] = op[n]->ref, n++;
  }
  if (n < 2) return true;
  size_t step = d->in ? t->info.nin : 1;
  for (size_t k = 0, j = 0; k < t->info.nin && j < n; k++) {
    const Op *read = t->in[k].op;
    while (read->kind == K_MEMO) read = read->kid[0];
    if (read != op[j]) continue;
    out[j++] = d->in ? d->in + k : column_new(f, f->n);
    if (d->in) d->placed[k] = true;
  }
  if (!h->columns(h->ctx, f->entity, field, n, f->asof, f->id, f->n, d->in ? &f->ev->decisions : a, out, step, f->ev->e))
    return false;
  for (size_t k = 0; k < n; k++) frame_keep(f, op[k], KEPT_VEC)->vec = (Vec){out[k], (uint32_t)step};
  return true;
}

static bool decide_frame(Deciding *d) {
  const Table *t = d->t;
  Arena *a = &d->ev->temp;
  size_t n = d->f->n;
  d->grid = arena_alloc(a, n * sizeof *d->grid);
  d->placed = arena_zalloc(a, t->info.nin + 1, sizeof *d->placed);
  if (!d->in) {
    d->row = arena_alloc(a, n * sizeof *d->row);
    d->blocked = arena_alloc(a, n * sizeof *d->blocked);
    d->out = arena_alloc(a, n * t->info.nout * sizeof *d->out);
  }
  memset(d->out, 0, n * t->info.nout * sizeof *d->out); /* null */
  deciding_open(d);
  if (!fields_together(d)) return false;
  for (size_t k = 0; k < tested(t); k++) { /* for the whole frame, so that every selection finds them */
    Vec v;
    if (!frame_eval(d->f, t->in[k].op, &v)) return false;
  }
  if (t->score) {
    for (size_t i = 0; i < n; i++) d->grid[i] = GRID_NULL;
    return score_frame(d->f, t, d->row, d->out);
  }
  find_sets(d);
  if (!deciding_hits(d)) return false;
  for (size_t i = 0; i < n; i++)
    if (d->grid[i] == GRID_OPEN && t->else_row >= 0) d->grid[i] = t->else_row, d->row[i] = ROW_ELSE;
  return deciding_fault_none(d) && outputs_by_row(d);
}

/* Texts of inputs tend to be few words: each is copied once. */
enum { WORDS = 64, WORD_MOST = 32 };
typedef struct Words {
  Val v[WORDS];
} Words;

static Val keep_word(Words *w, Val v, Arena *a) {
  if (v.t != V_TEXT || !v.n || v.n > WORD_MOST) return val_copy(v, a);
  uint8_t first = (uint8_t)v.u.s[0], middle = (uint8_t)v.u.s[v.n / 2], last = (uint8_t)v.u.s[v.n - 1];
  Val *at = &w->v[(first * 31U + middle * 7U + last + v.n) % WORDS];
  if (at->t != V_TEXT || at->n != v.n || at->flags != v.flags || memcmp(at->u.s, v.u.s, v.n) != 0) *at = val_copy(v, a);
  return *at;
}

/* Of a table that has decided nothing yet the room is taken away meanwhile, so that what is found is written where it
 * stays; nobody looks there before `have` says so. */
static void take_room(Deciding *d, Decided *s) {
  if (!d->f->dense || !s->cap || memchr(s->have, 1, s->cap)) return;
  d->row = s->row, d->blocked = s->blocked, d->in = s->in, d->out = s->out;
  s->row = s->blocked = NULL;
  s->in = s->out = NULL;
}

/* It is given back, or, when other room was needed meanwhile, what it holds is copied there. */
static void give_room(const Deciding *d, Decided *s) {
  size_t n = d->f->n, nin = d->t->info.nin, nout = d->t->info.nout;
  if (!s->row) {
    s->row = d->row, s->blocked = d->blocked, s->in = d->in, s->out = d->out;
    return;
  }
  memcpy(s->row, d->row, n * sizeof *s->row);
  memcpy(s->blocked, d->blocked, n * sizeof *s->blocked);
  memcpy(s->in, d->in, n * nin * sizeof *s->in);
  memcpy(s->out, d->out, n * nout * sizeof *s->out);
  mem_free(d->row);
  mem_free(d->blocked);
  mem_free(d->in);
  mem_free(d->out);
}

static bool keep_inputs(const Deciding *d, const uint32_t *ord, Val *to) {
  const Table *t = d->t;
  size_t n = d->f->n;
  Words words = {0};
  for (size_t k = 0; k < t->info.nin; k++) {
    Vec v = vec_null();
    if (d->placed[k]) continue;
    if (k < tested(t) && !frame_eval(d->f, t->in[k].op, &v)) return false;
    for (size_t i = 0; i < n; i++) to[ord[i] * t->info.nin + k] = keep_word(&words, vec_at(v, i), &d->ev->decisions);
  }
  return true;
}

static void keep_outputs(const Deciding *d, const uint32_t *ord, Val *to) {
  size_t n = d->f->n, nout = d->t->info.nout;
  for (size_t i = 0; i < n; i++) {
    bool stays = d->plain && d->grid[i] >= 0 && d->plain[d->grid[i]];
    if (stays && d->in) continue;
    for (size_t k = 0; k < nout; k++) {
      Val v = d->out[i * nout + k];
      to[ord[i] * nout + k] = stays ? v : val_copy(v, &d->ev->decisions);
    }
  }
}

bool decide_rows(Eval *ev, const Table *t, Day asof, const int64_t *id, size_t n) {
  Decided *store = decided_of(ev, t, asof);
  bool outer = store->busy;
  if (outer) return err_set(ev->e, ERR_FAIL, "table %.*s needs its own output", STR_ARG(t->info.name));
  store->busy = true;
  Frame *f = frame_root(ev, &ev->temp, t->info.entity, asof, id, n);
  const uint32_t *ord = frame_ordinals(f);
  Deciding d = {.ev = ev, .t = t, .f = f};
  decided_room(store, index_of(ev, t->info.entity)->n);
  take_room(&d, store);
  bool taken = d.in != NULL, ok = decide_frame(&d);
  if (!taken) decided_room(store, index_of(ev, t->info.entity)->n);
  ok = ok && keep_inputs(&d, ord, taken ? d.in : store->in);
  if (ok) keep_outputs(&d, ord, taken ? d.out : store->out);
  if (taken) give_room(&d, store);
  for (size_t i = 0; i < n && ok; i++) {
    store->have[ord[i]] = 1;
    if (taken) continue;
    store->row[ord[i]] = d.row[i];
    store->blocked[ord[i]] = d.blocked[i];
  }
  store->busy = false;
  return ok;
}

/* Decided on purpose: the outputs stay, and metrics that read them are computed anew. */
static bool decide_asked(Eval *ev, const Table *t, const int64_t *id, size_t n) {
  if (!decide_rows(ev, t, ev->asof, id, n)) return false;
  decided_of(ev, t, ev->asof)->asked = true;
  memo_clear(ev, true);
  return true;
}

/* It needs a named value of a table that is being decided: a field that stands closes the ring. */
static bool waits(Eval *ev, const Table *t) {
  for (size_t i = 0; i < t->nlean; i++) {
    const Table *other = t->lean[i];
    bool fields = true;
    for (size_t k = 0; k < other->info.nout; k++) fields &= other->out[k].field || other->out[k].host_field;
    if (!fields && decided_of(ev, other, ev->asof)->busy) return true;
  }
  return false;
}

static bool lean_first(Eval *ev, Table *t, const int64_t *id, size_t n, int depth) {
  for (size_t i = 0; i < t->nlean; i++) {
    Table *other = t->lean[i];
    Decided *d = decided_of(ev, other, ev->asof);
    if (other->info.entity != t->info.entity || d->busy || depth > 64 || waits(ev, other)) continue;
    d->busy = true; /* a ring through fields: the earlier value stands */
    bool ok = lean_first(ev, other, id, n, depth + 1);
    d->busy = false;
    if (!ok || !decide_asked(ev, other, id, n)) return false;
  }
  return true;
}

static bool in_order_of_index(Eval *ev, int entity, const int64_t *id, size_t n) {
  const Index *x = index_of(ev, entity);
  return n <= x->n && memcmp(x->id, id, n * sizeof *id) == 0;
}

/* What the table keeps is handed out where it stands, if it stands in this order. */
static Decision *gather(Eval *ev, const Table *t, const int64_t *id, size_t n) {
  const Decided *store = decided_of(ev, t, ev->asof);
  Arena *a = &ev->keep;
  size_t nin = t->info.nin, nout = t->info.nout;
  Decision *d = arena_zalloc(a, 1, sizeof *d);
  *d = (Decision){.table = &t->info, .n = n, .id = id, .row = store->row, .out = store->out, .in = store->in,
                  .blocked = store->blocked};
  if (n && !t->score && in_order_of_index(ev, t->info.entity, id, n)) return d;
  int64_t *ids = arena_alloc(a, n * sizeof *ids);
  int32_t *row = arena_alloc(a, n * sizeof *row), *blocked = arena_alloc(a, n * sizeof *blocked);
  Val *in = arena_alloc(a, n * nin * sizeof *in), *out = arena_alloc(a, n * nout * sizeof *out);
  Index *x = index_of(ev, t->info.entity);
  for (size_t i = 0; i < n; i++) {
    uint32_t ord = index_ordinal(x, id[i]);
    ids[i] = id[i];
    row[i] = store->row[ord];
    blocked[i] = store->blocked[ord];
    for (size_t k = 0; k < nin; k++) in[i * nin + k] = val_copy(store->in[ord * nin + k], a);
    for (size_t k = 0; k < nout; k++) out[i * nout + k] = val_copy(store->out[ord * nout + k], a);
  }
  d->id = ids, d->row = row, d->blocked = blocked, d->in = in, d->out = out;
  return d;
}

bool eval_decide(Eval *ev, Str table, const int64_t *id, size_t n, const Decision **out, Err *e) {
  Table *t = table_find(ev->r, table);
  if (!t) {
    err_set(e, ERR_FAIL, "there is no table %.*s", STR_ARG(table));
    Str *name = mem_alloc((ev->r->ntable + 1) * sizeof *name);
    for (size_t i = 0; i < ev->r->ntable; i++) name[i] = ev->r->table[i]->info.name;
    src_suggest(e, table, name, ev->r->ntable);
    mem_free(name);
    return false;
  }
  eval_enter(ev, e);
  Decided *d = decided_of(ev, t, ev->asof);
  d->busy = true;
  bool ok = lean_first(ev, t, id, n, 0);
  d->busy = false;
  ok = ok && decide_asked(ev, t, id, n);
  if (ok) {
    Decision *made = gather(ev, t, id, n);
    *out = made;
    if (t->score) /* gather has just made these inputs */
      ok = score_sentences(frame_root(ev, &ev->temp, t->info.entity, ev->asof, made->id, n), t, (Val *)made->in);
  }
  return eval_leave(ev, ok);
}

/* --- on given figures --------------------------------------------------- */

enum { GIVEN_BATCH = 1024 };

/* Does an output say something that is not given? */
static bool answers(const Table *t, const Op *op) {
  if (op->kind == K_MEMO) return true;
  if (op->kind == K_ARG || op->kind == K_LIT || op->kind == K_ASOF) return true;
  if (op_wide(op) && op->kind != K_LOGIC && op->kind != K_QUANTIFY) return false;
  for (uint32_t i = 0; i < op->nkid; i++)
    if (!answers(t, op->kid[i])) return false;
  return true;
}

/* Cases from..from + n of the columns `in`, to their places. */
static bool decide_given(Eval *ev, const Table *t, const Val *const *in, size_t from, size_t n, int32_t *row,
                         int32_t *blocked, Val *out) {
  size_t nout = t->info.nout;
  Frame *f = frame_root(ev, &ev->temp, 0, ev->asof, NULL, n);
  f->blind = true;
  for (size_t k = 0; k < t->info.nin; k++) frame_keep(f, t->in[k].op, KEPT_VEC)->vec = (Vec){in[k] + from, 1};
  Deciding d = {.ev = ev, .t = t, .f = f};
  if (!decide_frame(&d)) return false;
  memcpy(row + from, d.row, n * sizeof *row);
  memcpy(blocked + from, d.blocked, n * sizeof *blocked);
  for (size_t i = 0; i < n; i++) {
    bool stays = d.grid[i] >= 0 && d.plain[d.grid[i]];
    for (size_t k = 0; k < nout; k++) {
      Val v = d.out[i * nout + k];
      out[(from + i) * nout + k] = stays ? v : val_copy(v, &ev->keep);
    }
  }
  return true;
}

bool table_decide_many(Eval *ev, const TableInfo *t, const Val *const *in, size_t n, int32_t *row, int32_t *blocked,
                       Val *out, Err *e) {
  bool ok = true;
  eval_enter(ev, e);
  Arena outer = ev->temp;
  for (size_t from = 0; from < n && ok; from += GIVEN_BATCH) { /* memory that is near, again and again */
    ev->temp = (Arena){0};
    ok = decide_given(ev, (const Table *)(const void *)t, in, from, n - from < GIVEN_BATCH ? n - from : GIVEN_BATCH, row,
                      blocked, out) &&
         stop_check(e);
    arena_free(&ev->temp);
  }
  ev->temp = outer;
  return eval_leave(ev, ok);
}

bool table_decide(Eval *ev, const TableInfo *t, const Val *in, int32_t *row, int32_t *blocked, Val *out,
                  Err *e) {
  const Table *table = (const Table *)(const void *)t; /* the info is its first member */
  eval_enter(ev, e);
  Frame *f = frame_constant(frame_root(ev, &ev->temp, 0, ev->asof, NULL, 0));
  f->blind = true;
  for (size_t k = 0; k < t->nin; k++) frame_keep(f, table->in[k].op, KEPT_VEC)->vec = (Vec){&in[k], 1};
  Deciding d = {.ev = ev, .t = table, .f = f};
  bool ok = decide_frame(&d);
  if (ok) {
    *row = d.row[0];
    *blocked = d.blocked[0];
    for (size_t k = 0; k < t->nout; k++) {
      out[k] = val_copy(d.out[k], &ev->keep);
      const Cell *cell = d.grid[0] >= 0 ? deciding_cell(table, (size_t)d.grid[0], t->nin + k) : NULL;
      if (cell && cell->op && !answers(table, cell->op)) out[k] = val_text(str_trim(cell->src.text));
    }
  }
  return eval_leave(ev, ok);
}
