#include "feel/frame.h"

/* From a figure that is null down to what it lacks. A walk over the operations of one row: of what an
 * operation was made from, the first null is followed, into metrics, related rows and items of lists. */

typedef struct Walk {
  Buf *out;
  size_t line; /* of related rows, from 1; 0: the row itself */
  Str rows;    /* … what one is called: "line" */
  Val row;     /* … by what people know it: itself, or the product on it */
  int depth;
} Walk;

enum { DEEPEST = 60 };

static bool root(Walk *w, Frame *f, const Op *op);

static Str written(const Op *op) {
  const Node *n = op->node;
  return n ? (Str){n->src->text.p + n->at, n->len} : (Str){0};
}

static bool is_null(Frame *f, const Op *op) {
  Vec v;
  return frame_eval(f, op, &v) && vec_at(v, 0).t == V_NULL;
}

/* What the host works out from other rows cannot be recorded: nothing is said of it. */
static bool say_missing(const Walk *w, Frame *f, const HostField *field) {
  FmtEnv env = eval_fmt(f->ev, "");
  if (field->derived) return false;
  buf_str(w->out, field->name);
  if (w->line) {
    buf_say(w->out, " of %.*s %zu (", STR_ARG(w->rows), w->line);
    fmt_val(w->row, UNIT_NONE, FMT_NONE, &env, w->out);
    buf_char(w->out, ')');
  }
  buf_say(w->out, " is missing");
  return true;
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

/* A row that has no code of its own is known by the first thing on it other than the one that asks. */
static Val known_as(Frame *f, int asker, int entity, int64_t id) {
  const FeelHost *h = f->ev->host;
  const HostEntity *info = h->entity_info(h->ctx, entity);
  const HostField *const *field;
  size_t n = h->fields(h->ctx, entity, &field);
  Val row = val_row((uint32_t)entity, id);
  const HostField *key = info ? h->field(h->ctx, entity, info->key) : NULL;
  if (key && key->type.kind == T_TEXT) return row;
  for (size_t i = 0; i < n; i++) {
    int64_t target = 0;
    if (field[i]->kind != HOST_ONE || field[i]->target == asker) continue;
    bool ok = h->one(h->ctx, entity, field[i], f->asof, &id, 1, &target, f->ev->e);
    return ok && target ? val_row((uint32_t)field[i]->target, target) : row;
  }
  return row;
}

/* The first of the related rows whose value is null. */
static bool root_of_rows(Walk *w, Frame *f, const Op *op) {
  Frame *rows;
  const Val *v;
  if (!frame_rows(f, op->kid[0], &rows) || !frame_full(rows, op->kid[1], &v)) return false;
  for (size_t i = 0; i < rows->n; i++) {
    uint32_t at = (uint32_t)i;
    if (v[i].t != V_NULL) continue;
    Walk in = *w;
    in.line = i + 1;
    in.rows = one_of_them(written(op->kid[0]));
    in.row = known_as(f, f->entity, rows->entity, rows->id[i]);
    return root(&in, frame_subset(rows, f->arena, &at, 1), op->kid[1]);
  }
  return false;
}

static bool root_of_thing(Walk *w, Frame *f, const Op *op) {
  Frame *to;
  const uint32_t *idx;
  if (is_null(f, op->kid[0])) return root(w, f, op->kid[0]);
  if (!frame_ref(f, op->kid[0], &to, &idx)) return false;
  uint32_t at = idx ? idx[0] : 0;
  return at != NO_ROW && root(w, frame_subset(to, f->arena, &at, 1), op->kid[1]);
}

/* An operation of values: a null among them, or a list that one is in. */
static bool root_of_kids(Walk *w, Frame *f, const Op *op) {
  for (uint32_t i = 0; i < op->nkid; i++)
    if (!op_is_rows(op->kid[i]) && (is_null(f, op->kid[i]) || op->kid[i]->kind == K_EACH) &&
        root(w, f, op->kid[i]))
      return true;
  return false;
}

/* What the condition lacks, or the branch that was taken. */
static bool root_of_choice(Walk *w, Frame *f, const Op *op) {
  Vec v;
  if (!frame_eval(f, op->kid[0], &v)) return false;
  Val is = vec_at(v, 0);
  return root(w, f, op->kid[is.t != V_BOOL ? 0 : is.u.i ? 1 : 2]);
}

static bool root(Walk *w, Frame *f, const Op *op) {
  bool said = false;
  if (++w->depth < DEEPEST) switch ((OpKind)op->kind) {
      case K_FIELD:
      case K_ONE: said = say_missing(w, f, op->ref); break;
      case K_METRIC: said = root(w, f, ((const Sym *)op->ref)->op); break;
      case K_EACH: said = root_of_rows(w, f, op); break;
      case K_AT: said = root_of_thing(w, f, op); break;
      case K_IF: said = root_of_choice(w, f, op); break;
      case K_LOGIC: said = op->code == K_IF ? root_of_choice(w, f, op) : root_of_kids(w, f, op); break;
      case K_ARITH:
      case K_NEG:
      case K_CMP:
      case K_NOT:
      case K_AND:
      case K_OR:
      case K_BETWEEN:
      case K_DAYS:
      case K_CALL:
      case K_MEMO: said = root_of_kids(w, f, op); break;
      default: break;
    }
  w->depth--;
  return said;
}

void decision_roots(Eval *ev, const TableInfo *t, int32_t blocked, const Val *in, int64_t id, Buf *out) {
  const Table *table = (const Table *)(const void *)t;
  Err none = {0};
  if (blocked <= 0 || table->score) return;
  eval_enter(ev, &none);
  Frame *f = frame_root(ev, &ev->temp, t->entity, ev->asof, &id, 1);
  for (size_t k = 0; k < t->nin; k++) {
    Buf said = {0};
    Walk w = {.out = &said};
    Str heading = str_trim(table->in[k].src.text);
    bool found = in[k].t == V_NULL && root(&w, f, table->in[k].op);
    if (found && !str_eq(str_sub(buf_view(&said), 0, heading.n), heading)) /* more than the heading says */
      buf_say(out, "  %.*s is not known: %.*s\n", STR_ARG(heading), STR_ARG(buf_view(&said)));
    buf_free(&said);
  }
  eval_leave(ev, true);
  err_free(&none);
}
