#include "verb/decide_input.h"

#include "base/lang.h"
#include "base/num.h"

#include <string.h>

static const struct { StdKind kind; const char *feel, *say; } kinds[] = {
  {STD_NUMBER, "number", N_("a number")},
  {STD_STRING, "string", N_("text")},
  {STD_BOOLEAN, "boolean", N_("true or false")},
  {STD_DATE, "date", N_("a date (2026-11-01)")},
  {STD_TIME, "time", N_("a time (08:30:00)")},
  {STD_DATE_TIME, "date and time", N_("a date and time (2026-11-01T08:30:00)")},
  {STD_DAYS_DURATION, "days and time duration", N_("a duration (P1DT2H)")},
  {STD_MONTHS_DURATION, "years and months duration", N_("a duration (P1Y2M)")},
  {STD_LIST, "list", N_("a list")},
  {STD_CONTEXT, "context", N_("a context")},
  {STD_RANGE, "range", N_("a range")},
  {STD_FUNCTION, "function", N_("a function")},
};

static const char *say(StdKind k) {
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (kinds[i].kind == k) return _(kinds[i].say);
  return _("anything");
}

static bool wrong(const StdType *t, Str name, Val v, Err *e) {
  Buf text = {0};
  if (v.t == V_TEXT) buf_char(&text, '"');
  standard_print(v, &text);
  if (v.t == V_TEXT) buf_char(&text, '"');
  err_set(e, ERR_USAGE, "input %.*s is %s, not %.*s", STR_ARG(name), say(t->kind), STR_ARG(buf_view(&text)));
  buf_free(&text);
  return false;
}

static bool temporal(StdKind k) { return k >= STD_DATE && k <= STD_MONTHS_DURATION; }

static bool read_temporal(const StdType *t, Str text, Arena *a, Val *out) {
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (kinds[i].kind == t->kind) return standard_read(str_of(kinds[i].feel), str_trim(text), a, out);
  return false;
}

/* A literal, a list, a context, a call as in date("2026-11-01"): 2026-02-30 is no subtraction here. */
static bool stands_for_itself(const Node *x) {
  if (x && x->kind == N_NEG) x = x->kid[0];
  return x && (x->kind == N_LIT || x->kind == N_LIST || x->kind == N_CONTEXT || x->kind == N_CALL ||
               x->kind == N_RANGE);
}

static bool read_feel(Str text, Arena *a, Val *out) {
  Src *src = arena_zalloc(a, 1, sizeof *src);
  *src = (Src){.text = {arena_strndup(a, text.p, text.n), text.n}, .line = 1, .col = 1};
  Err none = {0};
  const Node *x = standard_parse(src, NULL, 0, a, &none);
  Standard s;
  if (stands_for_itself(x) && !none.kind) {
    standard_init(&s, a, &none);
    s.steps = 100000;
    *out = standard_eval(&s, x, NULL);
  }
  bool ok = stands_for_itself(x) && !none.kind && out->t != V_NULL;
  err_free(&none);
  return ok;
}

static bool quoted(Str s) { return s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"'; }

bool decide_text(const StdType *t, Str name, Str text, Arena *a, Val *out, Err *e) {
  Str s = str_trim(text);
  *out = val_null();
  if (str_is(s, "null")) return true;
  if (!s.n && t->kind != STD_STRING)
    return err_set(e, ERR_USAGE, "input %.*s is blank; write null when it is not known", STR_ARG(name));
  bool ok = false;
  if (t->kind == STD_STRING || t->kind == STD_ANY) {
    ok = quoted(s) && read_feel(s, a, out) && out->t == V_TEXT;
    if (!ok && t->kind == STD_ANY && s.n) ok = read_feel(s, a, out);
    if (!ok) *out = val_text((Str){arena_strndup(a, text.p, text.n), text.n});
    return true;
  }
  if (t->kind == STD_NUMBER) ok = num_parse(s, out, a);
  else if (t->kind == STD_BOOLEAN) ok = str_is(s, "true") || str_is(s, "false");
  else if (temporal(t->kind)) ok = read_temporal(t, s, a, out);
  if (ok && t->kind == STD_BOOLEAN) *out = val_bool(s.p[0] == 't');
  if (ok || read_feel(s, a, out)) return decide_fit(t, name, *out, a, out, e);
  return wrong(t, name, val_text(s), e);
}

static bool is_kind(Val v, StdKind k) {
  switch (k) {
    case STD_NUMBER: return val_is_num(v);
    case STD_STRING: return v.t == V_TEXT;
    case STD_BOOLEAN: return v.t == V_BOOL;
    case STD_DATE: return v.t == V_DATE;
    case STD_TIME: return v.t == V_TIME;
    case STD_DATE_TIME: return v.t == V_DATETIME || v.t == V_DATE;
    case STD_DAYS_DURATION: return v.t == V_SECS;
    case STD_MONTHS_DURATION: return v.t == V_MONTHS;
    case STD_LIST: return v.t == V_LIST;
    case STD_CONTEXT: return v.t == V_CONTEXT;
    case STD_RANGE: return v.t == V_RANGE;
    default: return true;
  }
}

static size_t key_at(const StdType *t, Str key) {
  size_t i = 0;
  while (i < t->n && !str_eq(t->key[i], key)) i++;
  return i;
}

static Str inner_name(Arena *a, Str name, Str key) {
  return str_of(arena_printf(a, "%.*s.%.*s", STR_ARG(name), STR_ARG(key)));
}

static bool unknown_entry(const StdType *t, Str name, Str key, Err *e) {
  err_set(e, ERR_USAGE, "input %.*s has no %.*s", STR_ARG(name), STR_ARG(key));
  return src_suggest(e, key, t->key, t->n);
}

static bool fit_context(const StdType *t, Str name, Val v, Arena *a, Val *out, Err *e) {
  const ValContext *c = v.u.p;
  ValEntry *entry = arena_zalloc(a, c->n + 1, sizeof *entry);
  for (size_t i = 0; i < c->n; i++) {
    size_t k = t->open ? t->n : key_at(t, c->entry[i].key);
    entry[i] = c->entry[i];
    if (t->open) continue;
    if (k == t->n) return unknown_entry(t, name, c->entry[i].key, e);
    if (!decide_fit(t->part[k], inner_name(a, name, t->key[k]), c->entry[i].val, a, &entry[i].val, e))
      return false;
  }
  *out = standard_context(entry, c->n, a);
  return true;
}

static bool fit_list(const StdType *t, Str name, Val v, Arena *a, Val *out, Err *e) {
  Val *item = arena_zalloc(a, v.n + 1, sizeof *item);
  for (uint32_t i = 0; i < v.n; i++) {
    Str inner = str_of(arena_printf(a, "%.*s[%u]", STR_ARG(name), i + 1));
    if (!decide_fit(t->of, inner, v.u.v[i], a, &item[i], e)) return false;
  }
  *out = val_list(item, v.n);
  return true;
}

bool decide_fit(const StdType *t, Str name, Val v, Arena *a, Val *out, Err *e) {
  *out = v;
  if (!t || v.t == V_NULL) return true;
  if (v.t == V_TEXT && temporal(t->kind)) return read_temporal(t, val_str(v), a, out) || wrong(t, name, v, e);
  if (!is_kind(v, t->kind)) return wrong(t, name, v, e);
  if (t->kind == STD_CONTEXT) return fit_context(t, name, v, a, out, e);
  return t->kind != STD_LIST || fit_list(t, name, v, a, out, e);
}

/* The entry of t that path begins with; *rest is what follows its dot. */
static size_t step(const StdType *t, Str path, Str *rest) {
  for (size_t i = 0; t->kind == STD_CONTEXT && i < t->n; i++) {
    size_t n = t->key[i].n;
    if (path.n < n || memcmp(path.p, t->key[i].p, n) != 0) continue;
    if (path.n > n && path.p[n] != '.') continue;
    *rest = path.n > n ? str_sub(path, n + 1, path.n) : (Str){0};
    return i;
  }
  return SIZE_MAX;
}

const StdType *decide_at(const StdType *t, Str name, Str path, Err *e) {
  Str rest = path;
  while (path.n) {
    size_t i = step(t, path, &rest);
    if (i == SIZE_MAX) {
      unknown_entry(t, name, path, e);
      return NULL;
    }
    t = t->part[i];
    path = rest;
  }
  return t;
}

bool decide_put(const StdType *t, Str name, Str path, Val v, Arena *a, Val *slot, Err *e) {
  if (!path.n) {
    *slot = v;
    return true;
  }
  Str rest;
  size_t i = step(t, path, &rest);
  if (i == SIZE_MAX) return unknown_entry(t, name, path, e);
  const ValContext *old = slot->t == V_CONTEXT ? slot->u.p : NULL;
  size_t n = old ? old->n : 0, k = 0;
  ValEntry *entry = arena_zalloc(a, n + 1, sizeof *entry);
  if (n) memcpy(entry, old->entry, n * sizeof *entry);
  while (k < n && !str_eq(entry[k].key, t->key[i])) k++;
  entry[k].key = t->key[i];
  if (!decide_put(t->part[i], inner_name(a, name, t->key[i]), rest, v, a, &entry[k].val, e)) return false;
  *slot = standard_context(entry, k == n ? n + 1 : n, a);
  return true;
}

bool decide_whole(const StdType *t, Str name, Val v, Err *e) {
  if (t->kind == STD_LIST && v.t == V_LIST && t->of) {
    for (uint32_t i = 0; i < v.n; i++)
      if (!decide_whole(t->of, name, v.u.v[i], e)) return false;
  }
  if (t->kind != STD_CONTEXT || t->open || v.t != V_CONTEXT) return true;
  const ValContext *c = v.u.p;
  for (size_t i = 0; i < t->n; i++) {
    size_t k = 0;
    while (k < c->n && !str_eq(c->entry[k].key, t->key[i])) k++;
    if (k == c->n)
      return err_set(e, ERR_USAGE, "input %.*s.%.*s is missing", STR_ARG(name), STR_ARG(t->key[i]));
    if (!decide_whole(t->part[i], t->key[i], c->entry[k].val, e)) return false;
  }
  return true;
}
