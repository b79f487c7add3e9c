/* From what was asked for (--map, --where, --key, --create, --alias) and what the file has to targets. */
#include "store/import_job.h"
#include "store/import_cell.h"
#include "store/import_names.h"

#include "base/lang.h"

#include <string.h>

typedef struct Field { /* a column of the entity that an import may fill */
  const char *name;
  ColType type;
  unsigned flags;
  const char *ref, *values;
  const Domain *domain;
  bool added;          /* by a playbook */
  bool named;          /* --map speaks of it */
} Field;

typedef struct Binding {
  Import *im;
  Field *field;
  size_t nfield;
  bool *used;          /* columns of the view that something takes */
} Binding;

/* --- the fields of the entity -------------------------------------------------- */

static ColType added_type(Type t) {
  switch (t.kind) {
    case T_NUM: return t.unit == UNIT_MONEY ? COL_MONEY : t.unit == UNIT_PERCENT ? COL_PERCENT : COL_NUM;
    case T_DATE: return COL_DATE;
    case T_BOOL: return COL_BOOL;
    default: return COL_TEXT;
  }
}

static void collect_fields(Binding *b) {
  Import *im = b->im;
  const CatEntity *ent = im->ent;
  const FeelHost *host = store_host(im->s);
  const HostField *const *list = NULL;
  int number = host->entity(host->ctx, str_of(ent->name));
  size_t n = host->fields(host->ctx, number, &list);
  b->field = arena_zalloc(&im->arena, ent->ncol + n, sizeof *b->field);
  for (size_t i = 0; i < ent->ncol; i++) {
    const CatColumn *c = &ent->col[i];
    if (c->sql || (c->flags & CAT_HIDDEN)) continue;
    b->field[b->nfield++] =
        (Field){.name = c->name, .type = c->type, .flags = c->flags, .ref = c->ref, .values = c->values};
  }
  for (size_t i = 0; i < n; i++) {
    const HostField *f = list[i];
    if (f->kind != HOST_FIELD || !f->history || f->published || catalog_column(ent, f->name)) continue;
    b->field[b->nfield++] = (Field){.name = arena_strndup(&im->arena, f->name.p, f->name.n),
                                    .type = added_type(f->type),
                                    .flags = CAT_HISTORY,
                                    .domain = f->type.domain,
                                    .added = true};
  }
}

static Field *find_field(Binding *b, Str name) {
  for (size_t i = 0; i < b->nfield; i++)
    if (str_is(name, b->field[i].name)) return &b->field[i];
  const CatColumn *c = catalog_column(b->im->ent, name); /* by its second name */
  for (size_t i = 0; c && i < b->nfield; i++)
    if (!strcmp(c->name, b->field[i].name)) return &b->field[i];
  return NULL;
}

static bool unknown_field(Binding *b, const Src *src, Err *e) {
  Str *name = arena_alloc(&b->im->arena, b->nfield * sizeof *name);
  Buf list = {0};
  for (size_t i = 0; i < b->nfield; i++) {
    name[i] = str_of(b->field[i].name);
    buf_printf(&list, "%s%s", i ? ", " : "", b->field[i].name);
  }
  src_err(e, src, 0, src->text.n, "%s has no field %.*s", b->im->ent->name, STR_ARG(src->text));
  src_suggest(e, src->text, name, b->nfield);
  err_todo(e, "its fields: %s", list.p ? list.p : "");
  buf_free(&list);
  return false;
}

/* "A, B, C" or "ranked: A, B, C". */
static const Domain *parse_domain(Import *im, const char *values) {
  Domain *d = arena_zalloc(&im->arena, 1, sizeof *d);
  Str rest = str_of(values);
  d->ranked = str_starts(rest, "ranked:");
  if (d->ranked) rest = str_sub(rest, 7, rest.n);
  Str *value = arena_alloc(&im->arena, (rest.n + 1) * sizeof *value);
  while (rest.p) value[d->n++] = str_trim(str_split(rest, ',', &rest));
  d->value = value;
  return d;
}

static Refs *refs_of(Import *im, const char *entity, Err *e) {
  const CatEntity *ent = catalog_entity(str_of(entity));
  for (size_t i = 0; i < im->nrefs; i++)
    if (im->refs[i].ent == ent) return &im->refs[i];
  if (im->nrefs == IMPORT_REFS) {
    err_set(e, ERR_FAIL, "%s refers to too many other tables", im->ent->name);
    return NULL;
  }
  Refs *r = &im->refs[im->nrefs++];
  return refs_load(r, im->s, ent, e) ? r : NULL;
}

/* --- --map ------------------------------------------------------------------------ */

/* The end of the item that starts at `at`: a comma or line end outside brackets and quotes. */
static size_t item_end(Str s, size_t at) {
  int depth = 0;
  char quote = 0;
  for (; at < s.n; at++) {
    char c = s.p[at];
    if (quote) {
      if (c == '\\' && at + 1 < s.n) at++;
      else if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '(' || c == '[' || c == '{') {
      depth++;
    } else if (c == ')' || c == ']' || c == '}') {
      depth--;
    } else if (depth <= 0 && (c == ',' || c == '\n' || c == ';')) {
      break;
    }
  }
  return at;
}

static Src trimmed(const Src *src, size_t from, size_t to) {
  Str s = src->text;
  while (from < to && strchr(" \t\r\n", s.p[from])) from++;
  while (to > from && strchr(" \t\r\n", s.p[to - 1])) to--;
  return src_sub(src, from, to);
}

static Target *add_target(Binding *b, const Field *f, Err *e) {
  Import *im = b->im;
  Target *t = &im->target[im->ntarget++];
  *t = (Target){.name = f->name,
                .type = f->type,
                .from = -1,
                .minor = store_minor(im->s),
                .round = im->spec.round,
                .decimal = im->judge.decimal,
                .domain = f->domain};
  t->required = f->flags & CAT_REQUIRED;
  t->history = f->flags & CAT_HISTORY;
  t->day_number = im->orders && (f->flags & CAT_DAY);
  if (t->day_number) im->day = (int)im->ntarget - 1;
  im->assigns = im->assigns || t->history;
  if (f->values) t->domain = parse_domain(im, f->values);
  if (f->type == COL_REF) {
    if (!(t->refs = refs_of(im, f->ref, e))) return NULL;
    if (t->refs->ent == im->ent) im->self = t->refs;
  }
  return t;
}

static void take_column(Binding *b, Target *t, int column) {
  const Judged *judged = b->im->view.column[column].judged;
  t->from = column;
  t->dates = b->im->judge.dates ? b->im->judge.dates : judged->dates;
  t->dates_unsure = judged->unsure;
  b->used[column] = true;
}

static void mark_names(Binding *b, const Expr *x) {
  const Str *name;
  size_t n = expr_names(x, &name);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < b->im->view.ncol; k++)
      if (str_eq(b->im->view.column[k].name, name[i])) b->used[k] = true;
}

/* What the columns hold that a rule names: half of its mistakes are there. */
static void explain_columns(Binding *b, Str rule, Err *e) {
  const FileView *v = &b->im->view;
  Buf line = {0};
  for (size_t i = 0; i < v->ncol; i++) {
    Str name = v->column[i].name;
    if (!memmem(rule.p, rule.n, name.p, name.n)) continue;
    buf_clear(&line);
    judged_describe(v->column[i].judged, &line);
    err_todo(e, "%.*s is %s", STR_ARG(name), line.p);
  }
  buf_clear(&line);
  for (size_t i = 0; i < v->ncol; i++) buf_printf(&line, "%s%.*s", i ? ", " : "", STR_ARG(v->column[i].name));
  err_todo(e, "the file's columns, as rules name them: %s", line.p ? line.p : "");
  buf_free(&line);
}

static bool take_rule(Binding *b, Target *t, Src rule, Err *e) {
  const char *wants;
  t->rule = rules_expr(b->im->rules, NULL, rule, WANT_ANY, NULL, 0, e);
  if (!t->rule) {
    explain_columns(b, rule.text, e);
    return false;
  }
  TypeKind kind = expr_type(t->rule).kind;
  if (!target_accepts(t, kind, &wants)) {
    src_err(e, &rule, 0, rule.text.n, "%s is %s, but this is %s %s", t->name, wants,
            kind == T_NULL ? "" : "a", _(type_name(kind)));
    explain_columns(b, rule.text, e);
    return false;
  }
  mark_names(b, t->rule);
  return true;
}

/* Of two columns with one title neither is the one meant, until --map says which by number. */
static bool only_title(Binding *b, const Field *f, int column, Err *e) {
  const FileView *v = &b->im->view;
  Str title = v->column[column].title;
  for (size_t i = 0; i < v->ncol; i++) {
    if ((int)i == column || v->column[i].joined != v->column[column].joined || !str_eq(v->column[i].title, title))
      continue;
    size_t one = v->column[column].at + 1u, other = v->column[i].at + 1u;
    if (one > other) {
      size_t swap = one;
      one = other;
      other = swap;
    }
    err_set(e, ERR_FAIL, "two columns are called %.*s: the %zu. and the %zu.", STR_ARG(title), one, other);
    err_at(e, v->column[column].joined ? b->im->join.file.path : b->im->file.path, 1, 0);
    return err_todo(e, "say which one is meant: --map \"%s = c%zu\" or --map \"%s = c%zu\"", f->name, one, f->name,
                    other);
  }
  return true;
}

static bool map_item(Binding *b, const Src *src, Err *e) {
  Str s = src->text;
  size_t eq = 0;
  while (eq < s.n && s.p[eq] != '=') eq++;
  Src name = trimmed(src, 0, eq), rule = trimmed(src, eq < s.n ? eq + 1 : s.n, s.n);
  if (eq == s.n || !name.text.n || !rule.text.n) {
    src_err(e, src, 0, s.n, "this maps nothing");
    return err_todo(e, "write field = column, or field = rule over the columns");
  }
  Field *f = find_field(b, name.text);
  if (!f) return unknown_field(b, &name, e);
  if (f->named) return src_err(e, &name, 0, name.text.n, "%s is mapped twice", f->name);
  f->named = true;
  if (str_is(rule.text, "null")) return true; /* leave it alone, whatever columns there are */
  Target *t = add_target(b, f, e);
  if (!t) return false;
  int column = fileview_column(&b->im->view, rule.text);
  if (column < 0) return take_rule(b, t, rule, e);
  if (str_eq(b->im->view.column[column].title, rule.text) && !only_title(b, f, column, e)) return false;
  take_column(b, t, column);
  return true;
}

static bool map_text(Binding *b, const char *text, Err *e) {
  Src src = {.text = str_of(text), .file = "--map", .line = 1, .col = 1};
  for (size_t at = 0; at < src.text.n;) {
    size_t end = item_end(src.text, at);
    Src item = trimmed(&src, at, end);
    if (item.text.n && !map_item(b, &item, e)) return false;
    at = end + 1;
  }
  return true;
}

/* Columns that have a field's name, or another that is known for it, map by themselves. */
static bool map_by_name(Binding *b, Err *e) {
  Import *im = b->im;
  for (size_t i = 0; i < b->nfield; i++) {
    const Field *f = &b->field[i];
    int best = 0, column = -1;
    for (size_t k = 0; !f->named && k < im->view.ncol; k++) {
      int fit = import_name_fits(im->ent, f->name, im->view.column[k].title);
      if (fit > best) best = fit, column = (int)k;
    }
    if (column < 0) continue;
    if (!only_title(b, f, column, e)) return false;
    Target *t = add_target(b, f, e);
    if (!t) return false;
    take_column(b, t, column);
  }
  return true;
}

/* --- what has to be there ------------------------------------------------------------ */

static Target *find_target(Import *im, const char *name) {
  for (size_t i = 0; i < im->ntarget; i++)
    if (!strcmp(im->target[i].name, name)) return &im->target[i];
  return NULL;
}

/* A column of the file that may be meant: of dates for a day, "cust" or 客户 in its title for an account. */
static Str likely_column(const Import *im, const Field *f) {
  for (size_t i = 0; i < im->view.ncol; i++) {
    const ViewColumn *c = &im->view.column[i];
    if (f->type == COL_DATE && (c->judged->kind == JUDGED_DATE || c->judged->dates)) return c->title;
    if ((f->flags & CAT_KEY) && i == 0) return c->title;
    bool account = f->ref && !strcmp(f->ref, "account");
    if (account &&
        (strcasestr(c->title.p, "cust") || strcasestr(c->title.p, "acc") || strstr(c->title.p, "客户")))
      return c->title;
  }
  return STR("…");
}

static bool check_required(Binding *b, Err *e) {
  Import *im = b->im;
  Buf missing = {0}, map = {0}, columns = {0};
  for (size_t i = 0; i < b->nfield; i++) {
    const Field *f = &b->field[i];
    if (!(f->flags & CAT_REQUIRED) || find_target(im, f->name)) continue;
    buf_printf(&missing, "%s%s", missing.n ? ", " : "", f->name);
    Str likely = likely_column(im, f);
    buf_printf(&map, "%s%s = %.*s", map.n ? ", " : "", f->name, STR_ARG(likely));
  }
  bool ok = missing.n == 0;
  if (!ok) {
    for (size_t i = 0; i < im->view.ncol; i++)
      buf_printf(&columns, "%s%.*s", i ? ", " : "", STR_ARG(im->view.column[i].title));
    err_set(e, ERR_FAIL, "no column of it fills %s, which every row of %s needs", missing.p, im->ent->name);
    err_at(e, im->file.path, im->file.header ? 1 : 0, 0);
    err_todo(e, "its columns: %s", columns.p ? columns.p : _("(none)"));
    if (!im->file.header)
      err_todo(e, "its first line looks like data; if it is the heading, say so: --header yes");
    err_todo(e, "say which is which: --map \"%s\"", map.p);
  }
  buf_free(&missing);
  buf_free(&map);
  buf_free(&columns);
  return ok;
}

static bool bind_key(Binding *b, Err *e) {
  Import *im = b->im;
  const CatColumn *own = catalog_key(im->ent);
  Str rest = str_of(im->spec.key);
  for (bool more = im->spec.key != NULL; more; more = rest.p != NULL) {
    Str name = str_trim(str_split(rest, ',', &rest));
    Src src = {.text = name, .file = "--key", .line = 1, .col = 1};
    Field *f = find_field(b, name);
    if (!f) return unknown_field(b, &src, e);
    Target *t = find_target(im, f->name);
    if (!t) {
      err_set(e, ERR_USAGE, "--key: no column of %s fills %s", im->file.path, f->name);
      return err_todo(e, "say which does: --map \"%s = …\"", f->name);
    }
    if (!t->key) im->nkey++;
    t->key = t->required = true;
  }
  if (!im->spec.key && own) {
    Target *t = find_target(im, own->name);
    if (t) t->key = true, im->nkey = 1;
  }
  im->own_key = im->nkey == 1 && own && find_target(im, own->name) && find_target(im, own->name)->key;
  return true;
}

static bool can_create(const CatEntity *ent, Err *e) {
  for (size_t i = 0; i < ent->ncol; i++)
    if ((ent->col[i].flags & CAT_REQUIRED) && !(ent->col[i].flags & CAT_KEY)) {
      err_set(e, ERR_USAGE, "--create: a %s cannot be made from its %s alone", ent->name,
              catalog_key(ent) ? catalog_key(ent)->name : "key");
      return err_todo(e, "it needs %s too: import it from a file of its own", ent->col[i].name);
    }
  return true;
}

static bool bind_create(Import *im, Err *e) {
  for (const char *const *p = im->spec.create; p && *p; p++)
    for (Str rest = str_of(*p); rest.p;) {
      Str name = str_trim(str_split(rest, ',', &rest));
      const CatEntity *ent = catalog_entity(name);
      Refs *r = NULL;
      for (size_t i = 0; ent && i < im->nrefs; i++)
        if (im->refs[i].ent == ent) r = &im->refs[i];
      if (!r) {
        err_set(e, ERR_USAGE, "--create %.*s: no column that is imported refers to %.*s", STR_ARG(name),
                STR_ARG(name));
        for (size_t i = 0; i < im->nrefs; i++) err_todo(e, "there is --create %s", im->refs[i].ent->name);
        return false;
      }
      if (!can_create(ent, e)) return false;
      r->create = r != im->self;
    }
  return true;
}

static void add_alias(Import *im, Target *t, Str from, Str to) {
  struct TargetAlias *list = arena_alloc(&im->arena, (t->nalias + 1) * sizeof *list);
  if (t->nalias) memcpy(list, t->alias, t->nalias * sizeof *list);
  list[t->nalias++] = (struct TargetAlias){from, to};
  t->alias = list;
}

typedef struct Merged { Import *im; Target *key; } Merged;

static bool merged_code(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  Merged *m = ctx;
  if (val[1].t == V_TEXT)
    add_alias(m->im, m->key, val_str(val_copy(val[0], &m->im->arena)), val_str(val_copy(val[1], &m->im->arena)));
  return true;
}

/* The code of a row that was merged into another means that one, whatever the file says of it. */
static bool bind_merged(Import *im, Err *e) {
  const CatColumn *key = catalog_key(im->ent);
  Merged m = {im, key ? find_target(im, key->name) : NULL};
  if (!m.key) return true;
  Val bind = val_text(str_of(im->ent->name));
  char *sql = arena_printf(&im->arena, "SELECT a.code, t.%s FROM alias a JOIN %s t ON t.id = a.row WHERE a.entity = ?1"
                           " ORDER BY a.id", key->name, im->ent->table);
  return store_query(im->s, sql, &bind, 1, merged_code, &m, e);
}

static bool bind_aliases(Import *im, Err *e) {
  for (const char *const *p = im->spec.alias; p && *p; p++) {
    Str to, from, field = str_trim(str_split(str_of(*p), ':', &from));
    Target *t = NULL;
    if (from.p) from = str_split(from, '=', &to);
    for (size_t i = 0; i < im->ntarget; i++)
      if (str_is(field, im->target[i].name)) t = &im->target[i];
    if (!t || !from.p || !to.p) {
      err_set(e, ERR_USAGE, "--alias \"%s\" names no field that is imported", *p);
      return err_todo(e, "write --alias \"field: what the file says = what it means\"");
    }
    add_alias(im, t, str_trim(from), str_trim(to));
  }
  return bind_merged(im, e);
}

/* --- all of it ------------------------------------------------------------------------- */

static bool bind_where(Binding *b, Err *e) {
  Import *im = b->im;
  if (!im->spec.where) return true;
  Src src = {.text = str_of(im->spec.where), .file = "--where", .line = 1, .col = 1};
  im->where = rules_expr(im->rules, NULL, src, WANT_CONDITION, NULL, 0, e);
  if (!im->where) {
    explain_columns(b, src.text, e);
    return false;
  }
  mark_names(b, im->where);
  return true;
}

static bool load_join(Binding *b, Err *e) {
  Import *im = b->im;
  if (!im->joined) return true;
  bool *wanted = arena_zalloc(&im->arena, im->join.file.ncol + 1, sizeof *wanted);
  for (size_t i = 0; i < im->view.ncol; i++)
    if (im->view.column[i].joined && b->used[i]) wanted[im->view.column[i].at] = true;
  return join_load(&im->join, wanted, e);
}

bool import_bind(Import *im, Err *e) {
  Binding b = {.im = im};
  collect_fields(&b);
  b.used = arena_zalloc(&im->arena, im->view.ncol + 1, sizeof *b.used);
  im->used = b.used;
  im->target = arena_zalloc(&im->arena, b.nfield + 1, sizeof *im->target);
  im->rules = rules_new(&im->view.host, DIALECT_RULES, "import", "row");
  if (!rules_check(im->rules, e)) return false;
  for (const char *const *p = im->spec.map; p && *p; p++)
    if (!map_text(&b, *p, e)) return false;
  return map_by_name(&b, e) && check_required(&b, e) && bind_key(&b, e) && bind_create(im, e) &&
         bind_aliases(im, e) && bind_where(&b, e) && load_join(&b, e);
}
