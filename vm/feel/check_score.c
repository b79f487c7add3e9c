/* Scores: the rules of their drivers, and the names of their parts. */
#include "feel/score.h"

#include "base/lang.h"
#include "base/num.h"

bool score_types(Rules *r, Table *t, Err *e) {
  if (t->typed) return true;
  t->typed = true;
  TableOutput *o = &t->out[0];
  for (size_t k = 0; k < r->nsym && !o->field; k++) {
    const Sym *s = r->sym[k];
    if (s->kind == SYM_FIELD && s->entity == t->info.entity && str_eq(s->name, t->info.name)) o->field = s;
  }
  const HostField *hf = host_field(r->host, t->info.entity, t->info.name);
  if (hf && hf->kind == HOST_FIELD && !hf->published) o->host_field = hf;
  o->type = type_num(t->score->share ? UNIT_PERCENT : UNIT_POINTS);
  o->sym->type = o->type;
  o->sym->state = SYM_DONE;
  const Type *field = o->field ? &o->field->type : o->host_field ? &o->host_field->type : NULL;
  if (!field || (field->kind == T_NUM && unit_class_same(field->unit, o->type.unit))) return true;
  Buf b = {0};
  type_say(r->host, *field, &b);
  src_err(e, &o->src, 0, o->src.text.n, "score %.*s fills the field of its name, which is %.*s, not %s",
          STR_ARG(t->info.name), (int)b.n, b.p, t->score->share ? _("a share") : _("a number of points"));
  buf_free(&b);
  return false;
}

static bool is_part(Type t) {
  if (t.kind == T_BOOL || t.kind == T_ANY || t.kind == T_NULL) return true;
  return t.kind == T_NUM && (t.unit == UNIT_NONE || t.unit == UNIT_PERCENT || t.unit == UNIT_PART);
}

static Op *driver_rule(Check *c, const Driver *d) {
  Node *n = feel_parse(&d->when, c->r->dialect, &c->r->arena, c->e);
  Op *o = n ? check_node(c, n) : NULL;
  if (!o || is_part(o->type)) return o;
  Buf b = {0};
  type_say(c->r->host, o->type, &b);
  check_fail(c, n, "driver %.*s: this is %.*s, neither true or false nor a part 0..1", STR_ARG(d->name), (int)b.n, b.p);
  buf_free(&b);
  if (o->type.kind == T_ROWS) err_todo(c->e, "is there one? write any(%.*s)", STR_ARG(str_trim(d->when.text)));
  else err_todo(c->e, "compare it, or write how much of it counts: scale(%.*s, from, to)", STR_ARG(str_trim(d->when.text)));
  return NULL;
}

static Op *cap_rule(Check *c, const Cap *cap) {
  Node *n = feel_parse(&cap->cond, c->r->dialect, &c->r->arena, c->e);
  return n ? check_condition(c, n) : NULL;
}

static Op *sentence(Check *c, const Src *say) {
  Node *n = feel_parse_template(say, c->r->dialect, &c->r->arena, c->e);
  return n ? check_template(c, n) : NULL;
}

static bool add_input(Check *c, TableInput *in, Op *o) {
  if (!o) return false;
  in->type = o->type;
  in->op = op1(c, K_MEMO, o->node, o->type, o);
  return true;
}

bool score_check(Check *c, Table *t) {
  const Score *s = t->score;
  for (size_t i = 0; i < s->ndriver; i++)
    if (!add_input(c, &t->in[i], driver_rule(c, &s->driver[i]))) return false;
  for (size_t i = 0; i < s->ncap; i++)
    if (!add_input(c, &t->in[s->ndriver + i], cap_rule(c, &s->cap[i]))) return false;
  c->table = NULL; /* {missing} of a sentence means its own names */
  for (size_t i = 0; i < s->ndriver; i++) {
    const Src *say = &s->driver[i].say;
    Op *o = say->text.n ? sentence(c, say) : op_lit(c, t->in[i].op->node, val_null(), type_of(T_TEXT));
    if (!add_input(c, &t->in[score_said(s, i)], o)) return false;
  }
  c->table = t;
  return true;
}

/* --- names of a score's parts ---------------------------------------------- */

static Op *aspect_op(Check *c, const Node *n, Table *t, ScoreAspect aspect, Type type) {
  if (!table_check(t->home, t, c->metric, c->e)) return NULL;
  Op *o = op_new(c, K_SCORE, n, type);
  o->ref = t;
  o->code = (uint8_t)aspect;
  o->varies = o->dear = o->dated = true;
  return o;
}

/* The score that o gives: as a name, as a heading in its table's cells, of another row. */
static Table *score_of(const Op *o) {
  if (o->kind == K_MEMO) return score_of(o->kid[0]);
  if (o->kind == K_AT || o->kind == K_EACH) return score_of(o->kid[1]);
  if (o->kind != K_OUTPUT) return NULL;
  Table *t = ((const Sym *)o->ref)->table;
  return t->score ? t : NULL;
}

/* `part` in the place of the score that o gives. */
static Op *in_place(Check *c, const Node *n, const Op *o, Op *part) {
  if (!part) return NULL;
  if (o->kind == K_MEMO) return in_place(c, n, o->kid[0], part);
  if (o->kind == K_AT) return op2(c, K_AT, n, part->type, o->kid[0], in_place(c, n, o->kid[1], part));
  if (o->kind != K_EACH) return part;
  part = in_place(c, n, o->kid[1], part);
  return op2(c, K_EACH, n, type_list(c, part->type), o->kid[0], part);
}

static Type names_type(Check *c, const Table *t) {
  return type_list(c, (Type){.kind = T_TEXT, .domain = t->score->names});
}

Op *score_path(Check *c, const Node *n, Op *o) {
  Table *t = score_of(o);
  if (!t) return NULL;
  Op *part = NULL;
  if (str_is(n->name, "known")) part = aspect_op(c, n, t, SCORE_KNOWN, type_num(UNIT_PERCENT));
  else if (str_is(n->name, "parts")) part = aspect_op(c, n, t, SCORE_PARTS, type_list(c, type_num(UNIT_PART)));
  else if (str_is(n->name, "drivers")) part = aspect_op(c, n, t, SCORE_TOP, names_type(c, t));
  else if (str_is(n->name, "top")) check_fail(c, n, "top(n): how many drivers?");
  else check_fail(c, n, "score %.*s has no %.*s", STR_ARG(t->info.name), STR_ARG(n->name));
  if (!part && !c->e->todo) err_todo(c->e, "a score has .known .parts .drivers .top(3)");
  return in_place(c, n, o, part);
}

Op *score_call(Check *c, const Node *n) {
  const Node *callee = n->kid[0];
  if (callee->kind != N_PATH || !str_is(callee->name, "top")) return NULL;
  Op *o = check_any(c, callee->kid[0]);
  Table *t = o ? score_of(o) : NULL;
  if (!t) return NULL;
  Op *count = n->nkid == 2 && !n->names ? check_node(c, n->kid[1]) : NULL;
  int64_t many;
  if (c->e->kind) return NULL;
  if (!count || count->kind != K_LIT || !num_int(count->lit, &many) || many < 1 || many > INT32_MAX)
    return check_fail(c, n, "top(3) takes the number of drivers wanted");
  Op *part = aspect_op(c, n, t, SCORE_TOP, names_type(c, t));
  if (part) part->num = (int32_t)many;
  return in_place(c, n, o, part);
}

Op *score_shown(Check *c, Op *o) {
  if (o->kind == K_AT) {
    Op *inner = score_shown(c, o->kid[1]);
    return inner == o->kid[1] ? o : op2(c, K_AT, o->node, inner->type, o->kid[0], inner);
  }
  if (o->kind != K_SCORE || o->code != SCORE_TOP) return o;
  Table *t = (Table *)o->ref;
  Op *shown = aspect_op(c, o->node, t, o->num ? SCORE_SHOWN : SCORE_TOLD, type_of(T_TEXT));
  if (!shown) return NULL;
  shown->num = o->num;
  return shown;
}
