#include "feel/check.h"

#include "base/lang.h"

#include <string.h>
#include <utf8proc.h>

/* The nearest of the names offered so far, with what it is. */
typedef struct Nearest {
  Str wrong;   /* lower case */
  int best;
  Buf name, what;
} Nearest;

static void lower(Str s, Buf *b) {
  buf_clear(b);
  for (size_t i = 0; i < s.n;) utf8_put(b, (uint32_t)utf8proc_tolower((utf8proc_int32_t)utf8_next(s, &i)));
}

static bool nearer(Nearest *near, Str name) {
  Buf b = {0};
  lower(name, &b);
  size_t n = utf8_count(near->wrong);
  int most = n <= 1 ? 0 : n <= 3 ? 1 : n <= 5 ? 2 : 3;
  int d = str_distance(near->wrong, buf_view(&b), most);
  bool starts = d > most && n >= 3 && b.n > near->wrong.n && memcmp(b.p, near->wrong.p, near->wrong.n) == 0;
  buf_free(&b);
  if (starts) d = most + 1;
  if (d > most + (starts ? 1 : 0) || d >= near->best || (size_t)d >= n) return false;
  near->best = d;
  buf_clear(&near->name);
  buf_clear(&near->what);
  buf_str(&near->name, name);
  return true;
}

static void offer_symbols(Nearest *near, const Rules *top, const Rules *r, int entity) {
  for (size_t i = 0; i < r->nsym; i++) {
    const Sym *s = r->sym[i];
    if (s->entity && s->entity != entity) continue;
    if (nearer(near, s->name)) sym_describe(top, s, &near->what);
  }
  for (size_t i = 0; i < r->nuse; i++) offer_symbols(near, top, r->use[i], entity);
}

static void offer_host(Nearest *near, const FeelHost *h, int entity) {
  static const char *const kind[] = {
      [HOST_FIELD] = N_("field"), [HOST_ONE] = N_("relation"), [HOST_MANY] = N_("relation"), [HOST_MEASURE] = N_("measure")};
  const HostField *const *list;
  size_t n = host_fields(h, entity, &list);
  for (size_t i = 0; i < n; i++)
    if (nearer(near, list[i]->name))
      buf_say(&near->what, "%s of %.*s", _(kind[list[i]->kind]), STR_ARG(entity_name(h, entity)));
}

static void offer_outer(Nearest *near, Check *c, int entity) {
  for (const Scope *s = c->scope; s; s = s->up) {
    if (!s->row && s->var.n && nearer(near, s->var)) buf_say(&near->what, "variable");
    if (!s->row || s->entity == entity) continue;
    const HostField *const *list;
    size_t n = host_fields(c->r->host, s->entity, &list);
    for (size_t i = 0; i < n; i++) {
      if (!nearer(near, list[i]->name)) continue;
      buf_clear(&near->name);
      buf_say(&near->name, "this.%.*s", STR_ARG(list[i]->name));
      buf_say(&near->what, "of %.*s", STR_ARG(entity_name(c->r->host, s->entity)));
    }
  }
}

/* A metric or field that exists, but of another entity, one step away. */
static bool one_step(Check *c, int entity, Str name) {
  const FeelHost *h = c->r->host;
  const HostField *const *list;
  size_t n = host_fields(h, entity, &list);
  for (size_t i = 0; i < n; i++) {
    if (list[i]->kind != HOST_ONE) continue;
    if (!host_field(h, list[i]->target, name) && !sym_find(c->r, list[i]->target, name)) continue;
    err_todo(c->e, "%.*s has one: write %.*s.%.*s", STR_ARG(entity_name(h, list[i]->target)),
             STR_ARG(list[i]->name), STR_ARG(name));
    return true;
  }
  return false;
}

/* A misspelt measure with its window, or one whose window lacks its letter; better: to be nearer than this. */
static bool offer_window(Check *c, int entity, Str name, int better) {
  Str measure, suffix;
  if (!entity || !window_suffix(name, &measure, &suffix)) return false;
  Buf low = {0};
  lower(measure, &low);
  Nearest near = {.wrong = buf_view(&low), .best = better};
  const HostField *const *list;
  size_t n = host_fields(c->r->host, entity, &list);
  bool found = false;
  for (size_t i = 0; i < n; i++)
    if (measure_of(list[i])) found |= nearer(&near, list[i]->name);
  bool whole = suffix.p[suffix.n - 1] > '9' || suffix.n > 3;
  if (found)
    err_todo(c->e, "did you mean %.*s_%.*s%s?", (int)near.name.n, near.name.p, STR_ARG(suffix), whole ? "" : "m");
  buf_free(&near.name);
  buf_free(&near.what);
  buf_free(&low);
  return found;
}

void name_unknown(Check *c, const Node *n, int entity, Str name) {
  const FeelHost *h = c->r->host;
  if (entity && n->kind == N_PATH)
    check_fail(c, n, "%.*s has no %.*s", STR_ARG(entity_name(h, entity)), STR_ARG(name));
  else check_fail(c, n, "unknown name %.*s", STR_ARG(name));
  Buf low = {0};
  lower(name, &low);
  Nearest near = {.wrong = buf_view(&low), .best = 99};
  offer_symbols(&near, c->r, c->r, entity);
  if (entity) offer_host(&near, h, entity);
  if (n->kind != N_PATH) {
    offer_outer(&near, c, entity);
    for (size_t i = 0; i < c->nparam; i++)
      if (nearer(&near, c->param[i].name)) buf_say(&near.what, "a value given");
    for (size_t i = 0; i < c->r->nuse; i++)
      if (nearer(&near, str_of(c->r->use[i]->name))) buf_say(&near.what, "rulebook");
  }
  if (near.best == 0 || !entity || !one_step(c, entity, name)) {
    if (offer_window(c, entity, name, near.best)) {
      ; /* said */
    } else if (near.best < 99) {
      err_todo(c->e, "did you mean %.*s (%.*s)?", (int)near.name.n, near.name.p, (int)near.what.n,
               near.what.p ? near.what.p : "");
    } else if (entity) {
      err_todo(c->e, "text is written in quotes: '%.*s'", STR_ARG(name));
    }
  }
  buf_free(&near.name);
  buf_free(&near.what);
  buf_free(&low);
}
