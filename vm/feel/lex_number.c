/* Numbers with what may follow them in the rules dialect: 15% 50万 90d 1h30min,
 * dates and quarters. All exact: the digits become a decimal, a unit its exponent. */
#include "feel/lex.h"

#include "base/lang.h"
#include "base/num.h"
#include "feel/window.h"

static const struct { const char *name; int64_t secs, months; } spans[] = {
    {"d", 86400, 0}, {"w", 604800, 0}, {"h", 3600, 0}, {"min", 60, 0}, {"s", 1, 0},
    {"m", 0, 1},     {"q", 0, 3},      {"y", 0, 12},
};
static const struct { const char *name; int exponent; } scales[] = {{"万", 4}, {"亿", 8}};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static bool digit(uint32_t c) { return c >= '0' && c <= '9'; }

static size_t digits(const Lexer *lx, size_t at, Buf *into) {
  size_t next;
  for (uint32_t c; digit(c = lex_char(lx, at, &next)); at = next) buf_char(into, (char)c);
  return at;
}

/* digits [. digits] [e [+-] digits]; the parts land in *into as plain ASCII. */
static size_t decimal(const Lexer *lx, size_t at, Buf *into) {
  size_t next, second, third;
  at = digits(lx, at, into);
  if (lex_char(lx, at, &next) == '.' && digit(lex_char(lx, next, &second))) {
    buf_char(into, '.');
    at = digits(lx, next, into);
  }
  uint32_t c = lex_char(lx, at, &next);
  if (c != 'e' && c != 'E') return at;
  uint32_t sign = lex_char(lx, next, &second);
  size_t from = sign == '+' || sign == '-' ? second : next;
  if (!digit(lex_char(lx, from, &third))) return at;
  buf_char(into, 'e');
  if (from == second) buf_char(into, (char)sign);
  return digits(lx, from, into);
}

static size_t run(const Lexer *lx, size_t at, bool with_digits) {
  size_t next;
  for (uint32_t c; lex_name_part(DIALECT_RULES, c = lex_char(lx, at, &next)); at = next)
    if (!with_digits && digit(c)) break;
  return at;
}

static bool wrong(const Lexer *lx, size_t at, size_t to) {
  to = run(lx, to, true);
  src_err(lx->e, lx->src, at, to - at, "%.*s is no number", (int)(to - at), lx->src->text.p + at);
  if (lx->dialect == DIALECT_STANDARD) return false;
  return err_todo(lx->e,
                  "after a number may stand %% 万 亿, or d w m q y h min s for a duration: 90d, 12m");
}

static bool huge(const Lexer *lx, size_t at, size_t to) {
  return src_err(lx->e, lx->src, at, to - at, "a number too large to count with");
}

static bool put(size_t at, size_t to, Val v, Unit unit, Tok *out) {
  *out = (Tok){.kind = TOK_LIT, .at = (uint32_t)at, .len = (uint32_t)(to - at), .lit = v, .unit = unit};
  return true;
}

static bool scaled(const Lexer *lx, Str text, int exponent, Val *out) { /* text × 10^exponent */
  if (!num_parse(text, out, lx->arena)) return false;
  if (exponent) *out = num_mul(*out, val_dec(1, exponent), lx->arena);
  return out->t != V_NULL;
}

static bool add_span(const Lexer *lx, Str text, int64_t secs, int64_t months, Val *sum) {
  Val v;
  int64_t n;
  if (!num_parse(text, &v, lx->arena)) return false;
  Val all = num_mul(v, val_int(months ? months : secs), lx->arena);
  if (sum->t != V_NULL) {
    Val before = months ? val_int(sum->u.i) : val_dec(sum->u.i, sum->e);
    all = num_add(all, before, lx->arena);
  }
  if (all.t == V_NULL) return false;
  if (months) {
    if (!num_int(all, &n) || n > INT32_MAX) return false;
    *sum = val_months(n);
    return true;
  }
  for (int e = 0; e <= 9; e++)
    if (num_minor(all, e, &n, NULL)) {
      *sum = (Val){.t = V_SECS, .e = (int8_t)-e, .u.i = n};
      return true;
    }
  return false;
}

/* 1h30min, 12m, 1y6m: amounts and units until neither follows. *end > at when it was one. */
static bool duration(const Lexer *lx, size_t at, Val *out, size_t *end) {
  Buf b = {0};
  bool ok = true;
  size_t i = at, next;
  *out = val_null();
  while (ok && digit(lex_char(lx, i, &next))) {
    buf_clear(&b);
    size_t amount = decimal(lx, i, &b), to = run(lx, amount, false);
    Str unit = str_sub(lx->src->text, amount, to);
    size_t k = 0;
    while (k < COUNT(spans) && !str_is(unit, spans[k].name)) k++;
    ok = k < COUNT(spans) && (out->t == V_NULL || (out->t == V_MONTHS) == (spans[k].months > 0)) &&
         add_span(lx, buf_view(&b), spans[k].secs, spans[k].months, out);
    i = to;
  }
  buf_free(&b);
  *end = i;
  return ok && i > at;
}

static int two(const char *p) { return (p[0] - '0') * 10 + (p[1] - '0'); }

static bool no_date(const Lexer *lx, size_t at, size_t n, const char *p) {
  int year = two(p) * 100 + two(p + 2), month = two(p + 5);
  src_err(lx->e, lx->src, at, n, "%.*s is no date", (int)n, lx->src->text.p + at);
  if (year < 1 || month < 1 || month > 12)
    return err_todo(lx->e, "dates are written year-month-day: 2026-11-01");
  return err_todo(lx->e, "that month has %d days", month_length(year, month));
}

/* 2026-11-01. `*end` stays `at` when this is no date at all. 2026-1-5 and 2026/1/5 would be sums
 * in the standard, which is never what was meant. */
static bool date(const Lexer *lx, size_t at, Tok *out, size_t *end) {
  char p[10];
  int part = 0, n[3] = {0, 0, 0};
  bool slash = false;
  size_t i = at, next, k = 0;
  *end = at;
  for (uint32_t c; k < 10; i = next) {
    c = lex_char(lx, i, &next);
    if (digit(c)) n[part]++;
    else if ((c == '-' || c == '/') && part < 2 && n[part] > 0) slash = slash || c == '/', part++;
    else break;
    p[k++] = (char)c;
  }
  if (part != 2 || n[0] != 4 || n[1] < 1 || n[2] < 1 || n[1] > 2 || n[2] > 2) return true;
  if (lex_name_part(DIALECT_RULES, lex_char(lx, i, &next))) return true;
  *end = i;
  if (k != 10 || slash) {
    src_err(lx->e, lx->src, at, i - at, "%.*s is neither a date nor a plain %s", (int)(i - at),
            lx->src->text.p + at, slash ? _("division") : _("subtraction"));
    return err_todo(lx->e, "a date reads 2026-01-05; put blanks around %s",
                    slash ? _("/ to divide") : _("- to subtract"));
  }
  Day d;
  if (!day_parse((Str){p, 10}, &d)) return no_date(lx, at, i - at, p);
  return put(at, i, val_date(d), UNIT_NONE, out);
}

static bool quarter(const Lexer *lx, size_t at, Tok *out) {
  size_t to = run(lx, at, true);
  Str s = str_sub(lx->src->text, at, to);
  Val v;
  if (s.n != 6 || !window_named(s, &v)) return false;
  return put(at, to, v, UNIT_NONE, out);
}

/* What follows the digits [at, to), which stand in b as plain ASCII. */
static bool suffix(const Lexer *lx, size_t at, size_t to, Buf *b, Tok *out) {
  size_t next, blank = to;
  Val v;
  while (blank < lx->end && lx->src->text.p[blank] == ' ') blank++;
  if (lex_char(lx, blank, &next) == '%') {
    if (!scaled(lx, buf_view(b), -2, &v)) return huge(lx, at, next);
    return put(at, next, v, UNIT_PERCENT, out);
  }
  size_t end = run(lx, to, true);
  Str tail = str_sub(lx->src->text, to, end);
  if (!tail.n) {
    if (!scaled(lx, buf_view(b), 0, &v)) return huge(lx, at, to);
    return put(at, to, v, UNIT_NONE, out);
  }
  for (size_t k = 0; k < COUNT(scales); k++)
    if (str_is(tail, scales[k].name)) {
      if (!scaled(lx, buf_view(b), scales[k].exponent, &v)) return huge(lx, at, end);
      return put(at, end, v, UNIT_NONE, out);
    }
  if (quarter(lx, at, out)) return true;
  if (duration(lx, at, &v, &end) && end == run(lx, end, true)) return put(at, end, v, UNIT_NONE, out);
  return wrong(lx, at, to);
}

bool lex_number(const Lexer *lx, size_t at, Tok *out) {
  bool rules = lx->dialect == DIALECT_RULES;
  size_t end, next;
  if (rules) {
    if (!date(lx, at, out, &end)) return false;
    if (end > at) return true;
  }
  Buf b = {0};
  Val v;
  bool ok;
  end = decimal(lx, at, &b);
  if (rules) ok = suffix(lx, at, end, &b, out);
  else if (lex_name_part(lx->dialect, lex_char(lx, end, &next))) ok = wrong(lx, at, end);
  else ok = scaled(lx, buf_view(&b), 0, &v) ? put(at, end, v, UNIT_NONE, out) : huge(lx, at, end);
  buf_free(&b);
  return ok;
}
