/* why and whynot for programs. */
#include "run/json.h"
#include "run/rawtext.h"
#include "run/run.h"
#include "run/whynot.h"

static void member(Buf *out, const char *name) {
  if (out->n && out->p[out->n - 1] != '{') buf_char(out, ',');
  json_text(str_of(name), out);
  buf_char(out, ':');
}

static void text(Buf *out, const char *name, Str s) {
  member(out, name);
  if (s.n) json_text(s, out);
  else buf_puts(out, "null");
}

static void number(Buf *out, const char *name, int64_t n) {
  member(out, name);
  buf_printf(out, "%lld", (long long)n);
}

static void object(Buf *out, const char *name, Str json) {
  member(out, name);
  buf_str(out, json.n ? json : STR("null"));
}

static void asked(Buf *out, const char *entity, Str key, Str field) {
  buf_char(out, '{');
  text(out, "entity", str_of(entity));
  text(out, "key", key);
  text(out, "field", field);
}

static void run_members(Buf *out, const RunRef *r) {
  number(out, "run", r->id);
  text(out, "what", r->what);
  text(out, "as_of", r->asof);
  text(out, "by", r->actor);
  if (r->undoes) number(out, "undoes", r->undoes);
}

static void set_by(Buf *out, const RunRef *r) {
  member(out, "set_by");
  if (!r->id) {
    buf_puts(out, "null");
    return;
  }
  buf_char(out, '{');
  run_members(out, r);
  buf_char(out, '}');
}

/* What the figures lack that are not known, a text each. */
static void roots(Buf *out, Str lines) {
  member(out, "roots");
  buf_char(out, '[');
  for (bool first = true; lines.p && lines.n;) {
    Str line = str_trim(str_split(lines, '\n', &lines));
    if (!line.n) continue;
    if (!first) buf_char(out, ',');
    first = false;
    json_text(line, out);
  }
  buf_char(out, ']');
}

/* hit and blocked count the rows of the table from 1; -1 is its else row, -2 its unknown row. */
static void decision(Buf *out, const DecisionRef *d) {
  buf_char(out, '{');
  run_members(out, &d->run);
  text(out, "table", d->table);
  number(out, "row", d->hit);
  if (d->blocked) number(out, "undecided_row", d->blocked);
  if (d->masked) {
    member(out, "masked");
    buf_puts(out, "true");
  }
  object(out, "inputs", d->inputs);
  object(out, "outputs", d->outputs);
  if (d->roots.n) roots(out, d->roots);
  text(out, "words", str_trim(d->why));
  buf_char(out, '}');
}

static bool field_json(Store *s, const char *entity, Str key, const RowRef *row, Str field, Day day, Arena *a, Buf *out,
                       Err *e) {
  FieldAnswer f;
  if (!why_find(s, row, field, day, a, &f, e)) return false;
  Buf words = {0};
  asked(out, entity, key, field);
  why_value(s, row, field, &f, a, &words);
  text(out, "value", buf_view(&words));
  if (f.was.t != V_NULL) {
    buf_clear(&words);
    raw_print(s, NULL, row->ent, field, f.was, &words);
    text(out, "was", buf_view(&words));
  }
  buf_free(&words);
  set_by(out, &f.run);
  member(out, "decision");
  if (f.decided.run.id) decision(out, &f.decided);
  else buf_puts(out, "null");
  buf_puts(out, "}\n");
  return true;
}

static bool segment_json(Store *s, const char *entity, Str key, const RowRef *row, Str field, Arena *a, Buf *out, Err *e) {
  Membership m = {0};
  RunRef run = {0};
  DecisionRef *d = NULL;
  size_t n = 0;
  if (!why_member(s, row, str_sub(field, 8, field.n), a, &m, &run, e)) return false;
  if (run.id && !lookup_decisions(s, row, run.id, a, &d, &n, e)) return false;
  asked(out, entity, key, field);
  member(out, "member");
  buf_puts(out, m.row && !m.to.n ? "true" : "false");
  text(out, "from", m.from);
  text(out, "to", m.to);
  set_by(out, &run);
  member(out, "decisions");
  buf_char(out, '[');
  for (size_t i = 0; i < n; i++) {
    if (i) buf_char(out, ',');
    decision(out, &d[i]);
  }
  buf_puts(out, "]}\n");
  return true;
}

bool run_why_json(Store *s, const char *entity, Str key, Str field, Day day, Buf *out, Err *e) {
  RowRef row;
  if (!lookup_row(s, entity, key, &row, e)) return false;
  Arena a = {0};
  bool ok = str_starts(field, "segment:") ? segment_json(s, entity, key, &row, field, &a, out, e)
                                          : field_json(s, entity, key, &row, field, day, &a, out, e);
  arena_free(&a);
  return ok;
}

bool run_whynot_json(Store *s, const char *entity, Str key, Str field, Str value, Day day, Buf *out, Err *e) {
  Buf words = {0};
  bool ok = run_whynot_on(s, entity, key, field, value, day, &words, e);
  if (ok) {
    asked(out, entity, key, field);
    text(out, "value", value);
    text(out, "words", str_trim(buf_view(&words)));
    buf_puts(out, "}\n");
  }
  buf_free(&words);
  return ok;
}
