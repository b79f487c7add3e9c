/* Values as text and back: string(), number(), the typed texts of test cases and models. */
#include "feel/std.h"

#include "base/dec.h"
#include "base/lang.h"
#include "feel/lex.h"
#include "feel/temporal.h"

#include <string.h>

const char *standard_kind(Val v) {
  static const char *const name[] = {
      [STD_ANY] = N_("value"),        [STD_NULL] = N_("null"),
      [STD_NUMBER] = N_("number"),    [STD_STRING] = N_("string"),
      [STD_BOOLEAN] = N_("boolean"),  [STD_DATE] = N_("date"),
      [STD_TIME] = N_("time"),        [STD_DATE_TIME] = N_("date and time"),
      [STD_DAYS_DURATION] = N_("days and time duration"), [STD_MONTHS_DURATION] = N_("years and months duration"),
      [STD_LIST] = N_("list"),        [STD_RANGE] = N_("range"),
      [STD_CONTEXT] = N_("context"),  [STD_FUNCTION] = N_("function")};
  return _(name[std_kind(v)]);
}

/* --- printing; parts that are shared make a text longer than the memory that its value takes */

typedef struct Print {
  Buf *out;
  size_t most; /* bytes of out, behind which nothing more is written */
} Print;
static void print(Val v, bool inside, int depth, const Print *p);

static bool plain_key(Str s) {
  bool ok = s.n > 0;
  for (size_t at = 0; at < s.n;) {
    bool first = at == 0;
    uint32_t c = utf8_next(s, &at);
    ok = ok && (first ? lex_name_start(DIALECT_STANDARD, c) : lex_name_part(DIALECT_STANDARD, c));
  }
  return ok;
}

static void quoted(Str s, Buf *out) {
  buf_char(out, '"');
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '"' || s.p[i] == '\\') buf_char(out, '\\');
    buf_char(out, s.p[i]);
  }
  buf_char(out, '"');
}

static void print_context(const ValContext *c, int depth, const Print *p) {
  Buf *out = p->out;
  buf_char(out, '{');
  for (size_t i = 0; i < c->n; i++) {
    if (i) buf_puts(out, ", ");
    if (plain_key(c->entry[i].key)) buf_str(out, c->entry[i].key);
    else quoted(c->entry[i].key, out);
    buf_puts(out, ": ");
    print(c->entry[i].val, true, depth + 1, p);
  }
  buf_char(out, '}');
}

static void print_range(Val v, int depth, const Print *p) {
  Buf *out = p->out;
  buf_char(out, v.e & VAL_RANGE_LOW_IN ? '[' : '(');
  if (v.u.v[0].t != V_NULL) print(v.u.v[0], true, depth + 1, p);
  buf_puts(out, "..");
  if (v.u.v[1].t != V_NULL) print(v.u.v[1], true, depth + 1, p);
  buf_char(out, v.e & VAL_RANGE_HIGH_IN ? ']' : ')');
}

static void print_list(Val v, int depth, const Print *p) {
  Buf *out = p->out;
  buf_char(out, '[');
  for (uint32_t i = 0; i < v.n; i++) {
    if (i) buf_puts(out, ", ");
    print(v.u.v[i], true, depth + 1, p);
  }
  buf_char(out, ']');
}

/* All its digits: FEEL's numbers are written without exponents. */
static void print_number(Val v, Buf *out) {
  Dec d = {0};
  dec_of(v, &d);
  d = dec_strip(d);
  num_fixed(v, d.q < 0 ? -d.q : 0, false, out);
}

static void print(Val v, bool inside, int depth, const Print *p) {
  Buf *out = p->out;
  if (depth > 2 * STD_NEST || out->n > p->most) {
    buf_puts(out, "…");
    return;
  }
  switch (std_kind(v)) {
  case STD_NULL:
  case STD_ANY: buf_puts(out, "null"); break;
  case STD_NUMBER: print_number(v, out); break;
  case STD_STRING:
    if (inside) quoted(val_str(v), out);
    else buf_str(out, val_str(v));
    break;
  case STD_BOOLEAN: buf_puts(out, v.u.i ? "true" : "false"); break;
  case STD_LIST: print_list(v, depth, p); break;
  case STD_RANGE: print_range(v, depth, p); break;
  case STD_CONTEXT: print_context(v.u.p, depth, p); break;
  case STD_FUNCTION: buf_puts(out, "function"); break;
  default: temporal_print(v, out);
  }
}

void standard_print(Val v, Buf *out) {
  Print p = {out, out->n + STD_TEXT};
  print(v, false, 0, &p);
}

static Val string(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  if (arg[0].t == V_NULL || arg[0].t == V_TEXT) return arg[0];
  Buf b = {0};
  standard_print(arg[0], &b);
  if (b.n <= STD_TEXT) return std_text(s, &b);
  buf_free(&b);
  return standard_null(s, "a text of more than 8 MiB");
}

/* --- number("1 000,5", " ", ",") */

static Val number(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  char group = 0, point = '.';
  bool given = arg[1].t == V_TEXT, pointed = arg[2].t == V_TEXT;
  if (given && (arg[1].n != 1 || !memchr(" ,.", arg[1].u.s[0], 3)))
    return standard_null(s, "digits are grouped by a blank, a comma or a point");
  if (pointed && (arg[2].n != 1 || !memchr(",.", arg[2].u.s[0], 2)))
    return standard_null(s, "decimals follow a comma or a point");
  if (given) group = arg[1].u.s[0];
  if (pointed) point = arg[2].u.s[0];
  if (given && pointed && group == point) return standard_null(s, "the two signs must differ");
  Str in = val_str(arg[0]);
  Buf b = {0};
  for (size_t i = 0; i < in.n; i++) {
    if (given && in.p[i] == group) continue;
    buf_char(&b, in.p[i] == point ? '.' : in.p[i] == '.' ? '?' : in.p[i]);
  }
  Val v;
  bool ok = num_parse(buf_view(&b), &v, s->arena);
  buf_free(&b);
  return ok ? v : standard_null(s, "\"%.*s\" is no number", STR_ARG(in));
}

const Builtin std_convert_table[] = {
    {"string", "afrom", string, "A value as text."},
    {"number", "sfrom,s!grouping separator,s!decimal separator", number, "The number that a text names."},
};
const size_t std_convert_n = sizeof std_convert_table / sizeof *std_convert_table;

/* --- typed texts */

static bool read_boolean(Str text, Val *out) {
  bool yes = str_is(text, "true") || str_is(text, "1");
  if (!yes && !str_is(text, "false") && !str_is(text, "0")) return false;
  *out = val_bool(yes);
  return true;
}

static bool read_number(Str text, Arena *a, Val *out) {
  if (text.n > 1 && text.p[0] == '+') text = str_sub(text, 1, text.n);
  return num_parse(text, out, a);
}

bool standard_read(Str type, Str text, Arena *a, Val *out) {
  const char *colon = type.n ? memchr(type.p, ':', type.n) : NULL;
  if (colon) type = str_sub(type, (size_t)(colon - type.p) + 1, type.n);
  const StdType *t = standard_builtin_type(type);
  if (!t) return false;
  if (t->kind == STD_STRING) {
    *out = val_text((Str){arena_strndup(a, text.p ? text.p : "", text.n), text.n});
    return true;
  }
  text = str_trim(text);
  if (t->kind == STD_BOOLEAN) return read_boolean(text, out);
  if (t->kind == STD_NUMBER) return read_number(text, a, out);
  Val v;
  if (!temporal_parse_standard(text, a, &v)) return false;
  if (t->kind == STD_DATE_TIME && v.t == V_DATE) v = moment_midnight(v, a);
  bool any_duration = str_is(type, "duration") && (v.t == V_SECS || v.t == V_MONTHS);
  if (std_kind(v) != t->kind && !any_duration) return false;
  *out = v;
  return true;
}
