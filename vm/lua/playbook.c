#include "lua/playbook.h"

#include "base/num.h"
#include "feel/window.h"
#include "lua/header.h"
#include "lua/namespace.h"

#include <string.h>

bool playbook_load(const char *path, Playbook **out, Err *e) {
  Header *h;
  if (!header_read(path, &h, e)) return false;
  if (h->kind == TESTS) {
    header_free(h);
    err_set(e, ERR_FAIL, "%s holds tests, no playbook", path);
    return err_todo(e, "run them with pareto test");
  }
  Playbook *p = mem_zalloc(1, sizeof *p);
  p->header = h;
  *out = p;
  return true;
}

void playbook_free(Playbook *p) {
  if (!p) return;
  namespace_drop(p);
  for (size_t i = 0; i < p->nset; i++) {
    mem_free(p->set[i].name);
    mem_free(p->set[i].text);
  }
  mem_free(p->set);
  for (size_t i = 0; i < p->nstand; i++) {
    mem_free(p->stand[i].name);
    mem_free(p->stand[i].text);
  }
  mem_free(p->stand);
  header_free(p->header);
  mem_free(p->called);
  mem_free(p->ask_code);
  mem_free(p->ask_day);
  mem_free(p);
}

PlaybookKind playbook_kind(const Playbook *p) { return p->header->kind; }
const char *playbook_name(const Playbook *p) { return p->header->name; }
const char *playbook_path(const Playbook *p) { return p->header->path; }
const char *playbook_title(const Playbook *p) { return p->header->title ? p->header->title : p->header->name; }
const char *playbook_about(const Playbook *p) { return p->header->about ? p->header->about : ""; }
const char *playbook_every(const Playbook *p) { return p->header->every; }
const char *playbook_catch_up(const Playbook *p) { return p->header->catch_up; }
Str playbook_source(const Playbook *p) { return buf_view(&p->header->source); }
double playbook_max_percent(const Playbook *p) { return p->header->max_percent; }
int64_t playbook_max_changes(const Playbook *p) { return p->header->max_changes; }
Rules *playbook_rules(const Playbook *p) { return p->rules; }
Src playbook_backtest(const Playbook *p) { return p->header->backtest; }

static const char *const *list(const char **l) {
  static const char *const EMPTY[] = {NULL};
  return l ? l : EMPTY;
}
const char *const *playbook_tags(const Playbook *p) { return list(p->header->tags); }
const char *const *playbook_writes(const Playbook *p) { return list(p->header->writes); }
const char *const *playbook_grants(const Playbook *p) { return list(p->header->grants); }

bool playbook_set_arg(Playbook *p, const char *name, const char *text, Err *e) {
  if (p->rules && !rules_set_arg(p->rules, str_of(name), str_of(text), e)) return false;
  mem_grow(p->set, p->setcap, p->nset + 1);
  p->set[p->nset++] = (SetArg){mem_strdup(name), mem_strdup(text)};
  return true;
}

void playbook_vary(Playbook *p, VaryKind kind, const char *name, const char *text) {
  mem_grow(p->stand, p->capstand, p->nstand + 1);
  p->stand[p->nstand++] = (Stand){kind, mem_strdup(name), mem_strdup(text), false};
}

/* A value so that the same value always reads the same: 15%, 12m, 2026-11-01. */
static void arg_value(const ArgInfo *arg, Buf *out) {
  Arena a = {0};
  Val v = arg->val;
  if (v.t == V_NULL) {
    buf_str(out, arg->text.n ? arg->text : STR("null"));
  } else if (val_is_num(v) && arg->unit == UNIT_PERCENT) {
    num_print(num_mul(v, val_int(100), &a), out);
    buf_char(out, '%');
  } else if (v.t == V_WINDOW || v.t == V_MONTHS || (v.t == V_SECS && v.u.i % 86400 == 0)) {
    window_print(v, out);
  } else if (v.t == V_TEXT) {
    buf_char(out, '\'');
    buf_str(out, val_str(v));
    buf_char(out, '\'');
  } else {
    fmt_data(v, out);
  }
  arena_free(&a);
}

void playbook_args_text(const Playbook *p, Buf *out) {
  const ArgInfo *arg = NULL;
  size_t n = p->rules ? rules_arg_list(p->rules, &arg) : 0;
  for (size_t i = 0; i < n; i++) {
    if (i) buf_char(out, ' ');
    buf_str(out, arg[i].name);
    buf_char(out, '=');
    arg_value(&arg[i], out);
  }
}

typedef struct Books {
  Arena *a;
  RunBook *list;
  size_t n, cap;
} Books;

/* False: one of this name is there. */
static bool add_book(Books *b, const char *name, Str source) {
  for (size_t i = 0; i < b->n; i++)
    if (strcmp(b->list[i].name, name) == 0) return false;
  mem_grow(b->list, b->cap, b->n + 1);
  b->list[b->n++] = (RunBook){name, source};
  return true;
}

/* The files that hold tables, under their last names; a workbook as the CSV that it was read as. */
static void add_tables(const Playbook *p, Books *b) {
  const Header *h = p->header;
  for (size_t i = 0; i < h->ntable; i++) {
    const HeaderTable *t = &h->table[i];
    if (!t->csv && !t->dmn) continue;
    const char *slash = strrchr(t->grid.file, '/'), *name = slash ? slash + 1 : t->grid.file;
    Str s = str_of(name);
    bool plain = t->dmn || (s.n > 4 && memcmp(s.p + s.n - 4, ".csv", 4) == 0);
    add_book(b, plain ? name : arena_printf(b->a, "%s.csv", name), t->grid.text);
  }
}

static void add_books(const Playbook *p, Books *b) {
  add_tables(p, b);
  for (size_t i = 0; i < p->nused; i++) {
    const Playbook *book = p->used[i];
    if (add_book(b, book->header->name, playbook_source(book))) add_books(book, b);
  }
}

size_t playbook_books(const Playbook *p, Arena *a, RunBook **out) {
  Books b = {.a = a};
  add_books(p, &b);
  *out = arena_zalloc(a, b.n + 1, sizeof **out);
  if (b.n) memcpy(*out, b.list, b.n * sizeof **out);
  mem_free(b.list);
  return b.n;
}
