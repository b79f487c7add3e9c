#include "store/import_join.h"

#include "base/stop.h"

#include <string.h>

static bool no_column(const FileSource *s, Str name, Err *e) {
  err_set(e, ERR_USAGE, "--on: %s has no column %.*s", s->path, STR_ARG(name));
  Buf list = {0};
  for (size_t i = 0; i < s->ncol; i++)
    buf_printf(&list, "%s%.*s", i ? ", " : "", STR_ARG(s->column[i].title));
  err_todo(e, "its columns: %.*s", (int)list.n, list.p ? list.p : "");
  buf_free(&list);
  return false;
}

bool join_open(Join *j, const SourceSpec *spec, const FileSource *left, const char *on, Err *e) {
  Str right, name = str_trim(str_split(str_of(on), '=', &right));
  right = right.p ? str_trim(right) : name;
  if (!filesource_open(&j->file, spec, e)) return false;
  if ((j->left = filesource_column(left, name)) < 0) return no_column(left, name, e);
  if ((j->key = filesource_column(&j->file, right)) < 0) return no_column(&j->file, right, e);
  return judge_source(&j->judge, &j->file, e);
}

static bool twice(const Join *j, Str key, uint64_t first, uint64_t second, Err *e) {
  err_set(e, ERR_FAIL, "%.*s '%.*s' is there twice: lines %llu and %llu",
          STR_ARG(j->file.column[j->key].title), STR_ARG(key), (unsigned long long)first,
          (unsigned long long)second);
  err_at(e, j->file.path, (int)second, j->key + 1);
  return err_todo(e, "a joined file has one row for each key; which of the two is right?");
}

static void add_row(Join *j, const CsvRow *row, const Str *field) {
  mem_grow(j->by, j->cap, j->nrow + 1);
  Str key = str_trim(field[j->key]);
  j->by[j->nrow] = (struct JoinKey){{arena_strndup(&j->arena, key.p, key.n), key.n}, row->line};
  for (size_t k = 0; k < j->nused; k++) {
    Str f = str_trim(field[j->used[k]]);
    j->cell[j->nrow * j->nused + k] = (Str){arena_strndup(&j->arena, f.p, f.n), f.n};
  }
  j->nrow++;
}

static bool build_index(Join *j, Err *e) {
  size_t size = 16;
  while (size < j->nrow * 2) size *= 2;
  j->mask = size - 1;
  j->index = mem_zalloc(size, sizeof *j->index);
  for (size_t r = 0; r < j->nrow; r++) {
    size_t i = str_hash(j->by[r].text) & j->mask;
    for (; j->index[i]; i = (i + 1) & j->mask) {
      const struct JoinKey *other = &j->by[j->index[i] - 1];
      if (str_eq(other->text, j->by[r].text)) return twice(j, other->text, other->line, j->by[r].line, e);
    }
    j->index[i] = (uint32_t)r + 1;
  }
  return true;
}

bool join_load(Join *j, const bool *wanted, Err *e) {
  size_t ncol = j->file.ncol;
  j->used = arena_zalloc(&j->arena, ncol, sizeof *j->used);
  j->slot = arena_zalloc(&j->arena, ncol, sizeof *j->slot);
  for (size_t i = 0; i < ncol; i++) {
    j->slot[i] = wanted[i] ? (int)j->nused : -1;
    if (wanted[i]) j->used[j->nused++] = (int)i;
  }
  j->cell = mem_zalloc((size_t)(j->judge.rows * (j->nused ? j->nused : 1)), sizeof *j->cell);
  SourceRows rows = {0};
  bool ok = true;
  while ((ok = stop_check(e) && filesource_next(&j->file, &rows, e)) && rows.csv.n) {
    for (size_t i = 0; ok && i < rows.csv.n && j->nrow < j->judge.rows; i++) {
      const CsvRow *row = &rows.csv.row[i];
      const Str *field = rows.csv.field + row->first;
      if (row->n < ncol) {
        ok = err_set(e, ERR_FAIL, "%u columns where the heading has %zu", row->n, ncol);
        err_at(e, j->file.path, (int)row->line, 0);
      } else if (!cell_is_null(&j->judge.nulls, str_trim(field[j->key]))) {
        add_row(j, row, field);
      }
    }
    if (!ok) break;
  }
  filesource_rows_free(&rows);
  return ok && build_index(j, e);
}

const Str *join_find(const Join *j, Str key) {
  key = str_trim(key);
  for (size_t i = str_hash(key) & j->mask; j->index[i]; i = (i + 1) & j->mask)
    if (str_eq(j->by[j->index[i] - 1].text, key)) return &j->cell[(j->index[i] - 1) * j->nused];
  return NULL;
}

void join_close(Join *j) {
  mem_free(j->cell);
  mem_free(j->by);
  mem_free(j->index);
  judge_free(&j->judge);
  filesource_close(&j->file);
  arena_free(&j->arena);
}
