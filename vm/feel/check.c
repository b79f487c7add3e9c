#include "feel/score.h"

#include "base/lang.h"

#include "feel/window.h"

#include <string.h>

Op *check_fail(Check *c, const Node *n, const char *fmt, ...) {
  if (c->e->kind) return NULL;
  Buf b = {0};
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(&b, lang_text(fmt), ap);
  va_end(ap);
  src_err(c->e, n->src, n->at, n->len, "%s", b.p ? b.p : "");
  buf_free(&b);
  return NULL;
}

static Op *check_if(Check *c, const Node *n) {
  Op *cond = check_condition(c, n->kid[0]);
  Op *yes = cond ? check_node(c, n->kid[1]) : NULL;
  Op *no = yes ? check_node(c, n->kid[2]) : NULL;
  if (!no) return NULL;
  if (op_is_rows(yes)) yes = op_list_of_rows(c, yes);
  if (op_is_rows(no)) no = op_list_of_rows(c, no);
  Type t = type_join(c, yes->type, no->type);
  if (t.kind == T_NUM && !unit_class_same(yes->type.unit, no->type.unit))
    return check_fail(c, n, "then gives %s, else gives %s", unit_name(yes->type.unit),
                      unit_name(no->type.unit));
  if (t.kind == T_ANY && yes->type.kind != T_ANY && no->type.kind != T_ANY) {
    Buf a = {0}, b = {0};
    type_say(c->r->host, yes->type, &a);
    type_say(c->r->host, no->type, &b);
    check_fail(c, n, "then gives %.*s, else gives %.*s", (int)a.n, a.p, (int)b.n, b.p);
    buf_free(&a);
    buf_free(&b);
    return NULL;
  }
  Op *o = op_make(c, yes->dear || no->dear ? K_LOGIC : K_IF, n, t, 3, (Op *[]){cond, yes, no});
  o->code = K_IF;
  return o;
}

static Op *check_list(Check *c, const Node *n) {
  Op **kid = arena_zalloc(&c->r->arena, n->nkid, sizeof *kid);
  Type t = type_of(T_NULL);
  for (uint32_t i = 0; i < n->nkid; i++) {
    if (!(kid[i] = check_node(c, n->kid[i]))) return NULL;
    if (op_is_rows(kid[i])) kid[i] = op_list_of_rows(c, kid[i]);
    t = i ? type_join(c, t, kid[i]->type) : kid[i]->type;
  }
  if (!n->nkid || t.kind == T_NULL) t = type_of(T_ANY);
  return op_make(c, K_LIST, n, type_list(c, t), n->nkid, kid);
}

static Op *check_range_value(Check *c, const Node *n) {
  if (!n->kid[0] || !n->kid[1]) return check_fail(c, n, "a range needs both ends here");
  Op *lo = check_node(c, n->kid[0]), *hi = lo ? check_node(c, n->kid[1]) : NULL;
  if (!hi) return NULL;
  Type *of = arena_zalloc(&c->r->arena, 1, sizeof *of);
  *of = type_join(c, lo->type, hi->type);
  Op *o = op2(c, K_RANGE, n, (Type){.kind = T_RANGE, .unit = of->unit, .of = of}, lo, hi);
  o->code = n->op;
  return o;
}

static Op *check_neg(Check *c, const Node *n) {
  Op *a = check_node(c, n->kid[0]);
  if (!a) return NULL;
  if (a->kind == K_EACH) {
    Op *inner = op1(c, K_NEG, n, a->kid[1]->type, a->kid[1]);
    return op2(c, K_EACH, n, a->type, a->kid[0], inner);
  }
  if (a->type.kind != T_NUM && a->type.kind != T_SECS && a->type.kind != T_MONTHS && a->type.kind != T_ANY) {
    Buf b = {0};
    type_say(c->r->host, a->type, &b);
    check_fail(c, n->kid[0], "minus needs a number, this is %.*s", (int)b.n, b.p);
    buf_free(&b);
    return NULL;
  }
  return op1(c, K_NEG, n, a->type, a);
}

static Op *check_instance(Check *c, const Node *n) {
  if (str_is(n->name, "known") || str_is(n->name, "unknown")) {
    Op *a = check_node(c, n->kid[0]);
    if (!a) return NULL;
    if (op_is_rows(a)) a = op_list_of_rows(c, a);
    Op *o = op1(c, K_ISNULL, n, type_of(T_BOOL), a);
    o->code = str_is(n->name, "known");
    return o;
  }
  return check_fail(c, n, "instance of belongs to DMN: here types are known before anything runs");
}

static Op *dispatch(Check *c, const Node *n) {
  switch ((NodeKind)n->kind) {
    case N_LIT: return op_lit(c, n, n->lit, type_of_val(c->r, n->lit, n->unit));
    case N_NAME: return check_name(c, n);
    case N_PATH: return check_path(c, n);
    case N_CALL: return check_call(c, n);
    case N_BIN: return check_binary(c, n);
    case N_NEG: return check_neg(c, n);
    case N_BETWEEN: return check_between(c, n);
    case N_IN: return check_in(c, n);
    case N_WITHIN: return check_within(c, n);
    case N_RANGE: return check_range_value(c, n);
    case N_IF: return check_if(c, n);
    case N_FOR: case N_SOME: case N_EVERY: return check_quantified(c, n);
    case N_FILTER: return check_filter(c, n);
    case N_LIST: return check_list(c, n);
    case N_INSTANCE: return check_instance(c, n);
    case N_TEMPLATE: return check_template(c, n);
    case N_OPT:
      return check_fail(c, n, "%.*s belongs inside a function such as rank(x, within g)", STR_ARG(n->name));
    case N_CONTEXT: case N_FUNCTION: return check_fail(c, n, "contexts and functions belong to DMN models");
    default: return check_fail(c, n, "a test needs a value before it");
  }
}

Op *check_any(Check *c, const Node *n) {
  Op *o = dispatch(c, n);
  if (o) ((Node *)n)->type = o->type;
  return o;
}

Op *check_node(Check *c, const Node *n) {
  Op *o = check_any(c, n);
  return o && o->type.kind == T_SERIES ? measure_bare(c, n, n) : o;
}

Op *check_condition(Check *c, const Node *n) {
  Op *o = check_node(c, n);
  if (!o || o->type.kind == T_BOOL || o->type.kind == T_ANY || o->type.kind == T_NULL) return o;
  Buf b = {0};
  type_say(c->r->host, o->type, &b);
  check_fail(c, n, "%.*s is %.*s, not a condition", (int)n->len, n->src->text.p + n->at, (int)b.n, b.p);
  buf_free(&b);
  if (o->type.kind == T_ROWS)
    err_todo(c->e, "is there one? write any(%.*s)", (int)n->len, n->src->text.p + n->at);
  else err_todo(c->e, "compare it with something: = != < <= > >= in between");
  return NULL;
}

Op *op_list_of_rows(Check *c, Op *rows) {
  Type row = {.kind = T_ROW, .entity = rows->type.entity};
  return op1(c, K_COLLECT, rows->node, type_list(c, row), rows);
}

/* A row in a sentence is shown by its key. */
static Op *shown(Check *c, const Node *n, Op *o) {
  if (op_is_rows(o)) o = op_list_of_rows(c, o);
  o = score_shown(c, o);
  Type t = o->type.kind == T_LIST ? type_element(o->type) : o->type;
  const HostEntity *info = t.kind == T_ROW ? host_info(c->r->host, t.entity) : NULL;
  const HostField *key = info && info->key.n ? host_field(c->r->host, t.entity, info->key) : NULL;
  if (!key || key->personal) return o;
  Op *inner = op_new(c, K_FIELD, n, key->type);
  inner->ref = key;
  if (o->kind == K_COLLECT) return op2(c, K_EACH, n, type_list(c, key->type), o->kid[0], inner);
  if (o->kind == K_EACH)
    return op2(c, K_EACH, n, type_list(c, key->type), o->kid[0],
               op2(c, K_AT, n, key->type, o->kid[1], inner));
  return o->type.kind == T_ROW ? op2(c, K_AT, n, key->type, o, inner) : o;
}

/* {missing}: the table's inputs, or the other names of the template, that are null. */
static Op *missing(Check *c, const Node *n, Op *const *kid, const Str *name, uint32_t nkid) {
  Table *t = c->table;
  uint32_t most = nkid + (t ? (uint32_t)t->info.nin : 0), k = 0;
  Op **asked = arena_zalloc(&c->r->arena, most, sizeof *asked);
  Str *text = arena_zalloc(&c->r->arena, most, sizeof *text);
  for (size_t i = 0; t && i < t->info.nin; i++) {
    if (t->in[i].lenient || !t->in[i].op) continue;
    asked[k] = t->in[i].op;
    text[k++] = str_trim(t->in[i].src.text);
  }
  for (uint32_t i = 0; !t && i < nkid; i++) {
    if (!kid[i]) continue;
    asked[k] = kid[i];
    text[k++] = name[i];
  }
  Op *o = op_make(c, K_MISSING, n, type_of(T_TEXT), k, asked);
  o->text = text;
  return o;
}

static Str joined(Check *c, Str a, Str b) {
  if (!a.n) return b;
  char *p = arena_alloc(&c->r->arena, a.n + b.n);
  memcpy(p, a.p, a.n);
  if (b.n) memcpy(p + a.n, b.p, b.n);
  return (Str){p, a.n + b.n};
}

/* {margin:%}: the format stands between the last colon and the brace. */
static bool hole_fits(Check *c, const Node *hole, Str what, Type t) {
  if (hole->fmt.kind == FMT_AUTO) return true;
  Str text = str_sub(hole->src->text, hole->at, hole->at + hole->len - 1);
  const char *colon = memrchr(text.p, ':', text.n);
  if (!colon) return true;
  Str fmt = str_trim((Str){colon + 1, (size_t)(text.p + text.n - colon - 1)});
  return format_fits(c, hole->src, (size_t)(fmt.p - hole->src->text.p), fmt.n, what, t, hole->fmt);
}

Op *check_template(Check *c, const Node *n) {
  uint32_t holes = 0;
  for (uint32_t i = 0; i < n->nkid; i++) holes += n->kid[i]->kind == N_HOLE;
  Op **kid = arena_zalloc(&c->r->arena, holes, sizeof *kid);
  Fmt *fmt = arena_zalloc(&c->r->arena, holes, sizeof *fmt);
  Str *text = arena_zalloc(&c->r->arena, (size_t)holes + 1, sizeof *text);
  Str *name = arena_zalloc(&c->r->arena, holes, sizeof *name);
  const Node **late = arena_zalloc(&c->r->arena, holes, sizeof *late);
  uint32_t k = 0;
  for (uint32_t i = 0; i < n->nkid; i++) {
    const Node *part = n->kid[i];
    if (part->kind != N_HOLE) {
      text[k] = joined(c, text[k], val_str(part->lit));
      continue;
    }
    const Node *x = part->kid[0];
    fmt[k] = part->fmt;
    name[k] = (Str){x->src->text.p + x->at, x->len};
    if (x->kind == N_NAME && str_is(x->name, "missing")) {
      late[k] = x;
    } else {
      Sym *arg = x->kind == N_NAME ? sym_find(c->r, 0, x->name) : NULL;
      bool span = arg && arg->as_span;
      Op *o = check_node(c, x);
      if (!o) return NULL;
      if (arg) arg->as_span = span; /* to show it is not to count with it */
      kid[k] = shown(c, x, o);
      if (!hole_fits(c, part, name[k], kid[k]->type)) return NULL;
    }
    k++;
  }
  Op **all = arena_zalloc(&c->r->arena, holes, sizeof *all);
  for (uint32_t i = 0; i < holes; i++) all[i] = late[i] ? missing(c, late[i], kid, name, holes) : kid[i];
  Op *o = op_make(c, K_TEMPLATE, n, type_of(T_TEXT), holes, all);
  o->fmt = fmt;
  o->text = text;
  return o;
}
