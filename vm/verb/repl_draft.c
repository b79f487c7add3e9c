/* A session as the draft of a playbook. */
#include "verb/repl.h"

#include <stdio.h>
#include <string.h>

static void quoted(Str s, Buf *out) {
  buf_char(out, '"');
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '"' || s.p[i] == '\\') buf_char(out, '\\');
    if (s.p[i] == '\n') buf_puts(out, "\\n");
    else buf_char(out, s.p[i]);
  }
  buf_char(out, '"');
}

/* Does a later entry speak of it by this name, _7 or _? */
static bool spoken_of(const Repl *r, size_t from, const char *name) {
  size_t n = strlen(name);
  for (size_t i = from; i < r->nsaid; i++)
    for (const char *text = r->said[i].text, *p = text; (p = strstr(p, name)) != NULL; p++)
      if ((p == text || !str_name_byte(p[-1])) && !str_name_byte(p[n])) return true;
  return false;
}

static void indented(Str text, Buf *out) {
  for (Str rest = text; rest.p;) {
    Str line = str_split(rest, '\n', &rest);
    buf_puts(out, "    ");
    buf_str(out, line);
    buf_char(out, '\n');
  }
}

/* An entry as an expression of Lua. */
static void expression(const Said *s, Str text, Buf *out) {
  if (s->kind == SAID_CONDITION) buf_puts(out, "accounts ");
  if (s->kind == SAID_VALUE) buf_str(out, text);
  else quoted(text, out);
}

/* What the session showed of itself the playbook shows by book:show; results that are spoken of later get a name. */
static void entry(const Repl *r, size_t at, Buf *out) {
  const Said *s = &r->said[at];
  Str text = str_of(s->text);
  char number[24];
  snprintf(number, sizeof number, "_%d", s->line);
  if (s->kind == SAID_LUA || s->change) {
    indented(text, out);
    return;
  }
  if (s->kind != SAID_VALUE) text = str_trim(str_sub(text, 1, text.n)); /* without the = */
  bool numbered = spoken_of(r, at + 1, number), last = spoken_of(r, at + 1, "_");
  if (s->kind == SAID_FIGURE) {
    buf_puts(out, "    book:show(");
    quoted(text, out);
    buf_puts(out, ", accounts, \"code, name, \" .. ");
    quoted(text, out);
    buf_puts(out, ")\n");
    return;
  }
  if (numbered || last) {
    buf_printf(out, "    %s = ", numbered ? number : "_");
    expression(s, text, out);
    if (numbered && last) buf_printf(out, "; _ = %s", number);
    buf_char(out, '\n');
  }
  buf_puts(out, "    book:show(");
  quoted(text, out);
  buf_puts(out, ", ");
  if (numbered || last) buf_puts(out, numbered ? number : "_");
  else expression(s, text, out);
  buf_puts(out, ")\n");
}

void repl_draft(const Repl *r, Str name, Buf *out) {
  buf_puts(out, "-- A draft from a session: what was typed, in order. Give it a title.\nreturn playbook {\n  name   = ");
  quoted(name, out);
  buf_puts(out, ",\n  title  = ");
  quoted(name, out);
  buf_puts(out, ",\n  writes = {");
  for (size_t i = 0; i < r->nwrites; i++) {
    buf_puts(out, i ? ", " : " ");
    quoted(str_of(r->writes[i]), out);
  }
  buf_puts(out, r->nwrites ? " },\n  run = function(book)\n" : "},\n  run = function(book)\n");
  for (size_t i = 0; i < r->nsaid; i++) entry(r, i, out);
  buf_puts(out, "  end,\n}\n");
}
