#include "store/import_reject.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static Str keep(Rejects *r, Str s) { return (Str){arena_strndup(&r->arena, s.p, s.n), s.n}; }

static void count(Rejects *r, const Reject *row) {
  for (size_t i = 0; i < r->ngroup; i++)
    if (str_eq(r->group[i].group, row->group)) {
      r->group[i].count++;
      return;
    }
  if (r->ngroup == REJECT_GROUPS) {
    r->more_groups = true;
    return;
  }
  if (!r->group) r->group = arena_alloc(&r->arena, REJECT_GROUPS * sizeof *r->group);
  r->group[r->ngroup++] = (RejectGroup){keep(r, row->group), keep(r, row->hint), 1, row->line};
}

static bool no_room(const Rejects *r, Err *e) {
  err_set(e, ERR_FAIL, "rejected rows cannot be written to %s: %s", r->path, strerror(errno));
  return err_todo(e, "name another file: --rejects FILE");
}

static void part_name(const Rejects *r, Buf *out) { buf_printf(out, "%s.part", r->path); }

static bool open_file(Rejects *r, Err *e) {
  Buf name = {0};
  part_name(r, &name);
  r->out = fopen(name.p, "wxe");
  if (!r->out && errno == EEXIST && unlink(name.p) == 0) r->out = fopen(name.p, "wxe");
  buf_free(&name);
  if (!r->out) return no_room(r, e);
  if (r->heading.n)
    fprintf(r->out, "%.*s%.*sline%.*sreason\n", (int)r->heading.n, r->heading.p, STR_ARG(r->shape->sep), STR_ARG(r->shape->sep));
  return true;
}

static bool write_row(Rejects *r, const Reject *row, Err *e) {
  if (!r->out && !open_file(r, e)) return false;
  Buf line = {0}, why = {0};
  buf_str(&line, row->raw);
  buf_str(&line, r->shape->sep);
  buf_printf(&line, "%llu", (unsigned long long)row->line);
  buf_str(&line, r->shape->sep);
  if (row->column.n) buf_printf(&why, "%.*s: ", STR_ARG(row->column));
  if (row->value.n) buf_printf(&why, "'%.*s' ", STR_ARG(row->value));
  buf_str(&why, row->reason);
  csv_put(r->shape, buf_view(&why), &line);
  buf_char(&line, '\n');
  bool ok = fwrite(line.p, 1, line.n, r->out) == line.n;
  buf_free(&line);
  buf_free(&why);
  return ok || no_room(r, e);
}

bool rejects_add(Rejects *r, const Reject *row, Err *e) {
  r->total++;
  count(r, row);
  if (r->nsample < REJECT_SAMPLES) {
    Reject *s = &r->sample[r->nsample++];
    *s = *row;
    s->column = keep(r, row->column);
    s->value = keep(r, str_sub(row->value, 0, 60));
    s->reason = keep(r, row->reason);
    s->raw = s->group = s->hint = (Str){"", 0};
  }
  return !r->path || write_row(r, row, e);
}

bool rejects_keep(Rejects *r, bool *kept, Err *e) {
  *kept = r->out != NULL;
  if (!r->out) return true;
  Buf name = {0};
  part_name(r, &name);
  bool ok = fclose(r->out) == 0 && rename(name.p, r->path) == 0;
  r->out = NULL;
  if (!ok) {
    no_room(r, e);
    unlink(name.p);
  }
  buf_free(&name);
  return ok;
}

void rejects_free(Rejects *r) {
  if (r->out) {
    Buf name = {0};
    part_name(r, &name);
    fclose(r->out);
    unlink(name.p);
    buf_free(&name);
  }
  buf_free(&r->heading);
  arena_free(&r->arena);
  *r = (Rejects){0};
}

void rejects_print(const Rejects *r, const char *file, Buf *out) {
  for (size_t i = 0; i < r->nsample; i++) {
    const Reject *s = &r->sample[i];
    buf_printf(out, "%s:%llu: ", file, (unsigned long long)s->line);
    if (s->column.n) buf_printf(out, "column %.*s: ", STR_ARG(s->column));
    if (s->value.n) buf_printf(out, "'%.*s' ", STR_ARG(s->value));
    buf_printf(out, "%.*s\n", STR_ARG(s->reason));
  }
  if (r->total > r->nsample) buf_printf(out, "  and %llu more\n", (unsigned long long)(r->total - r->nsample));
  for (size_t i = 0; i < r->ngroup; i++) {
    const RejectGroup *g = &r->group[i];
    buf_printf(out, "  %.*s: %llu row%s, first on line %llu\n", STR_ARG(g->group), (unsigned long long)g->count,
               g->count == 1 ? "" : "s", (unsigned long long)g->line);
    if (g->hint.n) buf_printf(out, "    %.*s\n", STR_ARG(g->hint));
  }
  if (r->more_groups) buf_puts(out, "  and other reasons\n");
}
