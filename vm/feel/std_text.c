/* Built-in functions of text (DMN 1.5, 10.3.4.3). Characters are code points. */
#include "feel/std.h"

#include "base/lang.h"

#include "feel/regex.h"

#include <string.h>
#include <utf8proc.h>

static const char *memory_find(Str in, Str what) {
  return what.n ? memmem(in.p, in.n, what.p, what.n) : in.p;
}

/* Bytes of the first n characters. */
static size_t bytes_of(Str s, int64_t n) {
  size_t at = 0;
  for (; n > 0 && at < s.n; n--) utf8_next(s, &at);
  return at;
}

static Val substring(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  Str in = val_str(arg[0]);
  int64_t length = (int64_t)utf8_count(in), start, most = length;
  if (!std_whole(arg[1], &start) || start == 0 || start > length || start < -length)
    return standard_null(s, "the start position lies outside of the text");
  if (arg[2].t != V_NULL && (!std_whole(arg[2], &most) || most < 1))
    return standard_null(s, "the length is at least 1");
  size_t from = bytes_of(in, start > 0 ? start - 1 : length + start);
  Str rest = str_sub(in, from, in.n);
  return val_text(str_sub(rest, 0, bytes_of(rest, most)));
}

static Val string_length(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)s, (void)f, (void)n;
  return val_int((int64_t)utf8_count(val_str(arg[0])));
}

static Val in_case(Standard *s, Val text, bool upper) {
  Str in = val_str(text);
  Buf b = {0};
  for (size_t at = 0; at < in.n;) {
    uint32_t c = utf8_next(in, &at);
    if (upper && c == 0xDF) buf_puts(&b, "SS"); /* ß has no capital of its own */
    else utf8_put(&b, (uint32_t)(upper ? utf8proc_toupper((int32_t)c) : utf8proc_tolower((int32_t)c)));
  }
  return std_text(s, &b);
}

static Val upper_case(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  return in_case(s, arg[0], true);
}

static Val lower_case(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  return in_case(s, arg[0], false);
}

static Val substring_before(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)s, (void)f, (void)n;
  Str in = val_str(arg[0]);
  const char *hit = memory_find(in, val_str(arg[1]));
  return val_text(str_sub(in, 0, hit ? (size_t)(hit - in.p) : 0));
}

static Val substring_after(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)s, (void)f, (void)n;
  Str in = val_str(arg[0]), what = val_str(arg[1]);
  const char *hit = memory_find(in, what);
  return val_text(str_sub(in, hit ? (size_t)(hit - in.p) + what.n : in.n, in.n));
}

static Val contains(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)s, (void)f, (void)n;
  return val_bool(val_str(arg[1]).n == 0 || memory_find(val_str(arg[0]), val_str(arg[1])));
}

static Val starts_with(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)s, (void)f, (void)n;
  Str in = val_str(arg[0]), what = val_str(arg[1]);
  return val_bool(what.n <= in.n && str_eq(str_sub(in, 0, what.n), what));
}

static Val ends_with(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)s, (void)f, (void)n;
  Str in = val_str(arg[0]), what = val_str(arg[1]);
  return val_bool(what.n <= in.n && str_eq(str_sub(in, in.n - what.n, in.n), what));
}

/* --- patterns */

enum { PATTERN_STEPS = 5000000 }; /* of one call; its stack stays within some hundred megabytes */

static Regex *pattern(Standard *s, Val text, Val flags) {
  const char *why = "";
  Regex *r = regex_parse(val_str(text), flags.t == V_TEXT ? val_str(flags) : STR(""), s->arena, &why);
  if (!r) standard_null(s, "the pattern is none: %s", _(why));
  return r;
}

/* False: no (further) match, or, with *gave_up, too much work. */
static bool next_match(Standard *s, const Regex *r, Str in, size_t at, RegexSpan *group, bool *gave_up) {
  uint64_t allowed = s->steps < PATTERN_STEPS ? s->steps : PATTERN_STEPS, left = allowed;
  RegexFound found = regex_find(r, in, at, group, &left);
  s->steps -= allowed - left;
  *gave_up = found == REGEX_GAVE_UP || !standard_step(s);
  if (found == REGEX_GAVE_UP) standard_null(s, "the pattern takes too many steps on this text");
  return found == REGEX_FOUND && !*gave_up;
}

static bool matches_nothing(Standard *s, const Regex *r) {
  RegexSpan group[REGEX_GROUPS];
  bool gave_up;
  return next_match(s, r, STR(""), 0, group, &gave_up) || gave_up;
}

static Val matches(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  RegexSpan group[REGEX_GROUPS];
  bool gave_up;
  Regex *r = pattern(s, arg[1], arg[2]);
  if (!r) return val_null();
  bool found = next_match(s, r, val_str(arg[0]), 0, group, &gave_up);
  return gave_up ? val_null() : val_bool(found);
}

/* Where the group that "$12" names stands: the most digits that name one. */
static size_t group_named(Str how, size_t *at, size_t groups) {
  size_t number = (size_t)(how.p[(*at)++] - '0');
  while (*at < how.n && how.p[*at] >= '0' && how.p[*at] <= '9') {
    size_t more = number * 10 + (size_t)(how.p[*at] - '0');
    if (more > groups) break;
    number = more;
    ++*at;
  }
  return number;
}

static bool put_replacement(Str how, Str in, const RegexSpan *group, size_t groups, bool literal, Buf *out) {
  for (size_t at = 0; at < how.n;) {
    char c = how.p[at++];
    if (literal || (c != '$' && c != '\\')) {
      buf_char(out, c);
    } else if (c == '\\') {
      if (at == how.n || (how.p[at] != '\\' && how.p[at] != '$')) return false;
      buf_char(out, how.p[at++]);
    } else {
      if (at == how.n || how.p[at] < '0' || how.p[at] > '9') return false;
      size_t k = group_named(how, &at, groups);
      if (k <= groups && group[k].from != SIZE_MAX) buf_str(out, str_sub(in, group[k].from, group[k].to));
    }
  }
  return true;
}

static Val replace(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  RegexSpan group[REGEX_GROUPS];
  Str in = val_str(arg[0]), how = val_str(arg[2]);
  bool gave_up = false, literal = arg[3].t == V_TEXT && memchr(arg[3].u.s, 'q', arg[3].n);
  Regex *r = pattern(s, arg[1], arg[3]);
  if (!r) return val_null();
  if (matches_nothing(s, r)) return standard_null(s, "a pattern to replace may not match the empty text");
  Buf b = {0};
  size_t at = 0;
  while (at < in.n && next_match(s, r, in, at, group, &gave_up)) {
    buf_str(&b, str_sub(in, at, group[0].from));
    if (!std_room(s, b.n)) break;
    if (!put_replacement(how, in, group, regex_groups(r), literal, &b)) {
      buf_free(&b);
      return standard_null(s, "in a replacement $ stands before a group's number, \\ before \\ or $");
    }
    at = group[0].to;
    if (group[0].to == group[0].from && at < in.n) { /* an anchor that fits inside the text only */
      size_t next = at;
      utf8_next(in, &next);
      buf_str(&b, str_sub(in, at, next));
      at = next;
    }
  }
  if (!gave_up && !s->e->kind) {
    buf_str(&b, str_sub(in, at, in.n));
    return std_text(s, &b);
  }
  buf_free(&b);
  return val_null();
}

static Val split(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  RegexSpan group[REGEX_GROUPS];
  Str in = val_str(arg[0]);
  bool gave_up = false;
  Regex *r = pattern(s, arg[1], val_null());
  if (!r) return val_null();
  if (matches_nothing(s, r)) return standard_null(s, "a delimiter may not match the empty text");
  Items out = {0};
  size_t from = 0, at = 0;
  while (next_match(s, r, in, at, group, &gave_up)) {
    if (group[0].to == group[0].from) { /* an anchor that fits inside the text only */
      if (group[0].to >= in.n) break;
      at = group[0].to;
      utf8_next(in, &at);
      continue;
    }
    items_add(s, &out, val_text(str_sub(in, from, group[0].from)));
    from = at = group[0].to;
  }
  items_add(s, &out, val_text(str_sub(in, from, in.n)));
  return gave_up ? val_null() : items_val(s, &out);
}

/* Nulls are left out. */
static Val string_join(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  Buf b = {0};
  bool any = false;
  for (uint32_t i = 0; i < arg[0].n; i++) {
    Val v = arg[0].u.v[i];
    if (v.t == V_NULL) continue;
    if (v.t != V_TEXT || !standard_step(s) || !std_room(s, b.n)) {
      buf_free(&b);
      return standard_null(s, "only text is joined, not a %s", standard_kind(v));
    }
    if (any && arg[1].t == V_TEXT) buf_str(&b, val_str(arg[1]));
    buf_str(&b, val_str(v));
    any = true;
  }
  return std_text(s, &b);
}

const Builtin std_text_table[] = {
    {"substring", "sstring,nstart position,?nlength", substring,
     "A part; a negative start counts from the end."},
    {"string length", "sstring", string_length, "How many characters."},
    {"upper case", "sstring", upper_case, "In capitals."},
    {"lower case", "sstring", lower_case, "In small letters."},
    {"substring before", "sstring,smatch", substring_before, "What stands before the match, or \"\"."},
    {"substring after", "sstring,smatch", substring_after, "What stands behind the match, or \"\"."},
    {"replace", "sinput,spattern,sreplacement,?s!flags", replace,
     "Each match replaced; $1 is its first group."},
    {"contains", "sstring,smatch", contains, "Does the match stand in it?"},
    {"starts with", "sstring,smatch", starts_with, "Does it begin with the match?"},
    {"ends with", "sstring,smatch", ends_with, "Does it end with the match?"},
    {"matches", "sinput,spattern,?s!flags", matches, "Does the pattern fit somewhere? Flags s m i x q."},
    {"split", "sstring,sdelimiter", split, "The parts between the matches of a pattern."},
    {"string join", "llist,?s!delimiter", string_join, "The texts of a list as one."},
};
const size_t std_text_n = sizeof std_text_table / sizeof *std_text_table;
