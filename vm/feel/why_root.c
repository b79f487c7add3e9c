#include "feel/score.h"

/* From figures that are null down to what they lack. A walk over the operations of an input for all cases that lack it
 * at once: of what an operation was made from, the first null is followed, into metrics, related rows and items of
 * lists. So it takes the reads of one case, however many there are. */

typedef struct At { /* where the walk stands for one case */
  uint32_t of;      /* the case */
  uint32_t line;    /* of related rows, from 1; 0: the row itself */
  Str rows;         /* … what one is called: "line" */
  Val row;          /* … by what people know it: itself, or the product on it */
} At;

typedef struct Walk {
  Eval *ev;
  Arena *a;  /* of the walk */
  Str *said; /* by case, in `keep` */
  Arena *keep;
  int depth;
} Walk;

typedef struct Group { /* cases that stand at the rows of a frame */
  Frame *f;
  const At *at;
} Group;

enum { DEEPEST = 60 };

static bool root(Walk *w, Group g, const Op *op);

static Str written(const Op *op) {
  const Node *n = op->node;
  return n ? (Str){n->src->text.p + n->at, n->len} : (Str){0};
}

static Group part(Walk *w, Group g, const uint32_t *sel, size_t n) {
  if (n == g.f->n) return g;
  At *at = arena_alloc(w->a, (n + 1) * sizeof *at);
  for (size_t i = 0; i < n; i++) at[i] = g.at[sel[i]];
  return (Group){frame_subset(g.f, w->a, sel, n), at};
}

/* What the host works out from other rows cannot be recorded: nothing is said of it. */
static void say_missing(Walk *w, Group g, const HostField *field) {
  if (field->derived) return;
  FmtEnv env = eval_fmt(w->ev, "");
  Str plain = {0};
  for (size_t i = 0; i < g.f->n; i++) {
    const At *at = &g.at[i];
    if (!at->line) {
      if (!plain.n) plain = str_of(arena_say(w->keep, "%.*s is missing", STR_ARG(field->name)));
      w->said[at->of] = plain;
      continue;
    }
    Buf b = {0};
    fmt_val(at->row, UNIT_NONE, FMT_NONE, &env, &b);
    w->said[at->of] = str_of(arena_say(w->keep, "%.*s of %.*s %zu (%s) is missing", STR_ARG(field->name), STR_ARG(at->rows),
                                       (size_t)at->line, b.n ? b.p : ""));
    buf_free(&b);
  }
}

/* "quotes.lines" are lines, and one is a line. */
static Str one_of_them(Str rows) {
  for (size_t i = rows.n; i-- > 0;)
    if (rows.p[i] == '.') {
      rows = str_sub(rows, i + 1, rows.n);
      break;
    }
  return rows.n > 1 && rows.p[rows.n - 1] == 's' ? str_sub(rows, 0, rows.n - 1) : rows;
}

/* Rows that have no code of their own are known by the first thing on them other than the one that asks. */
static bool known_as(Walk *w, int asker, const Frame *rows, At *at) {
  const FeelHost *h = w->ev->host;
  const HostEntity *info = h->entity_info(h->ctx, rows->entity);
  const HostField *const *field;
  size_t n = h->fields(h->ctx, rows->entity, &field), k = 0;
  const HostField *key = info ? h->field(h->ctx, rows->entity, info->key) : NULL;
  for (size_t i = 0; i < rows->n; i++) at[i].row = val_row((uint32_t)rows->entity, rows->id[i]);
  if (key && key->type.kind == T_TEXT) return true;
  while (k < n && (field[k]->kind != HOST_ONE || field[k]->target == asker)) k++;
  if (k == n) return true;
  int64_t *target = arena_zalloc(w->a, rows->n + 1, sizeof *target);
  if (!h->one(h->ctx, rows->entity, field[k], rows->asof, rows->id, rows->n, target, w->ev->e)) return false;
  for (size_t i = 0; i < rows->n; i++)
    if (target[i]) at[i].row = val_row((uint32_t)field[k]->target, target[i]);
  return true;
}

/* Of each case the first of its related rows whose value is null. */
static bool root_of_rows(Walk *w, Group g, const Op *op) {
  Frame *rows;
  const Val *v;
  if (!frame_rows(g.f, op->kid[0], &rows) || !frame_full(rows, op->kid[1], &v)) return false;
  if (!rows->id || !rows->upidx || rows->up != g.f) return true;
  uint32_t *sel = arena_alloc(w->a, (rows->n + 1) * sizeof *sel), *seen = arena_zalloc(w->a, g.f->n + 1, sizeof *seen);
  bool *found = arena_zalloc(w->a, g.f->n + 1, sizeof *found);
  At *at = arena_zalloc(w->a, g.f->n + 1, sizeof *at);
  Str called = one_of_them(written(op->kid[0]));
  size_t n = 0;
  for (size_t i = 0; i < rows->n; i++) {
    uint32_t up = rows->upidx[i];
    seen[up]++;
    if (v[i].t != V_NULL || found[up]) continue;
    found[up] = true;
    at[n] = (At){.of = g.at[up].of, .line = seen[up], .rows = called};
    sel[n++] = (uint32_t)i;
  }
  if (!n) return true;
  Frame *first = frame_subset(rows, w->a, sel, n);
  return known_as(w, g.f->entity, first, at) && root(w, (Group){first, at}, op->kid[1]);
}

/* Cases without a word yet; with `op`, those where it is null. */
static bool open_cases(Walk *w, Group g, const Op *op, Group *out) {
  Vec v = {0};
  if (op && !frame_eval(g.f, op, &v)) return false;
  uint32_t *sel = arena_alloc(w->a, (g.f->n + 1) * sizeof *sel);
  size_t n = 0;
  for (size_t i = 0; i < g.f->n; i++)
    if (!w->said[g.at[i].of].n && (!op || vec_at(v, i).t == V_NULL)) sel[n++] = (uint32_t)i;
  *out = part(w, g, sel, n);
  return true;
}

static bool root_of_thing(Walk *w, Group g, const Op *op) {
  Group none;
  Vec v;
  Frame *to;
  const uint32_t *idx;
  if (!open_cases(w, g, op->kid[0], &none) || !root(w, none, op->kid[0])) return false;
  if (!frame_eval(g.f, op->kid[0], &v) || !frame_ref(g.f, op->kid[0], &to, &idx)) return false;
  uint32_t *sel = arena_alloc(w->a, (g.f->n + 1) * sizeof *sel);
  At *at = arena_alloc(w->a, (g.f->n + 1) * sizeof *at);
  size_t n = 0;
  for (size_t i = 0; i < g.f->n; i++) {
    uint32_t k = idx ? idx[i] : (uint32_t)i;
    if (k == NO_ROW || vec_at(v, i).t == V_NULL || w->said[g.at[i].of].n) continue;
    at[n] = g.at[i];
    sel[n++] = k;
  }
  return !n || root(w, (Group){frame_subset(to, w->a, sel, n), at}, op->kid[1]);
}

/* An operation of values: a null among them, or a list that one is in. */
static bool root_of_kids(Walk *w, Group g, const Op *op) {
  for (uint32_t i = 0; i < op->nkid; i++) {
    Group open;
    if (op_is_rows(op->kid[i])) continue;
    if (!open_cases(w, g, op->kid[i]->kind == K_EACH ? NULL : op->kid[i], &open) || !root(w, open, op->kid[i])) return false;
  }
  return true;
}

/* What the condition lacks, or the branch that was taken. */
static bool root_of_choice(Walk *w, Group g, const Op *op) {
  Vec v;
  if (!frame_eval(g.f, op->kid[0], &v)) return false;
  for (uint32_t kid = 0; kid < 3; kid++) {
    uint32_t *sel = arena_alloc(w->a, (g.f->n + 1) * sizeof *sel);
    size_t n = 0;
    for (size_t i = 0; i < g.f->n; i++) {
      Val is = vec_at(v, i);
      if ((is.t != V_BOOL ? 0U : is.u.i ? 1U : 2U) == kid) sel[n++] = (uint32_t)i;
    }
    if (!root(w, part(w, g, sel, n), op->kid[kid])) return false;
  }
  return true;
}

static bool root(Walk *w, Group g, const Op *op) {
  bool ok = true;
  if (!g.f->n || w->depth >= DEEPEST) return true;
  w->depth++;
  switch ((OpKind)op->kind) {
    case K_FIELD:
    case K_ONE: say_missing(w, g, op->ref); break;
    case K_METRIC: ok = root(w, g, ((const Sym *)op->ref)->op); break;
    case K_EACH: ok = root_of_rows(w, g, op); break;
    case K_AT: ok = root_of_thing(w, g, op); break;
    case K_IF: ok = root_of_choice(w, g, op); break;
    case K_LOGIC: ok = op->code == K_IF ? root_of_choice(w, g, op) : root_of_kids(w, g, op); break;
    case K_ARITH:
    case K_NEG:
    case K_CMP:
    case K_NOT:
    case K_AND:
    case K_OR:
    case K_BETWEEN:
    case K_DAYS:
    case K_CALL:
    case K_MEMO: ok = root_of_kids(w, g, op); break;
    default: break;
  }
  w->depth--;
  return ok;
}

/* The cases that could not be tested, or counted, and whose input k is null. */
static size_t lacking(const Decision *d, size_t k, uint32_t *of) {
  const TableInfo *t = d->table;
  bool score = ((const Table *)(const void *)t)->score;
  size_t n = 0;
  for (size_t i = 0; i < d->n; i++) {
    bool open = score ? d->out[i * t->nout].t == V_NULL : d->blocked[i] > 0;
    if (open && d->in[i * t->nin + k].t == V_NULL) of[n++] = (uint32_t)i;
  }
  return n;
}

/* What input k of the cases of[0..n) lacks, by case. */
static bool follow(Walk *w, const Decision *d, size_t k, const uint32_t *of, size_t n) {
  const Table *t = (const Table *)(const void *)d->table;
  int64_t *id = arena_alloc(w->a, n * sizeof *id);
  At *at = arena_zalloc(w->a, n, sizeof *at);
  for (size_t i = 0; i < n; i++) {
    id[i] = d->id[of[i]];
    at[i].of = of[i];
  }
  return root(w, (Group){frame_root(w->ev, w->a, d->table->entity, w->ev->asof, id, n), at}, t->in[k].op);
}

/* More than the heading says, as a line each. */
static void tell(const Walk *w, Str heading, const uint32_t *of, size_t n, Str *out) {
  for (size_t i = 0; i < n; i++) {
    Str said = w->said[of[i]];
    w->said[of[i]] = (Str){0};
    if (!said.n || str_eq(str_sub(said, 0, heading.n), heading)) continue;
    Str before = out[of[i]];
    const char *line = arena_say(w->keep, "  %.*s is not known: %.*s\n", STR_ARG(heading), STR_ARG(said));
    out[of[i]] = before.n ? str_of(arena_printf(w->keep, "%.*s%s", STR_ARG(before), line)) : str_of(line);
  }
}

const Str *decision_roots(Eval *ev, const Decision *d, Arena *a) {
  const Table *t = (const Table *)(const void *)d->table;
  Err none = {0};
  Arena temp = {0};
  size_t nin = t->score ? t->score->ndriver : d->table->nin;
  uint32_t *of = arena_alloc(&temp, (d->n + 1) * sizeof *of);
  Str *out = NULL;
  eval_enter(ev, &none);
  for (size_t k = 0; k < nin && !none.kind; k++) {
    size_t n = lacking(d, k, of);
    if (!n) continue;
    if (!out) out = arena_zalloc(a, d->n, sizeof *out);
    Walk w = {.ev = ev, .a = &temp, .keep = a, .said = arena_zalloc(&temp, d->n, sizeof *w.said)};
    if (follow(&w, d, k, of, n)) tell(&w, t->score ? d->table->in[k] : str_trim(t->in[k].src.text), of, n, out);
  }
  eval_leave(ev, true);
  arena_free(&temp);
  err_free(&none);
  return out;
}
