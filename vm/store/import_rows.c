#include "store/import_rows.h"

#include "base/num.h"
#include "store/import_quick.h"

#include <stdlib.h>
#include <string.h>

#define PRINT(a, ...) str_of(arena_say((a), __VA_ARGS__))

static void start(RowBatch *b) {
  eval_free(b->eval);
  b->eval = NULL;
  arena_free(&b->arena);
  b->n = b->nmade = b->nreject = 0;
  b->scattered = b->unsummed = b->kept = false;
  b->count = (ImportCounts){0};
}

static void reject(RowBatch *b, Reject r) {
  mem_grow(b->reject, b->capreject, b->nreject + 1);
  b->reject[b->nreject++] = r;
}

/* --- records that are no rows ---------------------------------------------------- */

static void reject_torn(const Import *im, RowBatch *b, const CsvRow *row) {
  Str title = row->torn <= im->file.ncol ? im->file.column[row->torn - 1].title : STR("");
  reject(b, (Reject){.line = row->line,
                     .column = title,
                     .raw = row->raw,
                     .reason = STR("has text behind its closing quote"),
                     .group = STR("text behind a closing quote"),
                     .hint = STR("double the quotes inside, or read quotes as plain text: --quote none")});
}

static void reject_width(const Import *im, RowBatch *b, const CsvRow *row) {
  size_t want = im->file.ncol;
  bool cut = row->n < want && im->file.ended && !im->file.rest.n &&
             row == &b->batch.rows.csv.row[b->batch.rows.csv.n - 1];
  Str reason = PRINT(&b->arena, "%u column%s where %s has %zu%s", row->n, row->n == 1 ? "" : "s",
                     im->file.header ? "the heading" : "the first line", want,
                     cut ? "; it is the last: is the file cut off?" : "");
  reject(b, (Reject){.line = row->line, .raw = row->raw, .reason = reason,
                     .group = row->n < want ? STR("too few columns") : STR("too many columns"),
                     .hint = row->n < want ? STR("") : STR("is a separator meant as text? quote the cell")});
}

static void reject_broken(const Import *im, RowBatch *b) {
  const CsvRows *rows = &b->batch.rows.csv;
  if (b->batch.n == rows->n) return;
  for (size_t i = 0, k = 0; i < rows->n; i++) {
    if (k < b->batch.n && b->batch.row[k] == i) k++;
    else if (rows->row[i].torn) reject_torn(im, b, &rows->row[i]);
    else reject_width(im, b, &rows->row[i]);
  }
}

/* --- which rows, and the values of rules ------------------------------------------- */

/* id[0..*n): the rows that --where takes. */
static bool select_rows(const Import *im, RowBatch *b, int64_t *id, size_t *n, Err *e) {
  size_t all = b->batch.n;
  for (size_t i = 0; i < all; i++) id[i] = (int64_t)i + 1;
  *n = all;
  if (!im->where || !all) return true;
  Val *yes = arena_alloc(&b->arena, all * sizeof *yes);
  if (!eval_expr(b->eval, im->where, id, all, yes, e)) return false;
  *n = 0;
  for (size_t i = 0; i < all; i++) {
    if (yes[i].t == V_BOOL && yes[i].u.i) id[(*n)++] = (int64_t)i + 1;
    else b->count.unknown += yes[i].t == V_NULL;
  }
  b->count.left_out = (int64_t)(all - *n);
  return true;
}

static bool eval_rules(const Import *im, RowBatch *b, const int64_t *id, size_t n, Val **value, Err *e) {
  for (size_t k = 0; k < im->ntarget; k++) {
    if (!im->target[k].rule || !n) continue;
    value[k] = arena_alloc(&b->arena, n * sizeof **value);
    if (!eval_expr(b->eval, im->target[k].rule, id, n, value[k], e)) return false;
  }
  return true;
}

/* --- one row -------------------------------------------------------------------------- */

Reject import_rows_reject(const Import *im, const RowBatch *b, size_t row, Str reason, Str group) {
  (void)im;
  const CsvRow *r = &b->batch.rows.csv.row[b->batch.row[row]];
  return (Reject){.line = r->line, .raw = r->raw, .reason = reason, .group = group};
}

static void reject_value(const Import *im, RowBatch *b, size_t row, const Target *t, const Refusal *why) {
  Reject r = import_rows_reject(im, b, row, why->reason, why->group);
  r.column = t->from >= 0 ? im->view.column[t->from].title : str_of(t->name);
  r.value = why->value;
  r.hint = why->hint;
  reject(b, r);
}

/* Days as the text that is stored. */
static Val stored(const Target *t, Val v, Arena *a) {
  if (v.t != V_DATE || t->history) return v;
  char *text = arena_alloc(a, 16);
  Buf buf = {.p = text, .cap = 16};
  day_print((Day)v.u.i, &buf);
  return val_text(buf_view(&buf));
}

static void one_value(const Import *im, RowBatch *b, size_t row, size_t k, Val given, Val *out) {
  const Target *t = &im->target[k];
  Refusal why = {0};
  bool ok = t->rule ? target_value(t, given, &b->arena, out, &why)
                    : target_text(t, fileview_cell(&im->view, &b->batch, row, (size_t)t->from), &b->arena,
                                  out, &why);
  if (ok && out->t == V_NULL && t->required) {
    why.reason = str_of(t->rule ? "is not known: the rule gives null" : "is empty");
    bool unmatched = !t->rule && im->view.column[t->from].joined && !b->batch.match[row];
    if (unmatched) why.reason = PRINT(&b->arena, "is missing: no row of %s has this %.*s", im->join.file.path,
                                      STR_ARG(im->file.column[im->join.left].title));
    why.group = PRINT(&b->arena, "%s %.*s", t->name, STR_ARG(why.reason));
    ok = false;
  }
  if (!ok) reject_value(im, b, row, t, &why);
  else if (out->t == V_DATE) *out = stored(t, *out, &b->arena);
}

/* References to rows that have to be made become ids. */
static void make_references(Import *im, RowBatch *b, Val *val) {
  for (size_t k = 0; k < im->ntarget; k++) {
    if (val[k].t != V_TEXT || !(val[k].flags & TARGET_MAKE)) continue;
    Refs *refs = im->target[k].refs;
    Str key = val_str(val[k]);
    int64_t id = refs_find(refs, key); /* an earlier row may have asked for it */
    if (!id) {
      id = refs_add(refs, key);
      mem_grow(b->made, b->capmade, b->nmade + 1);
      b->made[b->nmade++] = (MadeRow){refs, id, key};
    }
    val[k] = val_int(id);
  }
}

void import_rows_key(const Import *im, const Val *val, Buf *key) {
  for (size_t k = 0; k < im->ntarget; k++) {
    const Refs *refs = im->target[k].refs;
    if (!im->target[k].key) continue;
    /* what the import makes itself goes by its key: when the keys are read it has no id yet */
    bool made = refs && refs->create && val[k].t == V_NUM && val[k].u.i >= refs->first;
    key_put(key, made ? val_text(refs->row[refs->made + (size_t)(val[k].u.i - refs->first)].key) : val[k]);
  }
}

void import_rows_key_text(const Import *im, const RowBatch *b, size_t row, Buf *out) {
  for (size_t k = 0; k < im->ntarget; k++) {
    const Target *t = &im->target[k];
    if (!t->key) continue;
    buf_printf(out, "%s%s", out->n ? ", " : "", t->name);
    if (t->from < 0) continue;
    Str cell = fileview_cell(&im->view, &b->batch, b->at[row], (size_t)t->from);
    buf_printf(out, " '%.*s'", STR_ARG(cell));
  }
}

/* A key that stands twice in the file, or in the database, refuses the row. */
static bool key_is_clear(Import *im, RowBatch *b, size_t row, const Val *val, int64_t *id) {
  Buf key = {0};
  import_rows_key(im, val, &key);
  const KeyEntry *entry = keys_find(&im->keys, buf_view(&key));
  uint64_t line = batch_line(&b->batch, row), other = 0;
  if (entry) other = entry->line == line ? entry->again : entry->line;
  buf_clear(&key);
  b->at[b->n] = (uint32_t)row;
  import_rows_key_text(im, b, b->n, &key);
  *id = entry ? entry->id : 0;
  bool copy = entry && !entry->again && entry->line != line;
  b->count.copies += copy;
  bool twice = entry && entry->again, many = entry && entry->many;
  if (twice)
    reject(b, import_rows_reject(im, b, row,
                                 PRINT(&b->arena, "%s is on line %llu too", key.p, (unsigned long long)other),
                                 STR("a key twice in the file")));
  else if (many)
    reject(b, import_rows_reject(im, b, row,
                                 PRINT(&b->arena, "%s: several rows of the database have this key", key.p),
                                 STR("a key of several rows")));
  buf_free(&key);
  return !twice && !many && !copy;
}

/* Who stands above whom is not known yet when the keys are read: then no two rows are said to be the same. */
static uint64_t sum_of_row(const Import *im, const Val *val) {
  Buf all = {0};
  for (size_t k = 0; k < im->ntarget; k++) {
    if (im->self && im->target[k].refs == im->self) buf_clear(&all), k = im->ntarget;
    else key_put(&all, val[k]);
  }
  uint64_t sum = all.n ? str_hash(buf_view(&all)) | 1 : 0;
  buf_free(&all);
  return sum;
}

static void note_key(Import *im, const RowBatch *b, size_t row, const Val *val) {
  Buf key = {0};
  import_rows_key(im, val, &key);
  keys_add(&im->keys, buf_view(&key), batch_line(&b->batch, row), sum_of_row(im, val));
  buf_free(&key);
  if (!im->self || !im->own_key) return;
  for (size_t k = 0; k < im->ntarget; k++)
    if (im->target[k].key && !refs_find(im->self, val_str(val[k]))) refs_add(im->self, val_str(val[k]));
}

/* Rejects from `first` on are one row: the first of them speaks for all. */
static void gather_faults(RowBatch *b, size_t first) {
  if (b->nreject == first) return;
  Buf all = {0};
  for (size_t i = first; i < b->nreject; i++) {
    if (i > first) buf_puts(&all, "; ");
    reject_text(&b->reject[i], &all);
    b->reject[i].also = (unsigned)(i - first);
  }
  b->reject[first].all = (Str){arena_strndup(&b->arena, all.p, all.n), all.n};
  buf_free(&all);
}

/* Lines of one order have the same account and day: what such a cell meant in the row before it means again. */
static bool as_before(const Import *im, const RowBatch *b, size_t row, size_t k, bool again, Str *cell) {
  const Target *t = &im->target[k];
  if (t->rule || t->from < 0 || (t->type != COL_REF && t->type != COL_DATE)) return false;
  *cell = fileview_cell(&im->view, &b->batch, row, (size_t)t->from);
  return again && cell->n && str_eq(*cell, b->before[k]);
}

static void make_row(Import *im, bool keys_only, RowBatch *b, size_t row, size_t i, Val *const *value) {
  Val *val = b->val + b->n * im->ntarget;
  size_t faults = b->nreject;
  bool again = b->kept; /* the row before is the last of b->val */
  if (im->is_quick && quick_row(im, b, row, again, val)) {
    b->at[b->n] = (uint32_t)row;
    b->id[b->n++] = 0;
    b->kept = true;
    return;
  }
  b->kept = false;
  for (size_t k = 0; k < im->ntarget; k++) {
    val[k] = val_null();
    Str cell = {0};
    if (!keys_only && as_before(im, b, row, k, again, &cell)) {
      val[k] = (val - im->ntarget)[k];
      continue;
    }
    b->before[k] = cell;
    /* who stands above whom is known when all keys are */
    if (keys_only && im->self && im->target[k].refs == im->self) continue;
    one_value(im, b, row, k, value[k] ? value[k][i] : val_null(), &val[k]);
  }
  gather_faults(b, faults);
  if (b->nreject > faults) return;
  if (keys_only) {
    note_key(im, b, row, val);
    return;
  }
  int64_t id = 0;
  if (im->nkey && !key_is_clear(im, b, row, val, &id)) return;
  make_references(im, b, val);
  b->at[b->n] = (uint32_t)row;
  b->id[b->n] = id;
  b->n++;
  b->kept = true;
}

/* --- the batch --------------------------------------------------------------------------- */

static int by_line(const void *x, const void *y) {
  const Reject *a = x, *b = y;
  if (a->line != b->line) return a->line < b->line ? -1 : 1;
  return a->also < b->also ? -1 : a->also > b->also;
}

typedef struct DayAt { int64_t day; uint32_t at; } DayAt;

static int by_day(const void *x, const void *y) {
  const DayAt *a = x, *b = y;
  if (a->day != b->day) return a->day < b->day ? -1 : 1;
  return a->at < b->at ? -1 : 1;
}

/* Order lines go in by day, lines of a day as they come: ids follow, and the table grows at few places. */
static void sort_by_day(const Import *im, RowBatch *b) {
  size_t w = im->ntarget, day = (size_t)im->day;
  bool sorted = true;
  for (size_t i = 1; i < b->n && sorted; i++)
    sorted = b->val[(i - 1) * w + day].u.i <= b->val[i * w + day].u.i;
  b->scattered = !sorted;
  if (sorted) return;
  DayAt *order = arena_alloc(&b->arena, b->n * sizeof *order);
  for (size_t i = 0; i < b->n; i++) order[i] = (DayAt){b->val[i * w + day].u.i, (uint32_t)i};
  qsort(order, b->n, sizeof *order, by_day);
  Val *val = arena_alloc(&b->arena, b->n * w * sizeof *val);
  int64_t *id = arena_alloc(&b->arena, b->n * sizeof *id);
  uint32_t *at = arena_alloc(&b->arena, b->n * sizeof *at);
  for (size_t i = 0; i < b->n; i++) {
    memcpy(val + i * w, b->val + order[i].at * w, w * sizeof *val);
    id[i] = b->id[order[i].at];
    at[i] = b->at[order[i].at];
  }
  memcpy(b->val, val, b->n * w * sizeof *val);
  memcpy(b->id, id, b->n * sizeof *id);
  memcpy(b->at, at, b->n * sizeof *at);
}

/* Numbers with decimals and text in columns of numbers may be stored as something else. */
static void hash_rows(const Import *im, RowBatch *b) {
  uint64_t *seed = arena_alloc(&b->arena, (im->ntarget + 1) * sizeof *seed);
  for (size_t k = 0; k < im->ntarget; k++) seed[k] = added_seed(im->target[k].name);
  for (size_t i = 0; i < b->n; i++) {
    const Val *val = b->val + i * im->ntarget;
    b->hash[i] = 0;
    for (size_t k = 0; k < im->ntarget; k++) {
      if (val[k].t == V_NUM && val[k].e == 0 && im->target[k].type != COL_TEXT) b->hash[i] += added_int(val[k].u.i, seed[k]);
      else if (val[k].t == V_TEXT && im->target[k].type == COL_TEXT) b->hash[i] += added_text(val_str(val[k]), seed[k]);
      else if (val[k].t != V_NULL) b->unsummed = true;
    }
  }
}

static void reserve(const Import *im, RowBatch *b) {
  mem_grow(b->val, b->capval, (b->batch.n + 1) * (im->ntarget + 1));
  if (b->batch.n + 1 <= b->cap) return;
  b->cap = b->batch.n + 1;
  b->at = mem_resize(b->at, b->cap, sizeof *b->at);
  b->id = mem_resize(b->id, b->cap, sizeof *b->id);
  b->hash = mem_resize(b->hash, b->cap, sizeof *b->hash);
}

bool import_rows_next(Import *im, bool keys_only, RowBatch *b, bool *more, Err *e) {
  start(b);
  if (!filesource_next(&im->file, &b->batch.rows, e)) return false;
  *more = b->batch.rows.csv.n > 0;
  if (!*more) return true;
  b->read = im->file.read;
  b->count.rows = (int64_t)b->batch.rows.csv.n;
  batch_index(&im->view, &b->batch);
  im->view.batch = &b->batch;
  reject_broken(im, b);
  reserve(im, b);
  int64_t *id = arena_alloc(&b->arena, (b->batch.n + 1) * sizeof *id);
  Val **value = arena_zalloc(&b->arena, im->ntarget + 1, sizeof *value);
  b->before = arena_zalloc(&b->arena, im->ntarget + 1, sizeof *b->before);
  size_t n;
  b->eval = eval_new(im->rules, im->spec.asof);
  if (!select_rows(im, b, id, &n, e) || !eval_rules(im, b, id, n, value, e)) return false;
  for (size_t i = 0; i < n; i++) make_row(im, keys_only, b, (size_t)id[i] - 1, i, value);
  if (im->orders && !keys_only) sort_by_day(im, b);
  if (im->summed && !keys_only) hash_rows(im, b);
  if (b->nreject > 1) qsort(b->reject, b->nreject, sizeof *b->reject, by_line);
  return true;
}

void import_rows_free(RowBatch *b) {
  eval_free(b->eval);
  batch_free(&b->batch);
  mem_free(b->val);
  mem_free(b->at);
  mem_free(b->id);
  mem_free(b->hash);
  mem_free(b->made);
  mem_free(b->reject);
  arena_free(&b->arena);
  *b = (RowBatch){0};
}
