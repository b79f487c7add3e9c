#include "run/decided.h"

#include "base/stop.h"
#include "feel/save.h"
#include "run/block.h"
#include "run/json.h"
#include "run/recall.h"

#include <stdio.h>

static Str entity_name(Store *s, int entity) {
  const FeelHost *h = store_host(s);
  const HostEntity *info = h->entity_info(h->ctx, entity);
  return info ? info->name : STR("?");
}

/* --- writing ------------------------------------------------------------------------------ */

/* Of one table: its name, entity, definition, and what follows: cases, or the names of inputs and outputs and blocks. */
enum { BY_CASE, BY_BLOCK_BARE /* in plans of former versions, without roots */, BY_BLOCK };
enum { HEAD = 3 };

static void put_head(Buf *out, const Str *head, int64_t form, int64_t n) {
  for (int i = 0; i < HEAD; i++) wire_put_str(out, head[i]);
  wire_put_int(out, form);
  wire_put_int(out, n);
}

static void put_object(Buf *out, Buf *scratch, const Str *name, const Val *val, size_t n) {
  buf_clear(scratch);
  json_object(name, val, n, scratch);
  wire_put_str(out, buf_view(scratch));
}

enum { MANY = 64 }; /* of so many the words are found again when somebody asks: they take longer than deciding */

static void put_case(Buf *out, Buf *scratch, Eval *ev, const Decision *d, bool words, Str root, size_t i) {
  const TableInfo *t = d->table;
  const Val *in = d->in + i * t->nin;
  wire_put_int(out, d->id[i]);
  wire_put_int(out, d->row[i]);
  wire_put_int(out, d->blocked[i]);
  put_object(out, scratch, t->in, in, t->nin);
  put_object(out, scratch, t->out, d->out + i * t->nout, t->nout);
  buf_clear(scratch);
  if (words || root.n) decision_why(ev, t, d->row[i], d->blocked[i], in, scratch);
  if (root.n) buf_char(scratch, '\n');
  buf_str(scratch, root);
  wire_put_str(out, str_trim(buf_view(scratch)));
}

static bool put_cases(Buf *out, const Str *head, Eval *ev, const Decision *d, bool words, const Str *root, Err *e) {
  Buf scratch = {0};
  bool ok = true;
  put_head(out, head, BY_CASE, (int64_t)d->n);
  for (size_t i = 0; ok && i < d->n; i++) {
    if (i % 1024 == 0) ok = stop_check(e);
    put_case(out, &scratch, ev, d, words, root ? root[i] : (Str){0}, i);
  }
  buf_free(&scratch);
  return ok;
}

static void put_names(Buf *out, const TableInfo *t) {
  Buf names = {0};
  block_names(t->in, t->nin, &names);
  wire_put_str(out, buf_view(&names));
  buf_clear(&names);
  block_names(t->out, t->nout, &names);
  wire_put_str(out, buf_view(&names));
  buf_free(&names);
}

static void put_block(Buf *out, int64_t first, int64_t last, int64_t n, Str cases, Str roots) {
  wire_put_int(out, first);
  wire_put_int(out, last);
  wire_put_int(out, n);
  wire_put_str(out, cases);
  wire_put_str(out, roots);
}

static void put_root(Buf *roots, int64_t id, Str root) {
  if (!root.n) return;
  buf_printf(roots, "%s\"%lld\":", roots->n ? "," : "{", (long long)id);
  json_text(root, roots);
}

static void put_roots(Buf *out, Buf *scratch, const Decision *d, const Str *root, const uint32_t *order, size_t n) {
  buf_clear(scratch);
  for (size_t i = 0; root && i < n; i++) put_root(scratch, d->id[order[i]], root[order[i]]);
  if (scratch->n) buf_char(scratch, '}');
  wire_put_str(out, buf_view(scratch));
}

static bool put_blocks(Buf *out, const Str *head, const Decision *d, const Str *root, Err *e) {
  bool ok = true;
  Buf scratch = {0};
  uint32_t *order = block_order(d);
  BlockSaid *said = block_said_new();
  put_head(out, head, BY_BLOCK, (int64_t)((d->n + BLOCK_CASES - 1) / BLOCK_CASES));
  put_names(out, d->table);
  size_t start = out->n;
  for (size_t from = 0; ok && from < d->n; from += BLOCK_CASES) {
    size_t n = d->n - from < BLOCK_CASES ? d->n - from : BLOCK_CASES;
    if (from == BLOCK_CASES) buf_reserve(out, (out->n - start) / 16 * 17 * (d->n / BLOCK_CASES)); /* like the first */
    wire_put_int(out, d->id[order[from]]);
    wire_put_int(out, d->id[order[from + n - 1]]);
    wire_put_int(out, (int64_t)n);
    size_t at = wire_open(out);
    block_put(d, order + from, n, said, out);
    wire_close(out, at);
    put_roots(out, &scratch, d, root, order + from, n);
    ok = stop_check(e);
  }
  buf_free(&scratch);
  mem_free(said);
  mem_free(order);
  return ok;
}

bool decided_add(Buf *out, Store *s, Eval *ev, const Decision *d, bool apart, Err *e) {
  Buf definition = {0};
  rules_save(d->table, &definition);
  Str head[HEAD] = {d->table->name, entity_name(s, d->table->entity), buf_view(&definition)};
  bool words = d->n < MANY || !recallable(s, buf_view(&definition), d->table->name);
  Arena a = {0};
  const Str *root = decision_roots(ev, d, &a);
  bool ok = words || apart ? put_cases(out, head, ev, d, words, root, e) : put_blocks(out, head, d, root, e);
  arena_free(&a);
  buf_free(&definition);
  return ok;
}

/* --- reading ------------------------------------------------------------------------------ */

static bool walk_cases(Wire *w, const Str *head, int64_t n, DecidedFn fn, void *ctx, Err *e) {
  DecidedCase c = {.table = head[0], .entity = head[1], .definition = head[2]};
  for (int64_t i = 0; i < n && !w->broken; i++) {
    c.id = wire_int(w);
    c.hit = wire_int(w);
    c.blocked = wire_int(w);
    c.inputs = wire_str(w);
    c.outputs = wire_str(w);
    c.why = wire_str(w);
    if (!w->broken && !fn(ctx, &c, e)) return false;
  }
  return true;
}

static bool walk_blocks(Wire *w, const Str *head, int64_t form, int64_t n, DecidedBlockFn fn, void *ctx, Err *e) {
  DecidedBlock b = {.table = head[0], .entity = head[1], .definition = head[2]};
  b.inputs = wire_str(w);
  b.outputs = wire_str(w);
  for (int64_t i = 0; i < n && !w->broken; i++) {
    b.first = wire_int(w);
    b.last = wire_int(w);
    b.n = wire_int(w);
    b.cases = wire_str(w);
    b.roots = form == BY_BLOCK ? wire_str(w) : (Str){0};
    if (!w->broken && !fn(ctx, &b, e)) return false;
  }
  return true;
}

static bool damaged(Err *e) { return err_set(e, ERR_FAIL, "the decisions of the run are damaged"); }

bool decided_walk(Str bytes, DecidedFn fn, DecidedBlockFn block, void *ctx, Err *e) {
  Wire w = {.rest = bytes};
  while (w.rest.n && !w.broken) {
    Str head[HEAD];
    for (int i = 0; i < HEAD; i++) head[i] = wire_str(&w);
    int64_t form = wire_int(&w), n = wire_int(&w);
    if (form < BY_CASE || form > BY_BLOCK) return damaged(e);
    if (form == BY_CASE ? !walk_cases(&w, head, n, fn, ctx, e) : !walk_blocks(&w, head, form, n, block, ctx, e)) return false;
  }
  return !w.broken || damaged(e);
}

Str decided_roots(Str words) {
  for (size_t i = 0; i + 1 < words.n; i++)
    if (words.p[i] == '\n' && words.p[i + 1] == '\n') return str_sub(words, i + 2, words.n);
  return (Str){0};
}

typedef struct Expand {
  DecidedFn fn;
  void *ctx;
  bool one;      /* only the cases of */
  Str entity;
  int64_t id;
  Buf in, out;
  Arena a;       /* of the roots of `block` */
  const char *block;
  Str *of;       /* ids as texts, and what is said of them */
  Val *root;
  size_t nroot, at;
} Expand;

static bool give_case(void *ctx, const DecidedCase *c, Err *e) {
  Expand *x = ctx;
  if (x->one && (c->id != x->id || !str_eq(c->entity, x->entity))) return true;
  return x->fn(x->ctx, c, e);
}

/* Cases are given in the order that the roots have; of one alone they are all looked at. */
static Str root_of(Expand *x, const DecidedBlock *b, int64_t id) {
  if (x->block != b->roots.p) {
    arena_free(&x->a);
    x->block = b->roots.p;
    x->nroot = x->at = 0;
    if (b->roots.n && !json_read(b->roots, &x->a, &x->of, &x->root, &x->nroot)) x->nroot = 0;
  }
  char text[24];
  Str key = {text, (size_t)snprintf(text, sizeof text, "%lld", (long long)id)};
  for (size_t i = x->at; i < x->nroot && (x->one || i == x->at); i++) {
    if (!str_eq(x->of[i], key)) continue;
    if (!x->one) x->at = i + 1;
    return x->root[i].t == V_TEXT ? val_str(x->root[i]) : (Str){0};
  }
  return (Str){0};
}

static bool give_block_case(Expand *x, const DecidedBlock *b, const BlockCase *k, Err *e) {
  buf_clear(&x->in);
  buf_clear(&x->out);
  if (!block_objects(k->values, b->inputs, b->outputs, &x->in, &x->out)) return damaged(e);
  DecidedCase c = {b->table, b->entity, b->definition, k->id, k->hit, k->blocked, buf_view(&x->in), buf_view(&x->out),
                   {0}, b->roots.n ? root_of(x, b, k->id) : (Str){0}};
  return x->fn(x->ctx, &c, e);
}

static bool give_block(void *ctx, const DecidedBlock *b, Err *e) {
  Expand *x = ctx;
  BlockCase k;
  if (x->one) {
    bool here = str_eq(b->entity, x->entity) && b->first <= x->id && x->id <= b->last && block_find(b->cases, x->id, &k);
    return !here || give_block_case(x, b, &k, e);
  }
  int64_t n = 0;
  for (Str rest = b->cases; block_next(&rest, &k); n++)
    if (!give_block_case(x, b, &k, e)) return false;
  return n == b->n || damaged(e);
}

static bool expand(Expand *x, Str bytes, Err *e) {
  bool ok = decided_walk(bytes, give_case, give_block, x, e);
  buf_free(&x->in);
  buf_free(&x->out);
  arena_free(&x->a);
  return ok;
}

bool decided_each(Str bytes, DecidedFn fn, void *ctx, Err *e) {
  return expand(&(Expand){.fn = fn, .ctx = ctx}, bytes, e);
}

bool decided_row(Str bytes, Str entity, int64_t id, DecidedFn fn, void *ctx, Err *e) {
  return expand(&(Expand){.fn = fn, .ctx = ctx, .one = true, .entity = entity, .id = id}, bytes, e);
}

/* --- leaving out ------------------------------------------------------------------------ */

bool ids_have(const int64_t *id, size_t n, int64_t x) {
  size_t lo = 0, hi = n;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (id[mid] == x) return true;
    if (id[mid] < x) lo = mid + 1;
    else hi = mid;
  }
  return false;
}

typedef struct Keep {
  Str entity;
  const int64_t *id;
  size_t n;
  Buf out, rows;
  Str head[HEAD], names[2]; /* of the table at hand */
  int64_t form, count;
} Keep;

static void end_table(Keep *k) {
  if (k->count) {
    put_head(&k->out, k->head, k->form, k->count);
    for (int i = 0; k->form == BY_BLOCK && i < 2; i++) wire_put_str(&k->out, k->names[i]);
    buf_str(&k->out, buf_view(&k->rows));
  }
  buf_clear(&k->rows);
  k->count = 0;
}

static void begin_table(Keep *k, Str table, Str entity, Str definition, int64_t form) {
  if (k->head[0].p != table.p) end_table(k);
  k->head[0] = table, k->head[1] = entity, k->head[2] = definition;
  k->form = form;
}

static bool keep_case(void *ctx, const DecidedCase *c, Err *e) {
  (void)e;
  Keep *k = ctx;
  begin_table(k, c->table, c->entity, c->definition, BY_CASE);
  if (str_eq(c->entity, k->entity) && !ids_have(k->id, k->n, c->id)) return true;
  wire_put_int(&k->rows, c->id);
  wire_put_int(&k->rows, c->hit);
  wire_put_int(&k->rows, c->blocked);
  wire_put_str(&k->rows, c->inputs);
  wire_put_str(&k->rows, c->outputs);
  wire_put_str(&k->rows, c->why);
  k->count++;
  return true;
}

static bool keep_block(void *ctx, const DecidedBlock *b, Err *e) {
  (void)e;
  Keep *k = ctx;
  begin_table(k, b->table, b->entity, b->definition, BY_BLOCK);
  k->names[0] = b->inputs, k->names[1] = b->outputs;
  bool all = !str_eq(b->entity, k->entity);
  int64_t first = 0, last = 0, n = 0;
  Buf cases = {0}, roots = {0};
  Expand x = {0};
  BlockCase c;
  for (Str rest = b->cases; block_next(&rest, &c);) {
    Str root = b->roots.n ? root_of(&x, b, c.id) : (Str){0};
    if (!all && !ids_have(k->id, k->n, c.id)) continue;
    put_root(&roots, c.id, root);
    buf_char(&cases, n ? ',' : '[');
    buf_str(&cases, c.text);
    if (!n++) first = c.id;
    last = c.id;
  }
  buf_char(&cases, ']');
  if (roots.n) buf_char(&roots, '}');
  if (n) put_block(&k->rows, first, last, n, buf_view(&cases), buf_view(&roots));
  k->count += n > 0;
  buf_free(&cases);
  buf_free(&roots);
  arena_free(&x.a);
  return true;
}

bool decided_keep(Buf *decided, Str entity, const int64_t *id, size_t n, Err *e) {
  Keep k = {.entity = entity, .id = id, .n = n};
  bool ok = decided_walk(buf_view(decided), keep_case, keep_block, &k, e);
  end_table(&k);
  buf_free(&k.rows);
  if (ok) {
    buf_free(decided);
    *decided = k.out;
  } else {
    buf_free(&k.out);
  }
  return ok;
}
