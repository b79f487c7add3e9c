#include "feel/func.h"

#include "base/num.h"
#include "feel/window.h"

#include <regex.h>
#include <string.h>
#include <utf8proc.h>

static Val text(FuncCtx *c, const char *p, size_t n) {
  return val_text((Str){arena_strndup(c->arena, p ? p : "", n), n});
}

static Val take(FuncCtx *c, Buf *b) {
  Val v = text(c, b->p, b->n);
  buf_free(b);
  return v;
}

static Val f_string_length(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  return val_int((int64_t)utf8_count(val_str(a[0])));
}

static Val mapped(FuncCtx *c, Val v, utf8proc_int32_t (*how)(utf8proc_int32_t)) {
  Buf b = {0};
  for (size_t i = 0; i < v.n;) utf8_put(&b, (uint32_t)how((utf8proc_int32_t)utf8_next(val_str(v), &i)));
  return take(c, &b);
}

static Val f_upper_case(FuncCtx *c, const Val *a, int n) {
  (void)n;
  return mapped(c, a[0], utf8proc_toupper);
}

static Val f_lower_case(FuncCtx *c, const Val *a, int n) {
  (void)n;
  return mapped(c, a[0], utf8proc_tolower);
}

static ptrdiff_t find(Str s, Str what, size_t from) {
  if (what.n > s.n) return -1;
  for (size_t i = from; i + what.n <= s.n; i++)
    if (!what.n || memcmp(s.p + i, what.p, what.n) == 0) return (ptrdiff_t)i;
  return -1;
}

static Val f_contains(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  return val_bool(find(val_str(a[0]), val_str(a[1]), 0) >= 0);
}

static Val f_starts_with(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  return val_bool(a[1].n <= a[0].n && (!a[1].n || memcmp(a[0].u.s, a[1].u.s, a[1].n) == 0));
}

static Val f_ends_with(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  return val_bool(a[1].n <= a[0].n && (!a[1].n || memcmp(a[0].u.s + a[0].n - a[1].n, a[1].u.s, a[1].n) == 0));
}

/* Byte of the k-th character. */
static size_t byte_of(Str s, int64_t k) {
  size_t at = 0;
  while (k-- > 0 && at < s.n) utf8_next(s, &at);
  return at;
}

static Val f_substring(FuncCtx *c, const Val *a, int n) {
  (void)c;
  Str s = val_str(a[0]);
  int64_t start, chars = (int64_t)utf8_count(s), len;
  if (!num_int(a[1], &start) || start == 0) return val_null();
  if (start < 0) start += chars + 1;
  if (start < 1 || start > chars) return val_text(str_sub(s, 0, 0));
  len = chars - start + 1;
  if (n > 2 && (!num_int(a[2], &len) || len < 0)) return val_null();
  if (chars == (int64_t)s.n) return val_text(str_sub(s, (size_t)start - 1, (size_t)(start - 1 + (len < chars ? len : chars))));
  size_t from = byte_of(s, start - 1);
  Str rest = str_sub(s, from, s.n);
  return val_text(str_sub(rest, 0, byte_of(rest, len)));
}

static Val f_substring_before(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  ptrdiff_t at = find(val_str(a[0]), val_str(a[1]), 0);
  return val_text(str_sub(val_str(a[0]), 0, at < 0 ? 0 : (size_t)at));
}

static Val f_substring_after(FuncCtx *c, const Val *a, int n) {
  (void)c, (void)n;
  ptrdiff_t at = find(val_str(a[0]), val_str(a[1]), 0);
  return val_text(str_sub(val_str(a[0]), at < 0 ? a[0].n : (size_t)at + a[1].n, a[0].n));
}

/* --- patterns: POSIX extended, the common part of XPath's ---------------- */

static bool compiled(Val pattern, Val flags, regex_t *re) {
  int how = REG_EXTENDED;
  if (flags.t == V_TEXT && memchr(flags.u.s, 'i', flags.n)) how |= REG_ICASE;
  if (memchr(pattern.u.s, 0, pattern.n)) return false;
  char *z = mem_strndup(pattern.u.s, pattern.n);
  bool ok = regcomp(re, z, how) == 0;
  mem_free(z);
  return ok;
}

static Val f_matches(FuncCtx *c, const Val *a, int n) {
  (void)c;
  regex_t re;
  if (!compiled(a[1], n > 2 ? a[2] : val_null(), &re)) return val_null();
  char *z = mem_strndup(a[0].u.s, a[0].n);
  bool hit = regexec(&re, z, 0, NULL, 0) == 0;
  mem_free(z);
  regfree(&re);
  return val_bool(hit);
}

static void put_replacement(Buf *b, Str with, const char *at, const regmatch_t *m) {
  for (size_t i = 0; i < with.n; i++) {
    if (with.p[i] == '$' && i + 1 < with.n && with.p[i + 1] >= '0' && with.p[i + 1] <= '9') {
      const regmatch_t *g = &m[with.p[++i] - '0'];
      if (g->rm_so >= 0) buf_add(b, at + g->rm_so, (size_t)(g->rm_eo - g->rm_so));
    } else {
      buf_char(b, with.p[i]);
    }
  }
}

static Val f_replace(FuncCtx *c, const Val *a, int n) {
  regex_t re;
  if (!compiled(a[1], n > 3 ? a[3] : val_null(), &re)) return val_null();
  char *z = mem_strndup(a[0].u.s, a[0].n), *at = z;
  Buf b = {0};
  regmatch_t m[10];
  while (regexec(&re, at, 10, m, at == z ? 0 : REG_NOTBOL) == 0) {
    buf_add(&b, at, (size_t)m[0].rm_so);
    put_replacement(&b, val_str(a[2]), at, m);
    bool nothing = m[0].rm_eo == m[0].rm_so;
    at += m[0].rm_eo;
    if (!*at) break;
    if (nothing) buf_char(&b, *at++);
  }
  buf_puts(&b, at);
  mem_free(z);
  regfree(&re);
  return take(c, &b);
}

static Val f_split(FuncCtx *c, const Val *a, int n) {
  (void)n;
  Str s = val_str(a[0]), sep = val_str(a[1]);
  size_t parts = 1;
  for (ptrdiff_t at = 0; sep.n && (at = find(s, sep, (size_t)at)) >= 0; at += (ptrdiff_t)sep.n) parts++;
  Val *v = arena_alloc(c->arena, parts * sizeof *v);
  size_t from = 0;
  for (size_t i = 0; i < parts; i++) {
    ptrdiff_t at = i + 1 < parts ? find(s, sep, from) : (ptrdiff_t)s.n;
    v[i] = val_text(str_sub(s, from, (size_t)at));
    from = (size_t)at + sep.n;
  }
  return val_list(v, parts);
}

static Val f_string_join(FuncCtx *c, const Val *a, int n) {
  Buf b = {0};
  bool any = false;
  for (uint32_t i = 0; i < a[0].n; i++) {
    Val v = a[0].u.v[i];
    if (v.t == V_NULL) continue;
    if (v.t != V_TEXT) {
      buf_free(&b);
      return val_null();
    }
    if (any && n > 1) buf_str(&b, val_str(a[1]));
    buf_str(&b, val_str(v));
    any = true;
  }
  return take(c, &b);
}

/* "1,200.5" and "1200.5" alike; anything else is unknown. */
static Val f_number(FuncCtx *c, const Val *a, int n) {
  (void)n;
  if (val_is_num(a[0])) return a[0];
  Val v;
  if (a[0].t != V_TEXT) return val_null();
  Buf b = {0};
  Str s = str_trim(val_str(a[0]));
  if (!s.n || !memchr(s.p, ',', s.n)) return num_parse(s, &v, c->arena) ? v : val_null();
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] != ',') buf_char(&b, s.p[i]);
  bool ok = num_parse(buf_view(&b), &v, c->arena);
  buf_free(&b);
  return ok ? v : val_null();
}

static Val f_string(FuncCtx *c, const Val *a, int n) {
  (void)n;
  if (a[0].t == V_TEXT) return a[0];
  Buf b = {0};
  FmtEnv env = {.currency_sign = "¥", .minor = 2, .null = "null"};
  if (a[0].t == V_WINDOW) window_print(a[0], &b);
  else fmt_val(a[0], UNIT_NONE, (Fmt){FMT_PLAIN, -1}, &env, &b);
  return take(c, &b);
}

const Func func_text[] = {
    {"string_length", "t", "n", FN_ROW, false, 0, f_string_length, "string_length(text)",
     "How many characters."},
    {"upper_case", "t", "t", FN_ROW, false, 0, f_upper_case, "upper_case(text)", "In capitals."},
    {"lower_case", "t", "t", FN_ROW, false, 0, f_lower_case, "lower_case(text)", "In small letters."},
    {"contains", "tt", "b", FN_ROW, false, 0, f_contains, "contains(text, part)", "Is part in it?"},
    {"starts_with", "tt", "b", FN_ROW, false, 0, f_starts_with, "starts_with(text, part)",
     "Does it begin so?"},
    {"ends_with", "tt", "b", FN_ROW, false, 0, f_ends_with, "ends_with(text, part)", "Does it end so?"},
    {"substring", "tn?n", "t", FN_ROW, false, 0, f_substring, "substring(text, from [, length])",
     "A part, counted from 1, or from the end."},
    {"substring_before", "tt", "t", FN_ROW, false, 0, f_substring_before, "substring_before(text, part)",
     "What stands before."},
    {"substring_after", "tt", "t", FN_ROW, false, 0, f_substring_after, "substring_after(text, part)",
     "What stands behind."},
    {"matches", "tt?t", "b", FN_ROW, false, 0, f_matches, "matches(text, pattern [, 'i'])",
     "Does a regular expression match?"},
    {"replace", "ttt?t", "t", FN_ROW, false, 0, f_replace, "replace(text, pattern, with [, 'i'])",
     "Each match replaced; $1 is its first group."},
    {"split", "tt", "T", FN_ROW, false, 0, f_split, "split(text, separator)", "The parts as a list."},
    {"string_join", "l?t", "t", FN_ROW, false, 0, f_string_join, "string_join(list [, separator])",
     "The texts as one."},
    {"number", "a", "n", FN_ROW, false, 0, f_number, "number(text)",
     "Text read as a number; unknown when it is none."},
    {"string", "a", "t", FN_ROW, true, 0, f_string, "string(x)", "As text."},
};
const size_t func_text_n = sizeof func_text / sizeof *func_text;
