/* why: who set a field, by which row of which table, on which figures. Read from the log alone. */
#include "run/json.h"
#include "run/lookup.h"
#include "run/rawtext.h"
#include "run/run.h"
#include "run/whynot.h"

#include "base/lang.h"

void why_indented(Buf *out, Str text, int by) {
  while (text.p) {
    Str line = str_split(text, '\n', &text);
    if (!line.n) continue;
    buf_fill(out, ' ', (size_t)by);
    buf_str(out, line);
    buf_char(out, '\n');
  }
}

void why_run(const RunRef *r, Buf *out) {
  buf_say(out, "run %lld", (long long)r->id);
  if (!r->undoes) buf_printf(out, " %.*s", STR_ARG(r->what));
  else buf_say(out, ", undo of run %lld", (long long)r->undoes);
  if (r->undone.n && !str_starts(r->undone, "undo ")) buf_printf(out, " %.*s", STR_ARG(r->undone));
  buf_printf(out, ", %.*s", STR_ARG(r->asof));
}

static void set_by(const RunRef *r, Buf *out) {
  buf_say(out, "set by ");
  why_run(r, out);
  buf_say(out, ", by %.*s", STR_ARG(r->actor));
}

Val why_output(const DecisionRef *d, Str field, Arena *a) {
  Str *name;
  Val *val;
  size_t n;
  if (json_read(d->outputs, a, &name, &val, &n))
    for (size_t i = 0; i < n; i++)
      if (str_eq(name[i], field)) return val[i];
  return val_null();
}

/* What a table gave, in words: money and percents are decimals there, not stored integers. */
static void print_output(Store *s, Val v, Buf *out) {
  FmtEnv env = store_host(s)->fmt;
  env.null = "(none)";
  fmt_val(v, UNIT_NONE, (Fmt){.kind = FMT_AUTO, .decimals = -1}, &env, out);
}

static bool current_value(Store *s, const RowRef *row, Str field, Arena *a, Val *out, Err *e) {
  Val bind = val_int(row->id);
  char *sql = arena_printf(a, "SELECT \"%.*s\" FROM \"%s\" WHERE id = ?1", STR_ARG(field), row->ent->table);
  return store_value(s, sql, &bind, 1, a, out, e);
}

static bool is_stored(const RowRef *row, Str field) {
  const CatColumn *c = catalog_column(row->ent, field);
  return !c || !c->sql;
}

/* A figure that playbooks publish is no column of its row. NULL: it is none. */
static const HostField *published(Store *s, const RowRef *row, Str field) {
  const FeelHost *h = store_host(s);
  const HostField *f = h->field(h->ctx, row->ent->number, field);
  return f && f->published ? f : NULL;
}

/* The last snapshot up to the day. */
static bool why_published(Store *s, const RowRef *row, const HostField *f, Day day, Arena *a, Buf *out, Err *e) {
  const FeelHost *h = store_host(s);
  Val v;
  Day last = day == DAY_ANY ? day_of(9999, 12, 31) : day;
  if (!h->column(h->ctx, row->ent->number, f, last, &row->id, 1, a, &v, e)) return false;
  FmtEnv env = h->fmt;
  env.null = _("unknown");
  fmt_val(v, f->type.unit, FMT_NONE, &env, out);
  buf_say(out, " · a published figure: its rule stands in the playbook that publishes it\n");
  return true;
}

bool why_find(Store *s, const RowRef *row, Str field, Day day, Arena *a, FieldAnswer *out, Err *e) {
  *out = (FieldAnswer){.value = val_null()};
  Val now;
  if (!lookup_decision(s, row, field, 0, day, a, &out->decided, e)) return false;
  Err no_field = {0};
  out->stored = lookup_field(s, row->ent, field, &no_field);
  const HostField *figure = published(s, row, field);
  if (figure) out->stored = false;
  if (!out->stored && (figure ? out->decided.masked : !out->decided.run.id || out->decided.masked)) {
    err_move(e, &no_field);
    return false;
  }
  err_free(&no_field);
  bool noted = false; /* in the history up to that day */
  if (day != DAY_ANY && out->stored && lookup_dated(s, row->ent, field) &&
      !lookup_change_on(s, row, field, day, a, &noted, &out->run, &out->was, &out->value, e))
    return false;
  if (!noted && !lookup_change(s, row, field, a, &out->run, &out->was, &now, e)) return false;
  return noted || !out->stored || !is_stored(row, field) || current_value(s, row, field, a, &out->value, e);
}

void why_value(Store *s, const RowRef *row, Str field, const FieldAnswer *f, Arena *a, Buf *out) {
  if (f->stored) raw_print(s, NULL, row->ent, field, f->value, out);
  else print_output(s, why_output(&f->decided, field, a), out);
}

static bool why_field(Store *s, const RowRef *row, Str field, Day day, Arena *a, Buf *out, Err *e) {
  FieldAnswer f;
  if (!why_find(s, row, field, day, a, &f, e)) return false;
  const DecisionRef *d = &f.decided;
  const HostField *figure = published(s, row, field);
  if (figure && !d->run.id) return why_published(s, row, figure, day, a, out, e);
  bool told = !f.stored && str_starts(d->why, arena_strndup(a, field.p, field.n)); /* a score says itself what it is */
  if (!told) {
    why_value(s, row, field, &f, a, out);
    buf_puts(out, " · ");
  }
  if (f.run.id) {
    set_by(&f.run, out);
    if (f.was.t != V_NULL) {
      buf_say(out, " (was ");
      raw_print(s, NULL, row->ent, field, f.was, out);
      buf_char(out, ')');
    }
  } else if (d->run.id) {
    buf_say(out, "decided by ");
    why_run(&d->run, out);
    buf_say(out, ", by %.*s", STR_ARG(d->run.actor));
  } else {
    buf_say(out, "no run set it: it came with the data");
  }
  buf_char(out, '\n');
  if (d->run.id && f.run.id && d->run.id != f.run.id) {
    buf_say(out, f.run.undoes ? "  decided by " : N_("  decided again by "));
    why_run(&d->run, out);
    buf_char(out, '\n');
  }
  if (d->run.id) why_indented(out, d->why, 2);
  return true;
}

bool why_member(Store *s, const RowRef *row, Str segment, Arena *a, Membership *m, RunRef *run, Err *e) {
  if (!lookup_member(s, row, segment, a, m, e)) return false;
  if (!m->segment) return err_set(e, ERR_FAIL, "there is no segment '%.*s'", STR_ARG(segment));
  *run = (RunRef){0};
  return !m->row || lookup_touch(s, "segment_member", m->row, a, run, e);
}

static bool why_segment(Store *s, const RowRef *row, Str segment, Arena *a, Buf *out, Err *e) {
  Membership m = {0};
  RunRef run = {0};
  DecisionRef *d = NULL;
  size_t n = 0;
  if (!why_member(s, row, segment, a, &m, &run, e)) return false;
  if (run.id && !lookup_decisions(s, row, run.id, a, &d, &n, e)) return false;
  if (!m.row)
    buf_say(out, "was never in segment %.*s", STR_ARG(segment));
  else if (m.to.n)
    buf_say(out, "left on %.*s", STR_ARG(m.to));
  else
    buf_say(out, "in segment %.*s since %.*s", STR_ARG(segment), STR_ARG(m.from));
  if (run.id) {
    buf_puts(out, " · ");
    set_by(&run, out);
  }
  buf_char(out, '\n');
  for (size_t i = 0; i < n; i++) {
    buf_printf(out, "  %.*s\n", STR_ARG(d[i].table));
    why_indented(out, d[i].why, 4);
  }
  return true;
}

bool run_why_on(Store *s, const char *entity, Str key, Str field, Day day, Buf *out, Err *e) {
  RowRef row;
  if (!lookup_row(s, entity, key, &row, e)) return false;
  Arena a = {0};
  bool ok = str_starts(field, "segment:") ? why_segment(s, &row, str_sub(field, 8, field.n), &a, out, e)
                                          : why_field(s, &row, field, day, &a, out, e);
  arena_free(&a);
  return ok;
}

bool run_why(Store *s, const char *entity, Str key, Str field, Buf *out, Err *e) {
  return run_why_on(s, entity, key, field, DAY_ANY, out, e);
}
