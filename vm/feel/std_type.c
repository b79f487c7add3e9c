/* Types: their names, what conforms to them, what is converted (DMN 1.5, 10.3.2.9). */
#include "feel/std.h"


#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* FEEL's names first, then those that XML Schema and older models use. */
static const struct { const char *name; StdType type; } builtin[] = {
    {"Any", {.kind = STD_ANY}},
    {"Null", {.kind = STD_NULL}},
    {"number", {.kind = STD_NUMBER}},
    {"string", {.kind = STD_STRING}},
    {"boolean", {.kind = STD_BOOLEAN}},
    {"date", {.kind = STD_DATE}},
    {"time", {.kind = STD_TIME}},
    {"date and time", {.kind = STD_DATE_TIME}},
    {"days and time duration", {.kind = STD_DAYS_DURATION}},
    {"years and months duration", {.kind = STD_MONTHS_DURATION}},
    {"context", {.kind = STD_CONTEXT, .open = true}},
    {"list", {.kind = STD_LIST}},
    {"function", {.kind = STD_FUNCTION, .open = true}},
    {"range", {.kind = STD_RANGE}},
    {"dateTime", {.kind = STD_DATE_TIME}},
    {"dayTimeDuration", {.kind = STD_DAYS_DURATION}},
    {"yearMonthDuration", {.kind = STD_MONTHS_DURATION}},
    {"duration", {.kind = STD_DAYS_DURATION}},
    {"decimal", {.kind = STD_NUMBER}},
    {"double", {.kind = STD_NUMBER}},
    {"float", {.kind = STD_NUMBER}},
    {"integer", {.kind = STD_NUMBER}},
    {"int", {.kind = STD_NUMBER}},
    {"long", {.kind = STD_NUMBER}},
};

const StdType *standard_builtin_type(Str name) {
  for (size_t i = 0; i < COUNT(builtin); i++)
    if (str_is(name, builtin[i].name)) return &builtin[i].type;
  return NULL;
}

/* --- reading: list<a>, range<a>, context<k: a, …>, function<a, …>->b */

enum { NEST = 100 };

typedef struct Reader {
  Str s;
  size_t at;
  const StdTypes *types;
  Arena *a;
  int nest;
} Reader;

static void blanks(Reader *r) {
  while (r->at < r->s.n && (r->s.p[r->at] == ' ' || r->s.p[r->at] == '\n' || r->s.p[r->at] == '\t')) r->at++;
}

static bool take(Reader *r, const char *sign) {
  blanks(r);
  Str rest = str_sub(r->s, r->at, r->s.n);
  if (!str_starts(rest, sign)) return false;
  r->at += strlen(sign);
  return true;
}

/* A name up to a sign of the grammar, its blanks as they stand. */
static Str name(Reader *r) {
  blanks(r);
  size_t from = r->at;
  while (r->at < r->s.n && !strchr("<>,:", r->s.p[r->at]) &&
         !(r->s.p[r->at] == '-' && r->at + 1 < r->s.n && r->s.p[r->at + 1] == '>'))
    r->at++;
  return str_trim(str_sub(r->s, from, r->at));
}

static const StdType *type(Reader *r);

typedef struct Parts {
  const StdType **type;
  Str *key;
  size_t n, cap;
} Parts;

static void parts_add(Reader *r, Parts *p, Str key, const StdType *t) {
  if (p->n == p->cap) {
    size_t cap = p->cap ? p->cap * 2 : 4;
    const StdType **types = arena_alloc(r->a, cap * sizeof *types);
    Str *keys = arena_alloc(r->a, cap * sizeof *keys);
    if (p->n) memcpy(types, p->type, p->n * sizeof *types), memcpy(keys, p->key, p->n * sizeof *keys);
    p->type = types, p->key = keys, p->cap = cap;
  }
  p->type[p->n] = t;
  p->key[p->n++] = key;
}

/* "<" taken; a, b> or k: a, l: b> */
static bool parts(Reader *r, bool keyed, Parts *out) {
  if (take(r, ">")) return true;
  do {
    Str key = {0};
    if (keyed) {
      key = name(r);
      if (!key.n || !take(r, ":")) return false;
    }
    const StdType *t = type(r);
    if (!t) return false;
    parts_add(r, out, key, t);
  } while (take(r, ","));
  return take(r, ">");
}

static const StdType *compound(Reader *r, StdKind kind) { /* "<" taken */
  StdType *t = arena_zalloc(r->a, 1, sizeof *t);
  Parts p = {0};
  t->kind = kind;
  if (!parts(r, kind == STD_CONTEXT, &p)) return NULL;
  if (kind == STD_LIST || kind == STD_RANGE) {
    t->of = p.n == 1 ? p.type[0] : NULL;
    return t->of ? t : NULL;
  }
  t->n = p.n;
  t->key = p.key;
  t->part = p.type;
  if (kind == STD_FUNCTION) {
    if (!take(r, "->")) return NULL;
    t->of = type(r);
    if (!t->of) return NULL;
  }
  return t;
}

static const StdType *type(Reader *r) {
  Str text = name(r);
  const StdType *t = NULL;
  if (++r->nest > NEST) return NULL;
  const StdType *known = standard_builtin_type(text);
  bool holds = known && (known->kind == STD_LIST || known->kind == STD_RANGE || known->kind == STD_CONTEXT ||
                         known->kind == STD_FUNCTION);
  if (holds && take(r, "<")) t = compound(r, known->kind);
  else if (known) t = known;
  else if (text.n && r->types && r->types->find) t = r->types->find(r->types->ctx, text);
  r->nest--;
  return t;
}

const StdType *standard_type(Str text, const StdTypes *types, Arena *a) {
  const StdType *t = standard_builtin_type(text);
  if (t) return t;
  if (types && types->find && (t = types->find(types->ctx, text))) return t;
  Reader r = {.s = text, .types = types, .a = a};
  t = type(&r);
  blanks(&r);
  return r.at == text.n ? t : NULL;
}

/* --- conforming */

static bool conforms(Standard *s, Val v, const StdType *t, const Scope *scope, int depth);

static bool same_type(const StdType *a, const StdType *b, int depth) { /* does a conform to b? */
  if (!b || b->kind == STD_ANY || depth > NEST) return true;
  if (!a || a->kind == STD_ANY) return false;
  if (a->kind == STD_NULL) return true;
  if (a->kind != b->kind) return false;
  if (b->open) return true;
  if (a->kind == STD_LIST || a->kind == STD_RANGE) return same_type(a->of, b->of, depth + 1);
  if (a->kind == STD_CONTEXT) {
    for (size_t i = 0; i < b->n; i++) {
      size_t k = 0;
      while (k < a->n && !str_eq(a->key[k], b->key[i])) k++;
      if (k == a->n || !same_type(a->part[k], b->part[i], depth + 1)) return false;
    }
    return true;
  }
  if (a->kind != STD_FUNCTION) return true;
  if (a->open || a->n != b->n) return false;
  for (size_t i = 0; i < a->n; i++)
    if (!same_type(b->part[i], a->part[i], depth + 1)) return false; /* contravariant */
  return same_type(a->of, b->of, depth + 1);
}

/* What is not declared of a function may be anything; of a constant one sees what it is. */
static bool function_conforms(Standard *s, const StdFunc *f, const StdType *t) {
  if (t->open || f->variadic) return true;
  if (f->body && f->body->kind == N_LIT && t->of && !conforms(s, f->body->lit, t->of, NULL, 1)) return false;
  if (f->nparam != t->n) return false;
  for (size_t i = 0; i < t->n; i++)
    if (f->type && f->type[i] && !same_type(t->part[i], f->type[i], 0)) return false;
  return !f->result || same_type(f->result, t->of, 0);
}

static bool context_conforms(Standard *s, Val v, const StdType *t, const Scope *scope, int depth) {
  for (size_t i = 0; i < t->n; i++) {
    Val part;
    if (!standard_step(s) || !std_context_get(v, t->key[i], &part)) return false;
    if (part.t != V_NULL && !conforms(s, part, t->part[i], scope, depth + 1)) return false;
  }
  return true;
}

static bool items_conform(Standard *s, const Val *v, size_t n, const StdType *of, const Scope *scope,
                          int depth) {
  for (size_t i = 0; of && i < n; i++)
    if (!standard_step(s) || (v[i].t != V_NULL && !conforms(s, v[i], of, scope, depth + 1))) return false;
  return true;
}

static bool allowed(Standard *s, Val v, const StdType *t, const Scope *scope) {
  if (t->constraint && !std_is_true(standard_test(s, t->constraint, v, scope))) return false;
  if (!t->allowed) return true;
  if (v.t != V_LIST || t->kind != STD_LIST) return std_is_true(standard_test(s, t->allowed, v, scope));
  for (uint32_t i = 0; i < v.n; i++)
    if (!std_is_true(standard_test(s, t->allowed, v.u.v[i], scope))) return false;
  return true;
}

static bool conforms(Standard *s, Val v, const StdType *t, const Scope *scope, int depth) {
  bool ok = depth <= NEST && (t->kind == STD_ANY || t->kind == std_kind(v));
  if (ok && v.t != V_NULL) switch (t->kind) {
      case STD_LIST: ok = items_conform(s, v.u.v, v.n, t->of, scope, depth); break;
      case STD_RANGE: ok = items_conform(s, v.u.v, 2, t->of, scope, depth); break;
      case STD_CONTEXT: ok = t->open || context_conforms(s, v, t, scope, depth); break;
      case STD_FUNCTION: ok = function_conforms(s, v.u.p, t); break;
      default: break;
    }
  return ok && allowed(s, v, t, scope);
}

bool standard_conforms(Standard *s, Val v, const StdType *t, const Scope *scope) {
  return !t || conforms(s, v, t, scope, 0);
}

Val standard_coerce(Standard *s, Val v, const StdType *t, const Scope *scope) {
  if (!t || v.t == V_NULL) return v;
  if (t->kind == STD_DATE_TIME && v.t == V_DATE) {
    ValClock k = {.days = v.u.i, .offset = 0}; /* a date is its midnight in UTC */
    v = moment_clock(V_DATETIME, k, s->arena);
  }
  if (conforms(s, v, t, scope, 0)) return v;
  if (v.t == V_LIST && v.n == 1 && t->kind != STD_LIST && v.u.v[0].t != V_NULL)
    return standard_coerce(s, v.u.v[0], t, scope);
  if (t->kind == STD_LIST && v.t != V_LIST) {
    Val one = std_list(s, &v, 1);
    if (conforms(s, one, t, scope, 0)) return one;
  }
  return standard_null(s, "a %s does not conform to the type%s%.*s", standard_kind(v), t->name.n ? " " : "",
                       STR_ARG(t->name));
}
