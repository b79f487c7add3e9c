#define SQLITE_ENABLE_PREUPDATE_HOOK /* Debian's library has it; the header hides it without this */
#include "store/import.h"

#include "base/stop.h"
#include "store/import_cell.h"
#include "store/import_job.h"
#include "store/import_pipe.h"
#include "store/import_quick.h"
#include "store/import_write.h"

#include <string.h>

/* --- progress: the file is read once to judge it (or guessed from its beginning), once for its keys when it has
 * any, once to write ---- */

static void progress(const Import *im, int pass, uint64_t read) {
  if (!im->spec.progress) return;
  int64_t size = (int64_t)im->file.size, passes = (im->nkey ? 3 : 2) - im->guessed;
  im->spec.progress(im->spec.progress_ctx, size * pass + (int64_t)read, size * passes);
}

/* --- opening ---------------------------------------------------------------------------- */

static bool find_entity(Import *im, Err *e) {
  Str name = str_of(im->spec.entity);
  im->ent = catalog_entity(name);
  if (im->ent) {
    im->orders = !strcmp(im->ent->table, "orders");
    return true;
  }
  Str known[64];
  size_t n = 0;
  Buf list = {0};
  for (const CatEntity *ent; n < 64 && (ent = catalog_at(n)); n++) {
    known[n] = str_of(ent->name);
    buf_printf(&list, "%s%s", n ? ", " : "", ent->name);
  }
  err_set(e, ERR_USAGE, "--as: there is no entity %s", im->spec.entity);
  src_suggest(e, name, known, n);
  err_todo(e, "there are: %s", list.p ? list.p : "");
  buf_free(&list);
  return false;
}

static bool read_style(Import *im, Err *e) {
  const ImportSpec *spec = &im->spec;
  im->judge.decimal = '.';
  if (spec->decimal && (strlen(spec->decimal) != 1 || !strchr(".,", *spec->decimal)))
    return err_set(e, ERR_USAGE, "--decimal is . or a comma, not '%s'", spec->decimal);
  if (spec->decimal) im->judge.decimal = *spec->decimal;
  if (spec->dates && !cell_dates_parse(str_of(spec->dates), &im->judge.dates, e)) return false;
  im->judge.nulls.word = spec->null_words;
  for (const char *const *p = spec->null_words; p && *p; p++) im->judge.nulls.n++;
  im->judge.nulls.judged = im->judge.nulls.n == 0;
  return true;
}

static bool open_join(Import *im, Err *e) {
  if (!im->spec.join && !im->spec.on) return true;
  if (!im->spec.join || !im->spec.on) {
    err_set(e, ERR_USAGE, "--join and --on go together");
    return err_todo(
        e, "--join heads.csv --on order_no, or --on LEFT=RIGHT when the columns have different names");
  }
  im->joined = true;
  SourceSpec spec = im->spec.file;
  spec.path = im->spec.join;
  im->join.judge.decimal = im->judge.decimal;
  im->join.judge.dates = im->judge.dates;
  im->join.judge.nulls = im->judge.nulls;
  return join_open(&im->join, &spec, &im->file, im->spec.on, e);
}

static bool read_ahead(void *ctx, void *slot, bool *more, Err *e) {
  Import *im = ctx;
  SourceRows *rows = slot;
  if (!filesource_next(&im->file, rows, e)) return false;
  *more = rows->csv.n > 0;
  return true;
}

/* Reading a large file twice costs a fifth of its import. What its beginning holds the rest mostly does too, and when
 * it does not the import starts again. Other entities may have keys, which are read before anything is written. */
static bool may_guess(const Import *im) {
  enum { WORTH_IT = 4 << 20 };
  return !im->sure && im->orders && !im->spec.key && !im->spec.join && strcmp(im->spec.file.path, "-") != 0 &&
         im->file.size >= WORTH_IT;
}

static void judge_on(Import *im) {
  im->whole = (Judge){.decimal = im->judge.decimal, .dates = im->judge.dates, .nulls = im->judge.nulls};
  judge_start(&im->whole, im->file.ncol);
}

static bool guess_held(Import *im) {
  judge_end(&im->whole);
  for (size_t i = 0; i < im->file.ncol; i++) {
    const Judged *was = &im->judge.column[i], *is = &im->whole.column[i];
    if (was->kind != is->kind || was->dates != is->dates || was->unsure != is->unsure) return false;
  }
  for (size_t i = 0; i < im->file.ncol; i++) im->judge.column[i] = im->whole.column[i];
  im->judge.rows = im->whole.rows;
  im->judge.short_rows = im->whole.short_rows;
  return true;
}

/* How many bytes of the file a guess is made from. */
static uint64_t beginning(const Import *im) {
  enum { LEAST = 256 << 10, MOST = 2 << 20, PART = 16 };
  uint64_t n = im->file.size / PART;
  return n < LEAST ? LEAST : n > MOST ? MOST : n;
}

static bool judge_file(Import *im, Err *e) {
  SourceRows rows[PIPE_SLOTS] = {0};
  Pipe pipe = {.fill = read_ahead, .ctx = im};
  for (int i = 0; i < PIPE_SLOTS; i++) pipe.slot[i] = &rows[i];
  judge_start(&im->judge, im->file.ncol);
  im->guessed = may_guess(im);
  pipe_start(&pipe);
  void *slot = NULL;
  bool ok;
  uint64_t read = 0;
  while ((ok = stop_check(e) && pipe_next(&pipe, &slot, e)) && slot) {
    SourceRows *r = slot;
    judge_rows(&im->judge, &r->csv);
    read += r->bytes;
    if (!im->guessed) progress(im, 0, read);
    pipe_done(&pipe);
    if (im->guessed && read >= beginning(im)) break;
  }
  pipe_stop(&pipe);
  judge_end(&im->judge);
  if (im->guessed) judge_on(im);
  for (int i = 0; i < PIPE_SLOTS; i++) filesource_rows_free(&rows[i]);
  return ok && filesource_rewind(&im->file, e);
}

static bool open_all(Import *im, Err *e) {
  if (!find_entity(im, e) || !read_style(im, e) || !filesource_open(&im->file, &im->spec.file, e))
    return false;
  if (im->file.empty) {
    err_set(e, ERR_FAIL, "is empty: not even a heading");
    return err_at(e, im->file.path, 0, 0);
  }
  if (!judge_file(im, e) || !open_join(im, e)) return false;
  fileview_open(&im->view, &im->file, &im->judge, im->joined ? &im->join : NULL, store_host(im->s)->fmt);
  if (!import_bind(im, e)) return false;
  im->is_quick = quick_open(im);
  return true;
}

static void forget(Import *im) {
  rejects_free(&im->rejects);
  keys_free(&im->keys);
  rules_free(im->rules);
  for (size_t i = 0; i < im->nrefs; i++) refs_free(&im->refs[i]);
  fileview_close(&im->view);
  join_close(&im->join);
  judge_free(&im->judge);
  judge_free(&im->whole);
  filesource_close(&im->file);
  mem_free(im->added);
  arena_free(&im->arena);
}

static void start_over(Import *im, Store *s, const ImportSpec *spec) {
  *im = (Import){.s = s, .spec = *spec, .day = -1};
  im->file.fd = im->join.file.fd = -1;
}

/* The guess was wrong, or something failed under it: once more, with what the whole file says. */
static bool open_again(Import *im, Err *e) {
  ImportSpec spec = im->spec;
  bool by_rows = im->by_rows || im->lost;
  forget(im);
  start_over(im, im->s, &spec);
  im->sure = true;
  im->by_rows = by_rows;
  return open_all(im, e);
}

static bool is_stopped(const Err *e) { return e->kind == ERR_INTERRUPT || e->kind == ERR_TIMEOUT; }

bool import_open(Store *s, const ImportSpec *spec, Import **out, Err *e) {
  Import *im = mem_zalloc(1, sizeof *im);
  start_over(im, s, spec);
  bool ok = open_all(im, e);
  if (!ok && im->guessed && !is_stopped(e)) {
    err_free(e);
    ok = open_again(im, e);
  }
  if (!ok) {
    import_close(im);
    im = NULL;
  }
  *out = im;
  return ok;
}

/* The mode stands in the file's header, so that changing it is a commit: one of the host's own. */
static void set_journal(Import *im, const char *pragma) {
  Err ignored = {0};
  im->s->ending = true;
  sql_host(im->s, pragma, &ignored);
  im->s->ending = false;
  err_free(&ignored);
}

/* Always: an import that was killed may have left the other mode behind. Nothing happens where it is WAL. */
static void back_to_log(Import *im) { set_journal(im, "PRAGMA journal_mode = WAL"); }

void import_close(Import *im) {
  if (!im) return;
  back_to_log(im);
  forget(im);
  mem_free(im);
}

/* --- staging ------------------------------------------------------------------------------ */

typedef struct Pass { Import *im; bool keys_only; } Pass;

static bool fill(void *ctx, void *slot, bool *more, Err *e) {
  Pass *pass = ctx;
  RowBatch *b = slot;
  if (!import_rows_next(pass->im, pass->keys_only, b, more, e)) return false;
  if (pass->im->guessed) judge_rows(&pass->im->whole, &b->batch.rows.csv);
  return true;
}

/* One reading of the file; without a writer it is the one that collects the keys. */
static bool run_pass(Import *im, Writer *w, Err *e) {
  RowBatch batch[PIPE_SLOTS] = {0};
  Pass pass = {im, w == NULL};
  Pipe pipe = {.fill = fill, .ctx = &pass};
  for (int i = 0; i < PIPE_SLOTS; i++) pipe.slot[i] = &batch[i];
  int number = (w && im->nkey ? 2 : 1) - im->guessed;
  pipe_start(&pipe);
  void *slot = NULL;
  bool ok;
  while ((ok = stop_check(e) && pipe_next(&pipe, &slot, e)) && slot) {
    RowBatch *b = slot;
    ok = !w || writer_batch(w, b, e);
    progress(im, number, b->read);
    if (!ok) break;
    pipe_done(&pipe);
  }
  pipe_stop(&pipe);
  for (int i = 0; i < PIPE_SLOTS; i++) import_rows_free(&batch[i]);
  return ok;
}

/* A superior that was rejected itself leaves a reference to nothing. */
static bool check_self(Import *im, Err *e) {
  if (!im->self) return true;
  Buf sql = {0};
  Arena a = {0};
  Val key = val_null();
  for (size_t k = 0; k < im->ntarget; k++) {
    const Target *t = &im->target[k];
    if (t->refs != im->self || key.t) continue;
    const char *name = catalog_key(im->ent)->name;
    buf_clear(&sql);
    buf_printf(&sql,
               "SELECT x.%s FROM %s x WHERE x.%s IS NOT NULL AND NOT EXISTS(SELECT 1 FROM %s y WHERE y.id = "
               "x.%s) LIMIT 1",
               name, im->ent->table, t->name, im->ent->table, t->name);
    if (!store_value(im->s, sql.p, NULL, 0, &a, &key, e)) break;
    if (key.t != V_TEXT) continue;
    err_set(e, ERR_REJECTED, "%.*s refers to a row that is rejected itself, as its %s", STR_ARG(val_str(key)),
            t->name);
    err_at(e, im->file.path, 0, 0);
    err_todo(e, "mend the rejected rows first, or leave the column out: --map \"%s = null\"", t->name);
  }
  arena_free(&a);
  buf_free(&sql);
  return e->kind == ERR_NONE;
}

static void start_rejects(Import *im) {
  im->rejects.path = im->spec.rejects;
  im->rejects.shape = &im->file.shape;
  if (!im->file.header) return;
  for (size_t i = 0; i < im->file.ncol; i++) {
    if (i) buf_str(&im->rejects.heading, im->file.shape.sep);
    csv_put(&im->file.shape, im->file.column[i].title, &im->rejects.heading);
  }
}

/* Histories name the run that wrote them; the caller records it as the next one. */
static bool name_run(Import *im, Err *e) {
  Val next;
  bool ok = store_value(im->s, "SELECT coalesce(max(id), 0) + 1 FROM run", NULL, 0, &im->arena, &next, e);
  if (ok) store_set_run(im->s, next.u.i);
  return ok;
}

static bool stage(Import *im, Writer *w, Err *e) {
  im->summed = im->orders && !im->nkey && !im->assigns;
  if (im->assigns && !name_run(im, e)) return false;
  if ((im->self || im->spec.changed) && !sql_host(im->s, "PRAGMA defer_foreign_keys = ON", e)) return false;
  if (!writer_open(w, im, e)) return false;
  if (im->nkey) {
    if (!run_pass(im, NULL, e) || !filesource_rewind(&im->file, e)) return false;
    if (!im->own_key && !writer_find_keys(w, e)) return false;
  }
  return run_pass(im, w, e) && check_self(im, e) && writer_end(w, e) && writer_ranges(w, e);
}

/* A first load would be written twice, into the log beside the file and from there into the file: while the
 * table is empty a rollback journal does, which has nothing to keep of pages that are new. Anyone else who
 * has the file open prevents it, and the log it is. */
static bool choose_journal(Import *im, Err *e) {
  enum { WORTH_IT = 8 << 20 };
  Buf sql = {0};
  Val any = val_null();
  buf_printf(&sql, "SELECT 1 FROM %s LIMIT 1", im->ent->table);
  bool ok = store_value(im->s, sql.p, NULL, 0, &im->arena, &any, e);
  buf_free(&sql);
  if (!ok || any.t != V_NULL || im->file.size < WORTH_IT) return ok;
  set_journal(im, "PRAGMA journal_mode = DELETE");
  return true;
}

static bool stage_all(Import *im, Err *e) {
  Writer w = {0};
  start_rejects(im);
  if (!choose_journal(im, e) || !store_begin(im->s, e)) return false;
  /* No journal is taken of an import, and the hook alone costs a quarter of its time. Statements
   * prepared without it would report nothing later. */
  if (!im->s->journal) sqlite3_preupdate_hook(im->s->db, NULL, NULL);
  /* Nor is any line marked by a trigger: the writer knows the months */
  if (im->orders) sqlite3_db_config(im->s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  bool ok = stage(im, &w, e);
  sqlite3_db_config(im->s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
  writer_close(&w);
  sql_forget(im->s);
  journal_hook(im->s);
  im->s->version++;
  if (!ok) store_rollback(im->s);
  return ok;
}

bool import_added(Import *im, int64_t run, Err *e) {
  bool ok = true;
  for (size_t i = 0; ok && i < im->nadded; i++) {
    const struct AddedRange *r = &im->added[i];
    ok = r->sum.n ? store_added_sum(im->s, run, r->table, r->first, r->last, &r->sum, e)
                  : store_added(im->s, run, r->table, r->first, r->last, e);
  }
  return ok;
}

bool import_stage(Import *im, Err *e) {
  bool ok = stage_all(im, e);
  if (!im->lost && (!im->guessed || (ok ? guess_held(im) : is_stopped(e)))) return ok;
  if (ok) store_rollback(im->s);
  err_free(e);
  return open_again(im, e) && stage_all(im, e);
}

const ImportCounts *import_counts(const Import *im) { return &im->count; }

bool import_keep_rejects(Import *im, bool *kept, Err *e) { return rejects_keep(&im->rejects, kept, e); }
