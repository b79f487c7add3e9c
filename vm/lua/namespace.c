#include "lua/namespace.h"

#include "base/lang.h"

#include "feel/backtest.h"
#include "lua/find.h"
#include "run/recall.h"

#include <string.h>
#include <unistd.h>

enum { FIELDS_MOST = 200 };

void namespace_drop(Playbook *p) {
  rules_free(p->rules);
  p->rules = NULL;
  for (size_t i = 0; i < p->nbook; i++) playbook_free(p->book[i]);
  mem_free(p->book);
  mem_free(p->used);
  p->book = p->used = NULL;
  p->nbook = p->capbook = p->nused = 0;
}

bool namespace_find(const Header *h, const char *name, Buf *path, Err *e) {
  buf_str(path, find_folder(h->path));
  buf_printf(path, "%s.lua", name);
  if (access(path->p, R_OK) == 0) return true;
  buf_clear(path);
  return playbook_find(name, path, e);
}

static bool check_deep(Playbook *p, Store *s, Err *e);

/* Args of a rulebook are one for the whole company: pareto set kam.red 60%. */
static bool company_values(Playbook *book, Store *s, Err *e) {
  const ArgInfo *arg;
  size_t n = rules_arg_list(book->rules, &arg);
  Arena a = {0};
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++) {
    Str value;
    ok = store_setting_dated(s, arena_printf(&a, "%s.%.*s", book->header->name, STR_ARG(arg[i].name)), &a, &value, e) &&
         (!value.p || rules_set_arg(book->rules, arg[i].name, value, e));
  }
  arena_free(&a);
  return ok;
}

/* --- what stands in for something (playbook_vary) ---------------------------------- */

/* "kam.cadence" of a rulebook, "kind" of the playbook itself. */
static Stand *stand_for(Playbook *p, VaryKind kind, Str name) {
  Playbook *root = p->root ? p->root : p;
  for (size_t i = 0; i < root->nstand; i++) {
    Stand *s = &root->stand[i];
    Str full = str_of(s->name), book = str_of(p->header->name);
    if (s->kind != kind) continue;
    if (kind != VARY_BOOK && p->root) {
      if (full.n <= book.n || !str_starts(full, p->header->name) || full.p[book.n] != '.') continue;
      full = str_sub(full, book.n + 1, full.n);
    }
    if (!str_eq(full, name)) continue;
    s->met = true;
    return s;
  }
  return NULL;
}

static bool varied_args(Playbook *book, Err *e) {
  const ArgInfo *arg;
  size_t n = rules_arg_list(book->rules, &arg);
  for (size_t i = 0; i < n; i++) {
    const Stand *s = stand_for(book, VARY_ARG, arg[i].name);
    if (s && !rules_set_arg(book->rules, arg[i].name, str_of(s->text), e)) return false;
  }
  return true;
}

enum { NAMES_MOST = 500 };

static size_t add_names(const Playbook *p, VaryKind kind, bool own, Arena *a, Str *list, size_t n) {
  const ArgInfo *arg;
  const TableInfo *const *table;
  size_t narg = kind == VARY_ARG && !own ? rules_arg_list(p->rules, &arg) : 0;
  size_t ntable = kind == VARY_TABLE ? rules_table_list(p->rules, &table) : 0;
  for (size_t i = 0; i < narg && n < NAMES_MOST; i++)
    list[n++] = str_of(arena_printf(a, "%s.%.*s", p->header->name, STR_ARG(arg[i].name)));
  for (size_t i = 0; i < ntable && n < NAMES_MOST; i++)
    list[n++] = own ? table[i]->name : str_of(arena_printf(a, "%s.%.*s", p->header->name, STR_ARG(table[i]->name)));
  if (kind == VARY_BOOK && !own && n < NAMES_MOST) list[n++] = str_of(p->header->name);
  return n;
}

/* The nearest of the names that could have been meant. */
static bool suggest_stand(const Playbook *p, const Stand *s, Err *e) {
  Arena a = {0};
  Str *list = arena_alloc(&a, NAMES_MOST * sizeof *list);
  size_t n = add_names(p, s->kind, true, &a, list, 0);
  for (size_t i = 0; i < p->nbook; i++) n = add_names(p->book[i], s->kind, false, &a, list, n);
  src_suggest(e, str_of(s->name), list, n);
  arena_free(&a);
  return false;
}

static bool all_met(const Playbook *p, Err *e) {
  static const char *const what[] = {N_("arg of a rulebook"), "table", "rulebook"};
  for (size_t i = 0; i < p->nstand; i++)
    if (!p->stand[i].met) {
      err_set(e, ERR_USAGE, "it uses no %s %s", _(what[p->stand[i].kind]), p->stand[i].name);
      return suggest_stand(p, &p->stand[i], e);
    }
  return true;
}

/* Another file's grid in place of the header's. */
static bool varied_table(Playbook *p, const HeaderTable *t, const Stand *s, Err *e) {
  Buf text = {0};
  Str path = str_of(s->text);
  Str end = path.n > 4 ? str_sub(path, path.n - 4, path.n) : path;
  bool ok = find_table(s->text, &text, e);
  Src grid = {.text = buf_view(&text), .file = s->text, .line = 1, .col = 1};
  ok = ok && (find_is_csv(s->text)  ? rules_table_csv(p->rules, t->name, t->of, grid, e)
              : str_is(end, ".dmn") ? rules_table_dmn(p->rules, t->name, t->of, grid, e)
                                    : rules_table(p->rules, t->name, t->of, grid, e));
  buf_free(&text);
  return ok;
}

/* --- rulebooks ---------------------------------------------------------------------- */

static bool at_uses(const Playbook *p, Err *e) {
  const Key *at = scan_key(&p->header->scan, STR("uses"));
  return err_at(e, p->header->path, at ? at->line : 0, at ? at->col : 0);
}

static const char *called(const Playbook *p) { return p->called ? p->called : p->header->name; }

/* kam -> prices -> kam */
static bool ring(const Playbook *p, const char *name, Err *e) {
  const Playbook *chain[64];
  size_t n = 0;
  const Playbook *at = p;
  do {
    chain[n++] = at;
  } while (strcmp(called(at), name) != 0 && (at = at->asker) && n < 64);
  Buf b = {0};
  while (n-- > 0) buf_printf(&b, "%s -> ", called(chain[n]));
  err_set(e, ERR_FAIL, "rulebook %s uses itself: %s%s", name, b.p ? b.p : "", name);
  buf_free(&b);
  at_uses(p, e);
  return err_todo(e, "what both need belongs into a rulebook of its own");
}

/* The rulebook that is called so among those already met; *waiting: it is being checked, for somebody. */
static Playbook *met_book(Playbook *root, const Playbook *p, const char *name, bool *waiting) {
  *waiting = false;
  const Playbook *at = p;
  do *waiting |= strcmp(called(at), name) == 0;
  while ((at = at->asker));
  for (size_t i = 0; i < root->nbook; i++)
    if (strcmp(root->book[i]->called, name) == 0) return root->book[i];
  return NULL;
}

static bool load_book(Playbook *p, const char *name, Playbook **out, Err *e) {
  Playbook *root = p->root ? p->root : p, *book = NULL;
  Buf path = {0};
  const Stand *stand = stand_for(p, VARY_BOOK, str_of(name));
  if (stand) buf_puts(&path, stand->text);
  bool ok = (stand || namespace_find(p->header, name, &path, e)) && playbook_load(path.p, &book, e);
  buf_free(&path);
  if (!ok) return false;
  mem_grow(root->book, root->capbook, root->nbook + 1);
  root->book[root->nbook++] = book;
  book->root = root;
  book->called = mem_strdup(name);
  *out = book;
  if (book->header->kind == RULEBOOK) return true;
  return err_set(e, ERR_FAIL, "%s is a playbook; uses takes rulebooks, whose rules may be shared", name);
}

static bool use_one(Playbook *p, const char *name, Store *s, Err *e) {
  bool waiting;
  if (strchr(name, '/')) {
    err_set(e, ERR_FAIL, "uses names rulebooks, not files: \"%s\"", name);
    return at_uses(p, e);
  }
  Playbook *book = met_book(p->root ? p->root : p, p, name, &waiting);
  if (waiting) return ring(p, name, e);
  if (!book) {
    if (!load_book(p, name, &book, e)) return at_uses(p, e);
    book->asker = p;
    bool ok = check_deep(book, s, e) && company_values(book, s, e) && varied_args(book, e);
    book->asker = NULL;
    if (!ok) return false;
  }
  p->used[p->nused++] = book;
  return rules_use(p->rules, book->rules, e);
}

static bool use_all(Playbook *p, Store *s, Err *e) {
  const char **uses = p->header->uses;
  size_t n = 0;
  while (uses && uses[n]) n++;
  if (!n) return true;
  p->used = mem_zalloc(n, sizeof *p->used);
  for (size_t i = 0; i < n; i++)
    if (!use_one(p, uses[i], s, e)) return false;
  return true;
}

/* A table refused for what its file looks like: what was decided by the one before stands. */
static bool refused(const Playbook *p, Store *s, const HeaderTable *t, Err *e) {
  if (!t->csv || !e->left || e->line) return false;
  Arena a = {0};
  Err none = {0};
  Str day = {0};
  if (recall_version(s, str_of(p->header->name), str_of(t->name), &a, &day, &none) && day.n) {
    Buf left = {0};
    buf_say(&left, "%s; the version of %.*s stays in force", e->left, STR_ARG(day));
    mem_free(e->left);
    e->left = buf_take(&left);
  }
  err_free(&none);
  arena_free(&a);
  return false;
}

static bool add_tables(Playbook *p, Store *s, Err *e) {
  const Header *h = p->header;
  for (size_t i = 0; i < h->ntable; i++) {
    const HeaderTable *t = &h->table[i];
    const Stand *stand = stand_for(p, VARY_TABLE, str_of(t->name));
    if (stand) {
      if (!varied_table(p, t, stand, e)) return false;
      continue;
    }
    bool ok = t->dmn   ? rules_table_dmn(p->rules, t->name, t->of, t->grid, e)
              : t->csv ? rules_table_csv(p->rules, t->name, t->of, t->grid, e)
                     : rules_table(p->rules, t->name, t->of, t->grid, e);
    if (!ok) return refused(p, s, t, e);
  }
  return true;
}

static bool define(Playbook *p, Store *s, Err *e) {
  const Header *h = p->header;
  Rules *r = p->rules;
  if (h->args.text.n && !rules_args(r, h->args, e)) return false;
  if (h->fields.text.n && !rules_fields(r, h->fields, e)) return false;
  if (h->metrics.text.n && !rules_metrics(r, h->metrics, e)) return false;
  if (!add_tables(p, s, e)) return false;
  for (size_t i = 0; i < h->nscore; i++)
    if (!rules_score(r, &h->score[i].spec, h->score[i].of, e)) return false;
  if (h->scope.text.n && !rules_scope(r, h->scope, e)) return false;
  for (const char **name = h->publish; name && *name; name++)
    if (!rules_publish(r, str_of(*name))) return false;
  return rules_check(r, e);
}

/* "account.tier" in writes: the tables that fill it give what a field takes. */
static bool fills(Playbook *p, Err *e) {
  for (const char **w = p->header->writes; w && *w; w++) {
    Str field, entity = str_split(str_of(*w), '.', &field);
    if (field.p && !rules_fills(p->rules, entity, field, e)) return false;
  }
  return true;
}

static bool known_entity(const Header *h, Err *e) {
  if (!h->of || catalog_entity(str_of(h->of))) return true;
  Str name[64];
  size_t n = 0;
  for (const CatEntity *c; n < 64 && (c = catalog_at(n)); n++) name[n] = str_of(c->name);
  const Key *at = scan_key(&h->scan, STR("of"));
  err_set(e, ERR_FAIL, "there is no entity %s", h->of);
  src_suggest(e, str_of(h->of), name, n);
  return err_at(e, h->path, at ? at->line : 0, at ? at->col : 0);
}

static size_t add_figures(const Rules *r, Str *list, size_t most) {
  const MetricInfo *metric;
  const TableInfo *const *score;
  size_t n = 0, nmetric = rules_metric_list(r, &metric), nscore = rules_score_list(r, &score);
  for (size_t i = 0; i < nmetric && n < most; i++) list[n++] = metric[i].name;
  for (size_t i = 0; i < nscore && n < most; i++) list[n++] = score[i]->name;
  return n;
}

/* Every name in publish has to be a metric or a score, of ours or of a rulebook we use. */
static bool known_published(Playbook *p, Err *e) {
  enum { FIGURES_MOST = 2000 };
  if (!p->header->publish) return true;
  Str *figure = mem_alloc(FIGURES_MOST * sizeof *figure);
  size_t n = add_figures(p->rules, figure, FIGURES_MOST);
  for (size_t i = 0; i < p->nbook; i++) n += add_figures(p->book[i]->rules, figure + n, FIGURES_MOST - n);
  const char **name = p->header->publish;
  for (bool known = true; *name; name++) {
    known = false;
    for (size_t i = 0; i < n && !known; i++) known = str_is(figure[i], *name);
    if (known) continue;
    const Key *at = scan_key(&p->header->scan, STR("publish"));
    err_set(e, ERR_FAIL, "publish names %s, which is no metric or score of this playbook", *name);
    src_suggest(e, str_of(*name), figure, n);
    err_at(e, p->header->path, at ? at->line : 0, at ? at->col : 0);
    break;
  }
  mem_free(figure);
  return !*name;
}

static bool check_deep(Playbook *p, Store *s, Err *e) {
  const Header *h = p->header;
  namespace_drop(p);
  if (h->kind == CHAIN) return chain_check(p, s, e);
  if (h->unsupported) {
    err_set(e, ERR_FAIL, "%s are not supported by this version", h->unsupported);
    return err_at(e, h->path, h->unsupported_line, 0);
  }
  if (!known_entity(h, e)) return false;
  p->rules = rules_new(store_host(s), DIALECT_RULES, h->name, h->of ? h->of : "account");
  if (!use_all(p, s, e) || !define(p, s, e) || !fills(p, e) || !known_published(p, e)) return false;
  if (h->kind == RULEBOOK && !p->root && !company_values(p, s, e)) return false; /* asked about by itself */
  for (size_t i = 0; i < p->nset; i++)
    if (!rules_set_arg(p->rules, str_of(p->set[i].name), str_of(p->set[i].text), e)) return false;
  return true;
}

static bool check_backtest(const Playbook *p, Err *e) {
  Backtest ignored;
  return !p->header->backtest.text.n || rules_backtest(p->rules, p->header->backtest, &ignored, e);
}

bool playbook_check(Playbook *p, Store *s, Err *e) {
  if (check_deep(p, s, e) && check_backtest(p, e) && all_met(p, e)) return true;
  err_at(e, p->header->path, 0, 0);
  return false;
}

static bool add_fields(Playbook *p, Store *s, bool *any, Err *e) {
  for (size_t i = 0; i < p->nused; i++)
    if (!add_fields(p->used[i], s, any, e)) return false;
  const FieldInfo *field;
  size_t n = rules_field_list(p->rules, &field);
  if (n > FIELDS_MOST) {
    err_set(e, ERR_FAIL, "%s adds %zu fields; %d columns are the most a playbook may add", p->header->name, n, FIELDS_MOST);
    return err_at(e, p->header->path, p->header->fields.line, 0);
  }
  Arena a = {0};
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++) {
    const FieldInfo *f = &field[i];
    ok = store_add_field(s, arena_strndup(&a, f->entity.p, f->entity.n), arena_strndup(&a, f->name.p, f->name.n), f->type,
                         arena_strndup(&a, f->about.p ? f->about.p : "", f->about.n), e) &&
         store_field_range(s, arena_strndup(&a, f->entity.p, f->entity.n), arena_strndup(&a, f->name.p, f->name.n),
                           f->low, f->high, e);
  }
  *any = *any || n > 0;
  arena_free(&a);
  return ok;
}

bool namespace_ready(Playbook *p, Store *s, Err *e) {
  bool any = false;
  if (!playbook_check(p, s, e) || !add_fields(p, s, &any, e)) return false;
  return !any || playbook_check(p, s, e);
}
