#include "verb/decide_input.h"

#include "base/lang.h"

#include "store/csv.h"
#include "verb/decide_file.h"
#include "verb/decide_json.h"

#include <string.h>

typedef struct Gather {
  const Dmn *m;
  const DmnItem *const *need;
  size_t nneed;
  const DmnItem **item; /* inputs that may be given */
  size_t nitem;
  const char *file;
  Arena *a;
  Err *e;
  DecideInputs *out;
  DecideRow *row;
  size_t cap;
} Gather;

typedef struct Case { /* one row being filled */
  Val *value;
  bool *given;
} Case;

static void list_items(Gather *g) {
  const DmnItem *const *all;
  size_t n = dmn_items(g->m, &all);
  g->item = arena_zalloc(g->a, n + g->nneed + 1, sizeof(DmnItem *));
  for (size_t i = 0; i < g->nneed; i++) g->item[g->nitem++] = g->need[i];
  for (size_t i = 0; i < n; i++) {
    bool known = dmn_kind(all[i]) != DMN_INPUT;
    for (size_t k = 0; k < g->nneed; k++) known |= g->need[k] == all[i];
    if (!known) g->item[g->nitem++] = all[i];
  }
}

static Case case_new(Gather *g) {
  return (Case){arena_zalloc(g->a, g->nitem + 1, sizeof(Val)),
                arena_zalloc(g->a, g->nitem + 1, sizeof(bool))};
}

/* The input that `name` begins with; *path is what stands behind its dot. The longest name is meant. */
static size_t find_input(const Gather *g, Str name, Str *path) {
  size_t found = SIZE_MAX, longest = 0;
  for (size_t i = 0; i < g->nitem; i++) {
    Str own = dmn_item_name(g->item[i]);
    bool fits =
      name.n >= own.n && memcmp(name.p, own.p, own.n) == 0 && (name.n == own.n || name.p[own.n] == '.');
    if (!fits || own.n <= longest) continue;
    found = i;
    longest = own.n;
    *path = name.n > own.n ? str_sub(name, own.n + 1, name.n) : (Str){0};
  }
  return found;
}

static bool unknown(const Gather *g, Str name) {
  Str *names = arena_zalloc(g->a, g->nitem + 1, sizeof *names);
  for (size_t i = 0; i < g->nitem; i++) names[i] = dmn_item_name(g->item[i]);
  err_set(g->e, ERR_USAGE, "the model has no input %.*s", STR_ARG(name));
  src_suggest(g->e, name, names, g->nitem);
  if (g->e->todo) return false;
  Buf list = {0};
  for (size_t i = 0; i < g->nitem; i++) buf_printf(&list, "%s%.*s", i ? ", " : "", STR_ARG(names[i]));
  err_todo(g->e, g->nitem ? "its inputs: %.*s" : N_("it has none"), STR_ARG(buf_view(&list)));
  buf_free(&list);
  return false;
}

static bool put_text(Gather *g, Case *c, size_t i, Str path, Str name, Str text) {
  const StdType *t = decide_at(dmn_item_type(g->item[i]), dmn_item_name(g->item[i]), path, g->e);
  Val v;
  if (!t || !decide_text(t, name, text, g->a, &v, g->e)) return false;
  c->given[i] = true;
  return decide_put(dmn_item_type(g->item[i]), dmn_item_name(g->item[i]), path, v, g->a, &c->value[i], g->e);
}

static bool put_given(Gather *g, Case *c, char **given, size_t n) {
  for (size_t i = 0; i < n; i++) {
    Str path, text, name = str_trim(str_split(str_of(given[i]), '=', &text));
    if (!text.p) {
      err_set(g->e, ERR_USAGE, "'%s' is no input: write NAME=VALUE", given[i]);
      return false;
    }
    size_t at = find_input(g, name, &path);
    if (at == SIZE_MAX) return unknown(g, name);
    for (size_t k = 0; k < i; k++) {
      Str rest, before = str_trim(str_split(str_of(given[k]), '=', &rest));
      if (!str_eq(before, name)) continue;
      err_set(g->e, ERR_USAGE, "input %.*s is given twice: %s and %s", STR_ARG(name), given[k], given[i]);
      return false;
    }
    if (!put_text(g, c, at, path, name, text)) return false;
  }
  return true;
}

/* A row is whole when nothing that is needed is missing. `odd`: names in the file that are no inputs. */
static bool finish(Gather *g, Case *c, const char *where, const Str *odd, size_t nodd) {
  for (size_t i = 0; i < g->nitem; i++) {
    Str name = dmn_item_name(g->item[i]);
    if (i < g->nneed && !c->given[i]) {
      err_set(g->e, ERR_USAGE, "input %.*s is missing", STR_ARG(name));
      for (size_t k = 0; k < nodd; k++)
        if (str_distance(odd[k], name, 2) <= 2)
          err_todo(g->e, "is the column %.*s meant to be it?", STR_ARG(odd[k]));
      return false;
    }
    if (c->given[i] && !decide_whole(dmn_item_type(g->item[i]), name, c->value[i], g->e)) return false;
    if (!c->given[i]) c->value[i] = (Val){.t = V_NULL};
  }
  mem_grow(g->row, g->cap, g->out->nrow + 1);
  g->row[g->out->nrow++] = (DecideRow){c->value, where};
  return true;
}

/* --- JSON */

static bool json_case(Gather *g, Val v, const char *where, char **given, size_t ngiven) {
  if (v.t != V_CONTEXT) {
    err_set(g->e, ERR_USAGE, "a case is an object with a name for every input, not %s", standard_kind(v));
    return false;
  }
  const ValContext *in = v.u.p;
  Case c = case_new(g);
  for (size_t k = 0; k < in->n; k++) {
    Str path, name = in->entry[k].key;
    size_t i = find_input(g, name, &path);
    if (i == SIZE_MAX) return unknown(g, name);
    const StdType *whole = dmn_item_type(g->item[i]),
                  *t = decide_at(whole, dmn_item_name(g->item[i]), path, g->e);
    Val fit;
    if (!t || !decide_fit(t, name, in->entry[k].val, g->a, &fit, g->e)) return false;
    if (!decide_put(whole, dmn_item_name(g->item[i]), path, fit, g->a, &c.value[i], g->e)) return false;
    c.given[i] = true;
  }
  return put_given(g, &c, given, ngiven) && finish(g, &c, where, NULL, 0);
}

static bool read_json(Gather *g, Str bytes, char **given, size_t ngiven) {
  Val v;
  if (!json_value(bytes, g->file, g->a, &v, g->e)) return false;
  const char *where = g->file;
  if (v.t != V_LIST) return json_case(g, v, where, given, ngiven) || err_at(g->e, where, 0, 0);
  for (uint32_t i = 0; i < v.n; i++) {
    where = arena_say(g->a, "%s, case %u", g->file, i + 1);
    if (!json_case(g, v.u.v[i], where, given, ngiven)) return err_at(g->e, where, 0, 0);
  }
  return true;
}

/* --- CSV */

static Str separator(Str bytes) {
  Str rest, head = str_split(bytes, '\n', &rest);
  if (memchr(head.p, ',', head.n)) return STR(",");
  return memchr(head.p, ';', head.n) ? STR(";") : memchr(head.p, '\t', head.n) ? STR("\t") : STR(",");
}

typedef struct Heading { /* of a column: the input it fills */
  size_t item;
  Str path;
} Heading;

static bool csv_row(Gather *g, const Heading *head, const Str *name, size_t ncol, const Str *cell, int line,
                    char **given, size_t ngiven) {
  Case c = case_new(g);
  const char *where = arena_printf(g->a, "%s:%d", g->file, line);
  Str *odd = arena_zalloc(g->a, ncol + 1, sizeof *odd);
  size_t nodd = 0;
  bool ok = true;
  for (size_t i = 0; i < ncol && ok; i++) {
    if (head[i].item == SIZE_MAX) odd[nodd++] = name[i];
    else ok = put_text(g, &c, head[i].item, head[i].path, name[i], cell[i]);
  }
  ok = ok && put_given(g, &c, given, ngiven) && finish(g, &c, where, odd, nodd);
  return ok || err_at(g->e, g->file, line, 0);
}

static bool csv_rows(Gather *g, const CsvRows *rows, char **given, size_t ngiven) {
  if (!rows->n) {
    err_set(g->e, ERR_USAGE, "the file has no heading");
    return err_at(g->e, g->file, 1, 0);
  }
  size_t ncol = rows->row[0].n;
  Str *name = arena_zalloc(g->a, ncol + 1, sizeof *name),
      *cell = arena_zalloc(g->a, rows->n * ncol + 1, sizeof *cell);
  Heading *head = arena_zalloc(g->a, ncol + 1, sizeof *head);
  for (size_t i = 0; i < ncol; i++) {
    Str s = str_trim(rows->field[rows->row[0].first + i]);
    name[i] = (Str){arena_strndup(g->a, s.p, s.n), s.n};
    head[i].item = find_input(g, name[i], &head[i].path);
  }
  for (size_t r = 1; r < rows->n; r++) {
    const CsvRow *row = &rows->row[r];
    if (row->n != ncol) {
      err_set(g->e, ERR_USAGE, "%u cells, and the heading has %zu", row->n, ncol);
      return err_at(g->e, g->file, (int)row->line, 0);
    }
    Str *own = &cell[(r - 1) * ncol];
    for (size_t i = 0; i < ncol; i++) {
      Str s = rows->field[row->first + i];
      own[i] = (Str){arena_strndup(g->a, s.p, s.n), s.n};
    }
    if (!csv_row(g, head, name, ncol, own, (int)row->line, given, ngiven)) return false;
  }
  g->out->ncol = ncol;
  g->out->col = name;
  g->out->cell = cell;
  return true;
}

static bool read_csv(Gather *g, Str bytes, char **given, size_t ngiven) {
  if (str_starts(bytes, "\xEF\xBB\xBF")) bytes = str_sub(bytes, 3, bytes.n);
  CsvShape shape = {.sep = separator(bytes), .quote = '"'};
  CsvPlace place = {1};
  CsvRows rows = {0};
  size_t used;
  bool ok = csv_scan(&shape, bytes, true, SIZE_MAX, &place, &rows, &used, g->e) ||
            err_at(g->e, g->file, g->e->line, 0);
  ok = ok && csv_rows(g, &rows, given, ngiven);
  csv_free(&rows);
  return ok;
}

static bool looks_like_json(Str bytes) {
  if (str_starts(bytes, "\xEF\xBB\xBF")) bytes = str_sub(bytes, 3, bytes.n);
  Str s = str_trim(bytes);
  return s.n && (s.p[0] == '{' || s.p[0] == '[');
}

bool decide_inputs(const Dmn *m, const DmnItem *const *need, size_t nneed, const char *file, char **given,
                   size_t ngiven, Arena *a, DecideInputs *out, Err *e) {
  Gather g = {.m = m, .need = need, .nneed = nneed, .file = file, .a = a, .e = e, .out = out};
  *out = (DecideInputs){0};
  g.row = mem_zalloc(1, sizeof *g.row);
  g.cap = 1;
  list_items(&g);
  bool ok;
  Str bytes;
  if (file) {
    ok = decide_read(file, a, &bytes, e) &&
         (looks_like_json(bytes) ? read_json(&g, bytes, given, ngiven) : read_csv(&g, bytes, given, ngiven));
  } else {
    Case c = case_new(&g);
    ok = put_given(&g, &c, given, ngiven) && finish(&g, &c, NULL, NULL, 0);
  }
  DecideRow *kept = arena_zalloc(a, out->nrow + 1, sizeof *kept);
  if (out->nrow) memcpy(kept, g.row, out->nrow * sizeof *kept);
  mem_free(g.row);
  out->row = kept;
  out->item = g.item;
  out->nitem = g.nitem;
  return ok;
}
