/* An import in words: what goes where, what is new, what cannot be taken. */
#include "base/num.h"
#include "store/import_cell.h"
#include "store/import_job.h"

#include "base/lang.h"

#include <string.h>

static void add_count(Buf *out, int64_t n) { num_fixed(val_int(n), 0, true, out); }

static void add_counted(Buf *out, int64_t n, const char *what) {
  add_count(out, n);
  buf_printf(out, " %s", _(what));
}

static const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* Columns that fill fields, then those that nothing takes. */
static void columns(const Import *im, Buf *out) {
  buf_say(out, "  columns: ");
  for (size_t k = 0; k < im->ntarget; k++) {
    const Target *t = &im->target[k];
    Str from = t->rule ? expr_text(t->rule) : im->view.column[t->from].title;
    buf_printf(out, "%s%s = %.*s", k ? ", " : "", t->name, STR_ARG(from));
  }
  buf_char(out, '\n');
  bool any = false;
  for (size_t i = 0; i < im->view.ncol; i++) {
    if (im->used[i] || (im->joined && !im->view.column[i].joined && im->view.column[i].at == im->join.left))
      continue;
    buf_printf(out, "%s%.*s", any ? ", " : "  not used: ", STR_ARG(im->view.column[i].title));
    any = true;
  }
  if (any) buf_char(out, '\n');
}

/* What was judged and could be judged wrongly. */
static void judgements(const Import *im, Buf *out) {
  if (!im->file.header)
    buf_say(out, "  no heading: the columns are c1 … c%zu (--header yes: the first line is one)\n",
            im->file.ncol);
  for (size_t i = 0; i < im->view.ncol; i++) {
    const ViewColumn *c = &im->view.column[i];
    if (!im->used[i]) continue;
    if (c->judged->words) {
      buf_say(out, "  %.*s: the word NULL is read as empty, in ", STR_ARG(c->title));
      add_counted(out, (int64_t)c->judged->words, c->judged->words == 1 ? "row" : N_("rows"));
      buf_say(out, " (--null '' keeps it as text)\n");
    }
    if (c->judged->kind == JUDGED_DATE && !(c->judged->dates & DATES_YMD) && !im->judge.dates)
      buf_say(out, "  %.*s: dates are read as %s, the only order that fits all of them\n",
              STR_ARG(c->title), cell_dates_name(c->judged->dates));
    if (c->judged->kind == JUDGED_DATE && c->judged->timed)
      buf_say(out, "  %.*s: the time of day is left out\n", STR_ARG(c->title));
  }
}

/* Rows of some entities are there or not: those made are. */
static bool made_active(const CatEntity *ent) {
  for (size_t i = 0; i < ent->ncol; i++)
    if (ent->col[i].made) return true;
  return false;
}

static void made(const Import *im, Buf *out) {
  for (size_t i = 0; i < im->nrefs; i++) {
    const Refs *r = &im->refs[i];
    if (!r->create || r->n == r->made) continue;
    buf_puts(out, "  ");
    add_count(out, (int64_t)(r->n - r->made));
    bool one = r->n - r->made == 1;
    const char *what = one ? r->ent->name : r->ent->plural, *whose = one ? "its" : "their", *key = catalog_key(r->ent)->name;
    if (made_active(r->ent)) buf_say(out, " %s made: active, with %s %s alone\n", what, whose, key);
    else buf_say(out, " %s made, with %s %s alone\n", what, whose, key);
  }
}

static void open_ends(const Import *im, Buf *out) {
  const FileSource *file[] = {&im->file, im->joined ? &im->join.file : NULL};
  for (int i = 0; i < 2; i++)
    if (file[i] && file[i]->open_end && im->count.rows)
      buf_say(out, "  warning: the last line%s%s has no line end; if the file is cut off, its last cell may lack something\n",
              i ? _(" of ") : "", i ? base_name(file[i]->path) : "");
}

void import_report(const Import *im, Buf *out) {
  const ImportCounts *c = &im->count;
  buf_say(out, "%s as %s: ", base_name(im->file.path), im->ent->name);
  add_counted(out, c->rows, c->rows == 1 ? "row\n" : N_("rows\n"));
  columns(im, out);
  judgements(im, out);
  if (c->left_out) {
    buf_puts(out, "  ");
    add_counted(out, c->left_out, "left out by --where");
    if (c->unknown) {
      buf_puts(out, ", ");
      add_counted(out, c->unknown, "of them because a column it asks for is empty");
    }
    buf_char(out, '\n');
  }
  if (c->copies) {
    buf_puts(out, "  ");
    add_counted(out, c->copies, "say of their key what an earlier row says: taken once\n");
  }
  open_ends(im, out);
  buf_puts(out, "  ");
  add_counted(out, c->added, "added, ");
  add_counted(out, c->changed, "changed, ");
  add_counted(out, c->unchanged, "unchanged, ");
  add_counted(out, c->rejected, "rejected\n");
  made(im, out);
  if (!im->nkey && c->added)
    buf_say(out, "  without a key every row is a new one; --key names columns that tell rows apart\n");
}

void import_rejected(const Import *im, Buf *out) {
  rejects_print(&im->rejects, base_name(im->file.path), out);
}

bool import_refused(const Import *im, Err *e) {
  const ImportCounts *c = &im->count;
  if (c->rejected <= im->spec.max_errors) return false;
  Buf n = {0}, all = {0};
  add_count(&n, c->rejected);
  add_count(&all, c->rows);
  err_set(e, ERR_REJECTED, "%s of %s rows cannot be imported", n.p, all.p);
  err_at(e, im->file.path, 0, 0);
  if (im->spec.max_errors) err_todo(e, "--max-errors lets %lld pass", (long long)im->spec.max_errors);
  else err_todo(e, "mend them, or import the others alone: --max-errors %lld", (long long)c->rejected);
  err_left(e, "nothing was written");
  buf_free(&n);
  buf_free(&all);
  return true;
}
