#include "feel/check.h"

#include "base/lang.h"

#include <string.h>

int host_entity(const FeelHost *h, Str name) { return h->entity ? h->entity(h->ctx, name) : 1; }

const HostEntity *host_info(const FeelHost *h, int entity) {
  return h->entity_info && entity > 0 ? h->entity_info(h->ctx, entity) : NULL;
}

const HostField *host_field(const FeelHost *h, int entity, Str name) {
  return h->field && entity > 0 ? h->field(h->ctx, entity, name) : NULL;
}

size_t host_fields(const FeelHost *h, int entity, const HostField *const **list) {
  *list = NULL;
  return h->fields && entity > 0 ? h->fields(h->ctx, entity, list) : 0;
}

Str entity_name(const FeelHost *h, int entity) {
  const HostEntity *info = host_info(h, entity);
  return info ? info->name : STR("row");
}

Str entity_plural(const FeelHost *h, int entity) {
  const HostEntity *info = host_info(h, entity);
  return info ? info->plural : STR("rows");
}

Sym *sym_add(Rules *r, SymKind kind, Str name, Src src) {
  Sym *s = arena_zalloc(&r->arena, 1, sizeof *s);
  s->kind = kind;
  s->home = r;
  s->name = name;
  s->src = src;
  s->serial = (int)r->nsym;
  mem_grow(r->sym, r->capsym, r->nsym + 1);
  r->sym[r->nsym++] = s;
  return s;
}

static Sym *find_own(const Rules *r, int entity, Str name) {
  Sym *field = NULL;
  for (size_t i = 0; i < r->nsym; i++) {
    Sym *s = r->sym[i];
    if (s->entity != entity || !str_eq(s->name, name)) continue;
    if (s->kind != SYM_FIELD) return s; /* an output stands before the field that it fills */
    field = s;
  }
  return field;
}

Sym *sym_find(const Rules *r, int entity, Str name) {
  Sym *s = find_own(r, entity, name);
  for (size_t i = 0; !s && i < r->nuse; i++) s = sym_find(r->use[i], entity, name);
  return s;
}

Table *table_find(const Rules *r, Str name) {
  for (size_t i = 0; i < r->ntable; i++)
    if (str_eq(r->table[i]->info.name, name)) return r->table[i];
  for (size_t i = 0; i < r->nscore; i++)
    if (str_eq(r->score[i]->info.name, name)) return r->score[i];
  for (size_t i = 0; i < r->nuse; i++) {
    Table *t = table_find(r->use[i], name);
    if (t) return t;
  }
  return NULL;
}

static const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* What a thing is about, without its name in a second language behind two blanks. */
static Str in_one_language(Str about) {
  for (size_t i = 1; i + 1 < about.n; i++)
    if (about.p[i] == ' ' && about.p[i + 1] == ' ') return str_sub(about, 0, i);
  return about;
}

/* (kam.lua:17, ¥, value at risk) */
static void where_defined(const Sym *s, Buf *out) {
  Buf b = {0};
  if (s->src.file && s->src.line > 0) buf_printf(&b, "%s:%d", base_name(s->src.file), s->src.line);
  Unit unit = s->kind == SYM_METRIC ? s->unit : s->type.unit;
  if (unit) buf_printf(&b, "%s%s", b.n ? ", " : "", unit_name(unit));
  if (s->about.n) buf_printf(&b, "%s%.*s", b.n ? ", " : "", STR_ARG(in_one_language(s->about)));
  if (b.n) buf_printf(out, " (%.*s)", (int)b.n, b.p);
  buf_free(&b);
}

static const char *kind_name(const Sym *s) {
  switch (s->kind) {
    case SYM_ARG: return N_("arg");
    case SYM_METRIC: return N_("metric");
    case SYM_FIELD: return N_("field");
    default: return s->table->score ? N_("score") : N_("output");
  }
}

void sym_describe(const Rules *r, const Sym *s, Buf *out) {
  buf_puts(out, _(kind_name(s)));
  if (s->kind == SYM_OUTPUT && !s->table->score) buf_say(out, " of table %.*s", STR_ARG(s->table->info.name));
  if (s->home != r) buf_say(out, " in rulebook %s", s->home->name);
  if (s->kind == SYM_ARG && s->val.t) {
    FmtEnv env = r->host->fmt;
    env.null = "?";
    buf_puts(out, ", ");
    fmt_val(s->val, s->type.unit, FMT_NONE, &env, out);
  }
}

/* An arg of a rulebook in use with the same value: what was meant, perhaps. */
static void suggest_arg(const Rules *r, const Sym *mine, Err *e) {
  if (mine->kind != SYM_ARG) return;
  for (size_t i = 0; i < r->nuse; i++)
    for (size_t k = 0; k < r->use[i]->nsym; k++) {
      const Sym *s = r->use[i]->sym[k];
      if (s->kind != SYM_ARG || !str_eq(str_trim(s->rule.text), str_trim(mine->rule.text))) continue;
      Buf b = {0};
      FmtEnv env = r->host->fmt;
      fmt_val(s->val, s->type.unit, FMT_NONE, &env, &b);
      if (s->about.n) buf_printf(&b, ", \"%.*s\"", STR_ARG(s->about));
      err_todo(e, "choose another name; did you mean %s.%.*s (%.*s)?", r->use[i]->name, STR_ARG(s->name),
               (int)b.n, b.p);
      buf_free(&b);
      return;
    }
}

static bool clash(const Rules *r, const Sym *mine, const Sym *there, Err *e) {
  Buf where = {0};
  where_defined(there, &where);
  const char *kind = kind_name(there);
  if (there->home != r)
    src_err(e, &mine->src, 0, mine->src.text.n, "%.*s is already %s %s of rulebook %s%.*s",
            STR_ARG(mine->name), strchr("aeiou", kind[0]) ? "an" : "a", _(kind), there->home->name, (int)where.n,
            where.p ? where.p : "");
  else
    src_err(e, &mine->src, 0, mine->src.text.n, "%.*s is already %s %s%.*s", STR_ARG(mine->name),
            strchr("aeiou", kind[0]) ? "an" : "a", _(kind), (int)where.n, where.p ? where.p : "");
  buf_free(&where);
  suggest_arg(r, mine, e);
  if (!e->todo) err_todo(e, "choose another name");
  return false;
}

static bool is_published(const Rules *r, Str name) {
  for (size_t i = 0; i < r->npublish; i++)
    if (str_eq(r->publish[i], name)) return true;
  return false;
}

static bool clash_host(const Rules *r, const Sym *s, int entity, const HostField *f, Err *e) {
  static const char *const what[] = {[HOST_FIELD] = N_("a field"),
                                     [HOST_ONE] = N_("a relation"),
                                     [HOST_MANY] = N_("a relation"),
                                     [HOST_MEASURE] = N_("a measure")};
  Buf about = {0};
  if (f->type.unit) buf_printf(&about, "%s", unit_name(f->type.unit));
  if (f->about) buf_printf(&about, "%s%s", about.n ? ", " : "", _(f->about));
  src_err(e, &s->src, 0, s->src.text.n, "%.*s is already %s of %.*s%s%.*s%s", STR_ARG(s->name), _(what[f->kind]),
          STR_ARG(entity_name(r->host, entity)), about.n ? " (" : "", (int)about.n, about.p ? about.p : "",
          about.n ? ")" : "");
  buf_free(&about);
  return err_todo(e, "choose another name");
}

/* What stands before `s` under its name, of those that may not. */
static bool against_symbols(const Rules *r, const Rules *in, const Sym *s, Err *e) {
  for (size_t i = 0; i < in->nsym; i++) {
    const Sym *o = in->sym[i];
    if (o == s) break; /* later ones meet this one in their turn */
    if (!str_eq(o->name, s->name)) continue;
    if (o->entity && s->entity && o->entity != s->entity) continue;
    bool fills = o->entity == s->entity && ((o->kind == SYM_FIELD && s->kind == SYM_OUTPUT) ||
                                            (o->kind == SYM_OUTPUT && s->kind == SYM_FIELD));
    if (!fills) return clash(r, s, o, e);
  }
  for (size_t i = 0; i < in->nuse; i++)
    if (!against_symbols(r, in->use[i], s, e)) return false;
  return true;
}

static bool against_host(const Rules *r, const Sym *s, Err *e) {
  int entity = s->entity ? s->entity : r->entity;
  const HostField *f = host_field(r->host, entity, s->name);
  if (f) {
    if (s->kind == SYM_OUTPUT || s->kind == SYM_FIELD)
      return f->kind == HOST_FIELD || clash_host(r, s, entity, f, e);
    if (s->kind == SYM_METRIC && f->kind == HOST_FIELD && (f->published || is_published(r, s->name)))
      return true;
    return clash_host(r, s, entity, f, e);
  }
  for (size_t i = 0; i < r->nuse; i++)
    if (str_is(s->name, r->use[i]->name)) {
      src_err(e, &s->src, 0, s->src.text.n, "%.*s is already a rulebook", STR_ARG(s->name));
      return err_todo(e, "choose another name");
    }
  static const char *const kept[] = {"this", "item", "as_of", "missing"};
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
    if (str_is(s->name, kept[i])) {
      src_err(e, &s->src, 0, s->src.text.n, "%s is a word of the language", kept[i]);
      return err_todo(e, "choose another name");
    }
  Err none = {0};
  Check c = {.r = (Rules *)r, .e = &none};
  Scope row = {.row = true, .entity = entity};
  c.scope = &row;
  Node at = {.kind = N_NAME, .src = &s->src, .len = (uint32_t)s->src.text.n, .name = s->name};
  bool means = shorthand(&c, &at, entity, s->name) != NULL;
  err_free(&none);
  if (!means) return true;
  src_err(e, &s->src, 0, s->src.text.n, "%.*s already means a sum over a window", STR_ARG(s->name));
  return err_todo(e, "choose another name");
}

/* Two rulebooks in use that give one name two meanings. */
static bool rulebooks_differ(const Rules *r, Err *e) {
  for (size_t i = 1; i < r->nuse; i++)
    for (size_t k = 0; k < i; k++) {
      if (r->use[i] == r->use[k]) continue;
      for (size_t n = 0; n < r->use[i]->nsym; n++)
        if (!against_symbols(r, r->use[k], r->use[i]->sym[n], e)) return false;
    }
  return true;
}

static bool tables_differ(const Rules *r, Err *e) {
  for (size_t i = 0; i < r->ntable; i++)
    for (size_t k = 0; k < i; k++)
      if (str_eq(r->table[i]->info.name, r->table[k]->info.name))
        return src_err(e, &r->table[i]->text, 0, 1, "there are two tables %.*s",
                       STR_ARG(r->table[i]->info.name));
  for (size_t i = 0; i < r->nscore; i++)
    for (size_t k = 0; k < r->ntable; k++)
      if (str_eq(r->score[i]->info.name, r->table[k]->info.name))
        return src_err(e, &r->score[i]->spec->name, 0, r->score[i]->info.name.n, "there is a table %.*s too",
                       STR_ARG(r->score[i]->info.name));
  return true;
}

bool names_check(Rules *r, Err *e) {
  for (size_t i = 0; i < r->npublish; i++)
    for (size_t k = 0; k < r->nsym; k++)
      if (str_eq(r->sym[k]->name, r->publish[i])) r->sym[k]->published = true;
  for (size_t i = 0; i < r->nsym; i++) {
    const Sym *s = r->sym[i];
    if (!against_symbols(r, r, s, e) || !against_host(r, s, e)) return false;
  }
  return rulebooks_differ(r, e) && tables_differ(r, e);
}
