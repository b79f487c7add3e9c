/* The catalogue of messages: which language is chosen, what is found, and that a damaged catalogue is none. */
#include "testing.h"

#include "base/err.h"
#include "base/lang.h"

#include <stdlib.h>
#include <string.h>

/* A .mo as msgfmt writes it: two messages, sorted. */
#define WORD(n) (n) & 0xFF, (n) >> 8 & 0xFF, (n) >> 16 & 0xFF, 0
static const unsigned char mo[] = {
    0xDE, 0x12, 0x04, 0x95, WORD(0), WORD(2), WORD(28), WORD(44), WORD(0), WORD(60), /* the head */
    WORD(7), WORD(60), WORD(6), WORD(68),                                            /* originals */
    WORD(9), WORD(75), WORD(6), WORD(85),                                            /* translations */
    'f', 'o', 'u', 'n', 'd', '%', 'd', 0, 'n', 'o', ' ', 'r', 'o', 'w', 0,
    0xE6, 0x89, 0xBE, 0xE5, 0x88, 0xB0, ' ', '%', 'd', 0, 0xE6, 0x97, 0xA0, 0xE8, 0xA1, 0x8C, 0};
static const LangCatalogue all[] = {{"zh", mo, sizeof mo}, {0, 0, 0}};

static void environment(const char *lc_all, const char *messages, const char *lang, const char *language) {
  const char *const name[] = {"LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"}, *const value[] = {lc_all, messages, lang, language};
  for (int i = 0; i < 4; i++)
    if (value[i]) setenv(name[i], value[i], 1);
    else unsetenv(name[i]);
  assert_true(lang_use(all, NULL));
}

static void the_environment_chooses_as_gettext_lets_it(void **state) {
  (void)state;
  environment(NULL, NULL, NULL, NULL);
  assert_string_equal(lang_name(), "en");
  environment(NULL, NULL, "zh_CN.UTF-8", NULL);
  assert_string_equal(lang_name(), "zh");
  environment(NULL, "C", "zh_CN.UTF-8", NULL);
  assert_string_equal(lang_name(), "en");
  environment("zh_SG", "C", "C", NULL);
  assert_string_equal(lang_name(), "zh");
  environment("en_US.UTF-8", NULL, "zh_CN", NULL);
  assert_string_equal(lang_name(), "en");
  environment(NULL, NULL, "C.UTF-8", "fr:zh_CN:en"); /* the first that there is */
  assert_string_equal(lang_name(), "zh");
  environment(NULL, NULL, "zh_CN", "en:zh");
  assert_string_equal(lang_name(), "en");
  environment(NULL, NULL, "C", "zh"); /* LANGUAGE counts for nothing in the C locale */
  assert_string_equal(lang_name(), "en");
  environment(NULL, NULL, "de_DE.UTF-8", NULL); /* a language that is not there */
  assert_string_equal(lang_name(), "en");
}

static void what_is_asked_for_comes_before_the_environment(void **state) {
  (void)state;
  setenv("LC_ALL", "zh_CN.UTF-8", 1);
  assert_true(lang_use(all, "en"));
  assert_string_equal(lang_name(), "en");
  assert_true(lang_use(all, "zh_CN.UTF-8"));
  assert_string_equal(lang_name(), "zh");
  assert_false(lang_use(all, "fr"));
  assert_false(lang_use(all, "zhx"));
  assert_false(lang_use(all, ""));
  assert_string_equal(lang_name(), "en");
}

static void a_message_without_a_translation_stays_as_it_is(void **state) {
  (void)state;
  assert_true(lang_use(all, "zh"));
  assert_string_equal(lang_text("no row"), "无行");
  assert_string_equal(lang_text("no rows"), "no rows");
  assert_string_equal(lang_text("a"), "a");
  assert_string_equal(lang_text("z"), "z");
  assert_string_equal(lang_text(""), "");
  assert_null(lang_text(NULL));
  assert_true(lang_use(all, "en"));
  assert_string_equal(lang_text("no row"), "no row");
}

static void formats_are_translated_where_they_are_filled_in(void **state) {
  (void)state;
  Err e = {0};
  Buf b = {0};
  assert_true(lang_use(all, "zh"));
  err_set(&e, ERR_FAIL, "found%d", 3);
  err_todo(&e, "no row");
  assert_string_equal(e.what, "找到 3");
  assert_string_equal(e.todo, "无行");
  buf_say(&b, "found%d", 4);
  buf_printf(&b, "found%d", 5); /* what programs read */
  assert_string_equal(b.p, "找到 4found5");
  err_free(&e);
  buf_free(&b);
  lang_use(all, "en");
}

static void what_scripts_get_is_english(void **state) {
  (void)state;
  assert_true(lang_use(all, "zh"));
  assert_int_equal(lang_plain(1), 1);
  assert_string_equal(lang_text("no row"), "no row");
  assert_int_equal(lang_plain(-1), 0);
  assert_string_equal(lang_text("no row"), "无行");
  lang_use(all, "en");
}

/* Whatever byte is altered, and wherever it is cut: refused, or read without a step outside (the sanitizers look on). */
static void a_damaged_catalogue_is_none(void **state) {
  (void)state;
  unsigned char bad[sizeof mo];
  for (size_t cut = 0; cut < sizeof mo; cut++) {
    memcpy(bad, mo, sizeof mo);
    unsigned char *part = malloc(cut ? cut : 1);
    memcpy(part, mo, cut);
    const LangCatalogue short_one[] = {{"zh", part, cut}, {0, 0, 0}};
    assert_false(lang_use(short_one, "zh"));
    assert_string_equal(lang_text("no row"), "no row");
    free(part);
    bad[cut] ^= 0xFF;
    const LangCatalogue damaged[] = {{"zh", bad, sizeof bad}, {0, 0, 0}};
    if (lang_use(damaged, "zh")) assert_non_null(lang_text("no row"));
  }
  lang_use(all, "en");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_environment_chooses_as_gettext_lets_it),
      cmocka_unit_test(what_is_asked_for_comes_before_the_environment),
      cmocka_unit_test(a_message_without_a_translation_stays_as_it_is),
      cmocka_unit_test(formats_are_translated_where_they_are_filled_in),
      cmocka_unit_test(what_scripts_get_is_english),
      cmocka_unit_test(a_damaged_catalogue_is_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
