#include "testing.h"

#include "feel/regex.h"

#include <string.h>

/* 1: fits, 0: does not, -1: the pattern is none. */
static int fits(const char *text, const char *pattern, const char *flags) {
  Arena a = {0};
  const char *why = NULL;
  RegexSpan group[REGEX_GROUPS];
  uint64_t steps = 1000000;
  Regex *r = regex_parse(str_of(pattern), str_of(flags), &a, &why);
  int is = r ? regex_find(r, str_of(text), 0, group, &steps) == REGEX_FOUND : -1;
  if (!r) assert_non_null(why);
  arena_free(&a);
  return is;
}

static void check(const char *text, const char *pattern, const char *flags, int want) {
  int is = fits(text, pattern, flags);
  if (is != want) fail_msg("/%s/%s on \"%s\" is %d, not %d", pattern, flags, text, is, want);
}

static void patterns_fit(void **state) {
  (void)state;
  static const struct { const char *text, *pattern, *flags; int is; } claim[] = {
      {"foobar", "^fo*b", "", 1},       {"foobar", "o{2}b", "", 1},     {"foobar", "o{3}", "", 0},
      {"foobar", "o{1,}b", "", 1},      {"foobar", "fo{0,1}b", "", 0},  {"foobar", "^bar", "", 0},
      {"foobar", "bar$", "", 1},        {"foobar\n", "bar$", "", 0},    {"a\nb", "a.b", "", 0},
      {"a\nb", "a.b", "s", 1},          {"a\rb", "a.b", "", 0},         {"a\nb", "^b", "", 0},
      {"a\nb", "^b", "m", 1},           {"a\nb", "a$", "m", 1},         {"abc", "A", "", 0},
      {"abc", "A", "i", 1},             {"ABC", "[a-c]+", "i", 1},
      {"hello world", "hello\\ sworld", "x", 1},
      {"a b", "a[ ]b", "x", 1},         {"ab", "a b", "x", 1},          {"a.b", "a.b", "q", 1},
      {"axb", "a.b", "q", 0},           {"A.B", "a.b", "qi", 1},        {"", "", "", 1},
      {"", "^$", "", 1},                {"ab", "(a)(b)?", "", 1},       {"aXa", "(a)X\\1", "", 1},
      {"aXb", "(a)X\\1", "", 0},        {"aA", "(a)\\1", "i", 1},       {"aa1", "(a)\\11", "", 1},
      {"cat", "cat|dog", "", 1},        {"dog", "^(?:cat|dog)$", "", 1}, {"dogs", "^(?:cat|dog)$", "", 0},
      {"横綱", "^..$", "", 1},          {"\xF0\x9F\x90\x8E", "^.$", "", 1}, {"é", "\\p{L}", "", 1},
      {"é", "\\p{Ll}", "", 1},          {"é", "\\p{Lu}", "", 0},        {"é", "\\P{Lu}", "", 1},
      {"é", "\\p{IsBasicLatin}", "", 0}, {"é", "\\P{IsBasicLatin}", "", 1}, {"7", "\\d", "", 1},
      {"٣", "\\d", "", 1},              {"x", "\\D", "", 1},            {"_", "\\w", "", 0},
      {"a", "\\w", "", 1},              {" ", "\\s", "", 1},            {"-", "[a\\-z]", "", 1},
      {"-", "[a-]", "", 1},             {"e", "[a-z-[aeiou]]", "", 0},  {"f", "[a-z-[aeiou]]", "", 1},
      {"a", "[a-z-[a-e-[a]]]", "", 1},  {"b", "[a-z-[a-e-[a]]]", "", 0}, {"f", "[^a-e]", "", 1},
      {"Q", "[^q]", "i", 0},            {"\xE2\x84\xAA", "k", "i", 1},  {"O", "[A-Z-[OI]]", "i", 0},
      {"x", "[A-Z-[OI]]", "i", 1},      {"xy", "\\i\\c", "", 1},        {"1", "\\i", "", 0},
      {"^", "[\\^]", "", 1},            {"a^", "a\\^", "", 1},          {"[", "\\[", "", 1},
  };
  for (size_t i = 0; i < sizeof claim / sizeof *claim; i++)
    check(claim[i].text, claim[i].pattern, claim[i].flags, claim[i].is);
}

static void what_is_no_pattern_is_refused(void **state) {
  (void)state;
  static const char *const pattern[] = {"(", ")", "a)", "[", "[]", "[a", "[z-a]", "*a", "a**", "a{", "a{2,1}",
                                         "a{x}",
                                        "\\", "\\y", "\\p{Xx}", "\\p{IsMars}", "\\pL", "\\1", "(a\\1)",
                                         "(a)\\2",
                                        "[\\1]", "(?=a)", "}", "]", "a{9999}", "[a[b]]", "[a-z-[b]c]", "\\0"};
  for (size_t i = 0; i < sizeof pattern / sizeof *pattern; i++) check("a", pattern[i], "", -1);
  check("a", "a", "g", -1);
  check("a", "a", " ", -1);
}

static Str first_match(const char *text, const char *pattern, size_t which) {
  static char kept[64];
  Arena a = {0};
  const char *why;
  RegexSpan group[REGEX_GROUPS];
  uint64_t steps = 1000000;
  Regex *r = regex_parse(str_of(pattern), STR(""), &a, &why);
  assert_non_null(r);
  assert_int_equal(regex_find(r, str_of(text), 0, group, &steps), REGEX_FOUND);
  assert_true(which <= regex_groups(r));
  Str s = {kept, 0};
  if (group[which].from != SIZE_MAX) {
    s.n = group[which].to - group[which].from;
    memcpy(kept, text + group[which].from, s.n);
  } else {
    s.p = NULL;
  }
  arena_free(&a);
  return s;
}

static void groups_hold_what_they_took(void **state) {
  (void)state;
  assert_true(str_is(first_match("abracadabra", "a.*a", 0), "abracadabra"));
  assert_true(str_is(first_match("abracadabra", "a.*?a", 0), "abra"));
  assert_true(str_is(first_match("AAAA", "A+?", 0), "A"));
  assert_true(str_is(first_match("AAAA", "A{2,3}", 0), "AAA"));
  assert_true(str_is(first_match("AAAA", "A{2,3}?", 0), "AA"));
  assert_true(str_is(first_match("2020-11", "(\\d+)-(\\d+)", 2), "11"));
  assert_null(first_match("abcd", "(ab)|(a)", 2).p);
  assert_true(str_is(first_match("abab", "(ab)*", 1), "ab"));
  assert_true(str_is(first_match("aab", "(a*)*b", 0), "aab"));
  assert_true(str_is(first_match("xay", "(?:x)(a)", 1), "a"));
}

static void no_pattern_runs_for_ever(void **state) {
  (void)state;
  static const struct { const char *text, *pattern; } claim[] = {
      {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", "(a+)+b"},
      {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", "(a|a)*b"},
      {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", "((a*)*)*b"},
  };
  for (size_t i = 0; i < sizeof claim / sizeof *claim; i++) {
    Arena a = {0};
    const char *why;
    RegexSpan group[REGEX_GROUPS];
    uint64_t steps = 1000000;
    Regex *r = regex_parse(str_of(claim[i].pattern), STR(""), &a, &why);
    assert_non_null(r);
    assert_int_equal(regex_find(r, str_of(claim[i].text), 0, group, &steps), REGEX_GAVE_UP);
    assert_int_equal(steps, 0);
    arena_free(&a);
  }
  check("a", "((((a{1000}){1000}){1000}){1000}){1000}", "", -1);
  check("a", "((?:(?:(?:(?:){1000}){1000}){1000}){1000}){1000}", "", -1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(patterns_fit),
      cmocka_unit_test(what_is_no_pattern_is_refused),
      cmocka_unit_test(groups_hold_what_they_took),
      cmocka_unit_test(no_pattern_runs_for_ever),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
