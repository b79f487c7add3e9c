#include "store/import_reject.h"

#include "base/num.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static Str keep(Rejects *r, Str s) { return (Str){arena_strndup(&r->arena, s.p, s.n), s.n}; }

/* How many of its group there are by now. */
static uint64_t count(Rejects *r, const Reject *row) {
  for (size_t i = 0; i < r->ngroup; i++)
    if (str_eq(r->group[i].group, row->group)) return ++r->group[i].count;
  if (r->ngroup == REJECT_GROUPS) {
    r->more_groups = true;
    return REJECT_ALIKE + 1;
  }
  if (!r->group) r->group = arena_alloc(&r->arena, REJECT_GROUPS * sizeof *r->group);
  r->group[r->ngroup++] = (RejectGroup){keep(r, row->group), keep(r, row->hint), 1, row->line};
  return 1;
}

static bool no_room(const Rejects *r, Err *e) {
  err_set(e, ERR_FAIL, "rejected rows cannot be written to %s: %s", r->path, strerror(errno));
  return err_todo(e, "name another file: --rejects FILE");
}

static void part_name(const Rejects *r, Buf *out) { buf_printf(out, "%s.part", r->target); }

/* Where the rows go in the end: behind links. A device or a pipe is written to, never replaced. */
static void find_target(Rejects *r) {
  struct stat st;
  bool there = stat(r->path, &st) == 0;
  r->direct = there ? !S_ISREG(st.st_mode) : lstat(r->path, &st) == 0;
  char *behind = there && !r->direct ? realpath(r->path, NULL) : NULL;
  const char *target = behind ? behind : r->path;
  r->target = arena_strndup(&r->arena, target, strlen(target));
  free(behind);
}

static bool open_file(Rejects *r, Err *e) {
  Buf name = {0};
  find_target(r);
  part_name(r, &name);
  r->out = r->direct ? fopen(r->target, "we") : fopen(name.p, "wxe");
  if (!r->out && !r->direct && errno == EEXIST && unlink(name.p) == 0) r->out = fopen(name.p, "wxe");
  buf_free(&name);
  if (!r->out) return no_room(r, e);
  if (r->heading.n)
    fprintf(r->out, "%.*s%.*sline%.*sreason\n", (int)r->heading.n, r->heading.p, STR_ARG(r->shape->sep),
            STR_ARG(r->shape->sep));
  return true;
}

static bool write_row(Rejects *r, const Reject *row, Err *e) {
  if (!r->out && !open_file(r, e)) return false;
  Buf line = {0};
  buf_str(&line, row->raw);
  buf_str(&line, r->shape->sep);
  buf_printf(&line, "%llu", (unsigned long long)row->line);
  buf_str(&line, r->shape->sep);
  csv_put(r->shape, row->all.n ? row->all : row->reason, &line);
  buf_char(&line, '\n');
  bool ok = fwrite(line.p, 1, line.n, r->out) == line.n;
  buf_free(&line);
  return ok || no_room(r, e);
}

static void keep_sample(Rejects *r, Reject *s, const Reject *row) {
  *s = *row;
  s->column = keep(r, row->column);
  s->value = keep(r, str_sub(row->value, 0, 60));
  s->reason = keep(r, row->reason);
  s->raw = s->group = s->hint = s->all = (Str){"", 0};
}

bool rejects_add(Rejects *r, const Reject *row, Err *e) {
  r->total += !row->also;
  uint64_t alike = count(r, row);
  if (row->also) return true;
  if (r->nsample < REJECT_SAMPLES && alike <= REJECT_ALIKE) keep_sample(r, &r->sample[r->nsample++], row);
  else if (!r->spare.reason.n) keep_sample(r, &r->spare, row);
  return !r->path || write_row(r, row, e);
}

bool rejects_keep(Rejects *r, bool *kept, Err *e) {
  *kept = r->out != NULL;
  if (!r->out) return true;
  Buf name = {0};
  part_name(r, &name);
  bool ok = fclose(r->out) == 0 && (r->direct || rename(name.p, r->target) == 0);
  r->out = NULL;
  if (!ok) {
    no_room(r, e);
    if (!r->direct) unlink(name.p);
  }
  buf_free(&name);
  return ok;
}

void rejects_free(Rejects *r) {
  if (r->out) {
    Buf name = {0};
    part_name(r, &name);
    fclose(r->out);
    if (!r->direct) unlink(name.p);
    buf_free(&name);
  }
  buf_free(&r->heading);
  arena_free(&r->arena);
  *r = (Rejects){0};
}

void reject_text(const Reject *row, Buf *out) {
  if (row->column.n) buf_printf(out, "%.*s: ", STR_ARG(row->column));
  if (row->value.n) buf_printf(out, "'%.*s' ", STR_ARG(row->value));
  buf_str(out, row->reason);
}

static void print_sample(const Reject *s, const char *file, Buf *out) {
  buf_printf(out, "%s:%llu: ", file, (unsigned long long)s->line);
  reject_text(s, out);
  buf_char(out, '\n');
}

void rejects_print(const Rejects *r, const char *file, Buf *out) {
  bool spare = r->total == r->nsample + 1; /* a line about one more row would take as much room */
  for (size_t i = 0; i < r->nsample; i++) {
    if (spare && r->spare.line < r->sample[i].line) {
      print_sample(&r->spare, file, out);
      spare = false;
    }
    print_sample(&r->sample[i], file, out);
  }
  if (spare) {
    print_sample(&r->spare, file, out);
  } else if (r->total > r->nsample + 1) {
    buf_say(out, "… and ");
    num_fixed(val_int((int64_t)(r->total - r->nsample)), 0, true, out);
    buf_say(out, " more rows\n");
  }
  for (size_t i = 0; i < r->ngroup; i++) {
    const RejectGroup *g = &r->group[i];
    buf_printf(out, "  %.*s: ", STR_ARG(g->group));
    num_fixed(val_int((int64_t)g->count), 0, true, out);
    buf_say(out, " row%s, first on line %llu\n", g->count == 1 ? "" : "s", (unsigned long long)g->line);
    if (g->hint.n) buf_printf(out, "    %.*s\n", STR_ARG(g->hint));
  }
  if (r->more_groups) buf_say(out, "  and other reasons\n");
}
