/* nearly(table, value): one cell short of a row that gives the value, and which cell. Judged on the figures that the
 * table's decisions were made on, as why and whynot are. */
#include "feel/check.h"
#include "feel/frame.h"

#include "base/lang.h"
#include "base/num.h"

#include <string.h>

typedef enum NearPart { NEAR_IS, NEAR_MISSED, NEAR_VALUE, NEAR_TEST } NearPart; /* code of K_NEARLY */

typedef struct NearCall {
  Table *table;
  Val want;
} NearCall;

/* --- checking -------------------------------------------------------------- */

static Table *table_named(Check *c, const Node *n, Str name) {
  Table *t = table_find(c->r, name);
  if (t && !t->score) return t;
  check_fail(c, n, t ? "%.*s is a score: it has no rows to be near to" : N_("there is no table %.*s"), STR_ARG(name));
  Str *known = mem_alloc((c->r->ntable + 1) * sizeof *known);
  for (size_t i = 0; i < c->r->ntable; i++) known[i] = c->r->table[i]->info.name;
  if (!t) src_suggest(c->e, name, known, c->r->ntable);
  mem_free(known);
  return NULL;
}

static const Cell *cell_of(const Table *t, size_t row, size_t col) {
  return &t->cell[row * (t->info.nin + t->info.nout) + col];
}

/* A row that gives the value whatever the figures. */
static bool gives(const Table *t, size_t row, Val want) {
  const Op *op = cell_of(t, row, t->info.nin)->op;
  return t->number[row] > 0 && op && op->kind == K_LIT && op->lit.t != V_NULL && val_order(op->lit, want) == 0;
}

static bool some_row_gives(Check *c, const Node *n, const Table *t, Val want) {
  for (size_t i = 0; i < t->grid.nrow; i++)
    if (gives(t, i, want)) return true;
  if (want.t == V_TEXT && !domain_holds(c, n, t->out[0].sym->name, t->out[0].type.domain, val_str(want))) return false;
  Buf b = {0};
  fmt_data(want, &b);
  check_fail(c, n, "no row of table %.*s gives %s", STR_ARG(t->info.name), b.p);
  buf_free(&b);
  return false;
}

Op *check_nearly(Check *c, const Node *n) {
  const Scope *row = scope_row(c);
  if (n->nkid != 2) return check_fail(c, n, "nearly('table', 'value') takes a table and one of its values");
  Op *name = check_node(c, n->kid[0]), *want = name ? check_node(c, n->kid[1]) : NULL;
  if (!want) return NULL;
  if (name->kind != K_LIT || name->lit.t != V_TEXT)
    return check_fail(c, n->kid[0], "nearly needs the name of a table, as text");
  if (want->kind != K_LIT || want->lit.t == V_NULL)
    return check_fail(c, n->kid[1], "nearly needs one value of the table, written out");
  Table *t = table_named(c, n->kid[0], val_str(name->lit));
  if (!t || !table_check(t->home, t, c->metric, c->e)) return NULL;
  if (!row || row->entity != t->info.entity)
    return check_fail(c, n, "table %.*s decides %.*s", STR_ARG(t->info.name),
                      STR_ARG(entity_plural(c->r->host, t->info.entity)));
  HitPolicy p = t->info.policy;
  if (p != HIT_FIRST && p != HIT_UNIQUE && p != HIT_ANY && p != HIT_PRIORITY)
    return check_fail(c, n, "table %.*s collects: no one row gives its value", STR_ARG(t->info.name));
  NearCall *call = arena_zalloc(&c->r->arena, 1, sizeof *call);
  *call = (NearCall){t, want->lit};
  Val number;
  if (t->out[0].type.kind == T_NUM && want->lit.t == V_TEXT && num_parse(val_str(want->lit), &number, &c->r->arena))
    call->want = number;
  if (!some_row_gives(c, n->kid[1], t, call->want)) return NULL;
  Op *o = op_new(c, K_NEARLY, n, type_of(T_BOOL));
  o->ref = call;
  o->varies = o->dear = o->dated = true;
  return at_scope(c, row, o, n);
}

Op *nearly_path(Check *c, const Node *n, Op *o) {
  static const struct {
    const char *name;
    NearPart part;
  } PARTS[] = {{"missed", NEAR_MISSED}, {"value", NEAR_VALUE}, {"test", NEAR_TEST}};
  if (o->kind != K_NEARLY) return NULL;
  for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
    if (!str_is(n->name, PARTS[i].name)) continue;
    Op *part = op_new(c, K_NEARLY, n, type_of(T_TEXT));
    *part = *o;
    part->node = n;
    part->type = type_of(T_TEXT);
    part->code = (uint8_t)PARTS[i].part;
    return part;
  }
  check_fail(c, n, "nearly(…) has no %.*s", STR_ARG(n->name));
  err_todo(c->e, "it has .missed, .value and .test");
  return NULL;
}

/* --- evaluation ------------------------------------------------------------- */

typedef enum NearState { NEAR_NO, NEAR_YES, NEAR_UNSURE } NearState;

typedef struct Near { /* of one case */
  NearState state;
  uint32_t row, col;
  bool hit, doubt; /* by or in an earlier row, where the first that hits decides */
} Near;

typedef struct RowTally { /* how one row stands with one case */
  uint32_t no, unsure, col;
} RowTally;

static bool tally_row(Frame *f, const Table *t, size_t row, RowTally *out) {
  memset(out, 0, f->n * sizeof *out);
  for (size_t k = 0; k < t->info.nin; k++) {
    const Cell *cell = cell_of(t, row, k);
    Vec v;
    if (cell->any) continue;
    if (!frame_eval(f, cell->op, &v)) return false;
    for (size_t i = 0; i < f->n; i++) {
      Val x = vec_at(v, i);
      bool null = x.t != V_BOOL;
      if (null && !t->in[k].lenient) out[i].unsure++;
      else if (null || !x.u.i) out[i].no++, out[i].col = (uint32_t)k;
    }
  }
  return true;
}

static void judge(Near *near, const RowTally *r, size_t row, bool first) {
  if (near->state == NEAR_YES || near->hit) return;
  if (r->no == 1 && !r->unsure && !(first && near->doubt))
    *near = (Near){.state = NEAR_YES, .row = (uint32_t)row, .col = r->col};
  else if (r->no <= 1 && r->no + r->unsure > 0) near->state = NEAR_UNSURE;
}

/* The frame of the same cases in which the table's inputs are what they were decided on. */
static Frame *as_decided(Frame *f, const Table *t, const Decided *d) {
  const uint32_t *ord = frame_ordinals(f);
  Frame *g = frame_root(f->ev, f->arena, f->entity, f->asof, f->id, f->n);
  for (size_t k = 0; k < t->info.nin; k++) {
    Val *col = column_new(f, f->n);
    for (size_t i = 0; i < f->n; i++) col[i] = d->in[ord[i] * t->info.nin + k];
    frame_keep(g, t->in[k].op, KEPT_VEC)->vec = (Vec){col, 1};
  }
  return g;
}

static bool find_near(Frame *f, const NearCall *call, const Decided *d, Near *near) {
  const Table *t = call->table;
  const uint32_t *ord = frame_ordinals(f);
  bool first = t->info.policy == HIT_FIRST;
  Frame *g = as_decided(f, t, d);
  RowTally *r = arena_alloc(f->arena, (f->n + 1) * sizeof *r);
  for (size_t row = 0; row < t->grid.nrow; row++) {
    if (t->number[row] < 0) continue;
    if (!tally_row(g, t, row, r)) return false;
    bool wanted = gives(t, row, call->want);
    for (size_t i = 0; i < f->n; i++) {
      if (wanted) judge(&near[i], &r[i], row, first);
      near[i].hit |= first && r[i].no == 0 && r[i].unsure == 0;
      near[i].doubt |= first && r[i].no == 0 && r[i].unsure > 0;
    }
  }
  for (size_t i = 0; i < f->n; i++) { /* who has the value is not near it */
    Val have = d->out[ord[i] * t->info.nout];
    if (have.t != V_NULL && val_order(have, call->want) == 0) near[i].state = NEAR_NO;
  }
  return true;
}

static Val words(Frame *f, const Op *op, const Near *near, const Val *in, Buf *b) {
  const Table *t = ((const NearCall *)op->ref)->table;
  if (near->state != NEAR_YES) return val_null();
  const TableInput *input = &t->in[near->col];
  if (op->code == NEAR_MISSED) return val_text(str_trim(input->src.text));
  buf_clear(b);
  if (op->code == NEAR_TEST) cell_words(f->ev, t, in, near->row, near->col, b);
  else input_words(f->ev, in[near->col], input->type.unit, b);
  return val_text((Str){arena_strndup(f->arena, b->p ? b->p : "", b->n), b->n});
}

bool wide_nearly(Frame *f, const Op *op, Vec *out) {
  const NearCall *call = op->ref;
  Decided *d;
  *out = vec_null();
  if (f->blind || !f->n) return true;
  if (!decide_lacking(f, call->table, &d)) return false;
  Near *near = arena_zalloc(f->arena, f->n, sizeof *near);
  if (!find_near(f, call, d, near)) return false;
  const uint32_t *ord = frame_ordinals(f);
  Val *v = column_new(f, f->n);
  Buf b = {0};
  for (size_t i = 0; i < f->n; i++) {
    if (op->code == NEAR_IS) v[i] = near[i].state == NEAR_UNSURE ? val_null() : val_bool(near[i].state == NEAR_YES);
    else v[i] = words(f, op, &near[i], d->in + ord[i] * call->table->info.nin, &b);
  }
  buf_free(&b);
  *out = (Vec){v, 1};
  return true;
}
