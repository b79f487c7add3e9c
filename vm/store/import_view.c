#include "store/import_view.h"

#include "store/import_cell.h"

#include <string.h>

enum { ROW = 1 };

/* --- cells ------------------------------------------------------------------ */

Str fileview_cell(const FileView *v, const Batch *b, size_t row, size_t col) {
  const ViewColumn *c = &v->column[col];
  Str cell = {"", 0};
  if (!c->joined) cell = str_trim(b->rows.csv.field[b->rows.csv.row[b->row[row]].first + (uint32_t)c->at]);
  else if (b->match[row] && v->join->slot[c->at] >= 0) cell = b->match[row][v->join->slot[c->at]];
  return cell_is_null(&v->judge->nulls, cell) ? STR("") : cell;
}

uint64_t batch_line(const Batch *b, size_t row) { return b->rows.csv.row[b->row[row]].line; }

/* More columns than the heading has are let pass when they are empty: a separator at each line's end. */
static bool whole_row(const FileView *v, const CsvRows *rows, const CsvRow *row) {
  if (row->torn || row->n < v->file->ncol) return false;
  for (size_t k = v->file->ncol; k < row->n; k++)
    if (rows->field[row->first + k].n) return false;
  return true;
}

void batch_index(const FileView *v, Batch *b) {
  const CsvRows *rows = &b->rows.csv;
  if (rows->n > b->cap) {
    b->cap = rows->cap;
    b->row = mem_resize(b->row, b->cap, sizeof *b->row);
    b->match = mem_resize(b->match, b->cap, sizeof *b->match);
  }
  b->n = 0;
  for (size_t i = 0; i < rows->n; i++) {
    if (!whole_row(v, rows, &rows->row[i])) continue;
    b->row[b->n] = (uint32_t)i;
    b->match[b->n] =
        v->join ? join_find(v->join, rows->field[rows->row[i].first + (uint32_t)v->join->left]) : NULL;
    b->n++;
  }
}

void batch_free(Batch *b) {
  filesource_rows_free(&b->rows);
  mem_free(b->row);
  mem_free(b->match);
  *b = (Batch){0};
}

/* --- the host ----------------------------------------------------------------- */

static int entity_number(void *ctx, Str name) {
  (void)ctx;
  return str_is(name, "row") || str_is(name, "rows") ? ROW : 0;
}

static const HostEntity *entity_info(void *ctx, int entity) {
  const FileView *v = ctx;
  return entity == ROW ? &v->info : NULL;
}

static const HostField *find_field(void *ctx, int entity, Str name) {
  const FileView *v = ctx;
  for (size_t i = 0; entity == ROW && i < v->ncol; i++)
    if (str_eq(v->column[i].name, name)) return &v->column[i].field;
  return NULL;
}

static size_t all_fields(void *ctx, int entity, const HostField *const **list) {
  const FileView *v = ctx;
  *list = v->list;
  return entity == ROW ? v->ncol : 0;
}

/* Only rank, share and the like ask for all rows; an import sees its file piece by piece. */
static bool all_rows(void *ctx, int entity, Day asof, Arena *a, const int64_t **id, size_t *n, Err *e) {
  (void)ctx, (void)entity, (void)asof, (void)a;
  *id = NULL;
  *n = 0;
  return err_set(
      e, ERR_FAIL,
      "rank, share, quantile and other figures over all rows have no meaning while a file is read");
}

static Val cell_value(const ViewColumn *c, const Judge *judge, Str cell, Arena *a) {
  Val v = val_null();
  Day day;
  if (!cell.n) return v;
  switch (c->judged->kind) {
    case JUDGED_NUMBER: return cell_number(cell, judge->decimal, a, &v) ? v : val_null();
    case JUDGED_DATE: return cell_date(cell, c->judged->dates, &day) == CELL_DAY ? val_date(day) : v;
    case JUDGED_TEXT: return val_text(cell);
    case JUDGED_EMPTY: break;
  }
  return v;
}

static bool column_values(void *ctx, int entity, const HostField *f, Day asof, const int64_t *id, size_t n,
                          Arena *a, Val *out, Err *e) {
  const FileView *v = ctx;
  (void)entity, (void)asof, (void)e;
  const ViewColumn *c = &v->column[f->id];
  for (size_t i = 0; i < n; i++)
    out[i] = cell_value(c, v->judge, fileview_cell(v, v->batch, (size_t)id[i] - 1, (size_t)f->id), a);
  return true;
}

/* --- columns ------------------------------------------------------------------- */

static TypeKind kind_of(JudgedKind kind) {
  switch (kind) {
    case JUDGED_NUMBER: return T_NUM;
    case JUDGED_DATE: return T_DATE;
    case JUDGED_TEXT: break;
    case JUDGED_EMPTY: return T_ANY;
  }
  return T_TEXT;
}

static bool taken(const FileView *v, Str name) {
  for (size_t i = 0; i < v->ncol; i++)
    if (str_eq(v->column[i].name, name)) return true;
  return false;
}

/* "orders" of "../data/orders.csv": columns of both files by the same name get it in front. */
static Str stem(const char *path) {
  const char *base = strrchr(path, '/');
  base = base ? base + 1 : path;
  const char *dot = strchr(base, '.');
  return (Str){base, dot ? (size_t)(dot - base) : strlen(base)};
}

static void add_column(FileView *v, const FileSource *s, const Judge *judge, size_t i, bool joined) {
  ViewColumn c = {.title = s->column[i].title, .name = s->column[i].name, .judged = &judge->column[i],
                  .joined = joined, .at = (int)i};
  if (taken(v, c.name) || (joined && !s->header)) { /* c3 alone is the third column of the first file */
    Str prefix = stem(s->path);
    c.name = str_of(arena_printf(&v->arena, "%.*s_%.*s", STR_ARG(prefix), STR_ARG(c.name)));
    c.title = c.name;
    for (int k = 2; taken(v, c.name); k++)
      c.name = str_of(arena_printf(&v->arena, "%.*s_%d", STR_ARG(c.title), k));
  }
  c.field = (HostField){.name = c.name, .kind = HOST_FIELD, .type = {.kind = kind_of(c.judged->kind)},
                        .id = (int)v->ncol};
  v->column[v->ncol++] = c;
}

void fileview_open(FileView *v, const FileSource *file, const Judge *judge, const Join *join, FmtEnv fmt) {
  *v = (FileView){.file = file, .judge = judge, .join = join};
  size_t n = file->ncol + (join ? join->file.ncol : 0);
  v->column = arena_zalloc(&v->arena, n, sizeof *v->column);
  v->list = arena_zalloc(&v->arena, n, sizeof *v->list);
  for (size_t i = 0; i < file->ncol; i++) add_column(v, file, judge, i, false);
  for (size_t i = 0; join && i < join->file.ncol; i++)
    if ((int)i != join->key) add_column(v, &join->file, &join->judge, i, true);
  for (size_t i = 0; i < v->ncol; i++) v->list[i] = &v->column[i].field;
  v->info = (HostEntity){.number = ROW, .name = STR("row"), .plural = STR("rows")};
  v->host = (FeelHost){.ctx = v, .entity = entity_number, .entity_info = entity_info, .field = find_field,
                       .fields = all_fields, .all = all_rows, .column = column_values, .fmt = fmt};
}

void fileview_close(FileView *v) { arena_free(&v->arena); }

int fileview_column(const FileView *v, Str name) {
  for (size_t i = 0; i < v->ncol; i++)
    if (str_eq(v->column[i].title, name) || str_eq(v->column[i].name, name)) return (int)i;
  int at = filesource_column(v->file, name);
  if (at >= 0) return at;
  at = v->join ? filesource_column(&v->join->file, name) : -1;
  for (size_t i = v->file->ncol; at >= 0 && i < v->ncol; i++)
    if (v->column[i].at == at) return (int)i;
  return -1;
}
