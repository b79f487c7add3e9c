/* XML as a tree, and what is refused: entities, depth, broken text. */
#include "testing.h"

#include "feel/dmn_xml.h"

#include <string.h>

static XmlNode *read_text(Arena *a, const char *text, Err *e) {
  return xml_read(str_of(text), "x.xml", a, e);
}

static void a_tree_keeps_names_attributes_texts_and_places(void **state) {
  (void)state;
  Arena a = {0};
  Err e = {0};
  XmlNode *x =
    read_text(&a,
              "<a xmlns='urn:1' xmlns:p='urn:2' k='v' p:k='w'>\n  <b>x &lt; <![CDATA[y & z]]></b>\n"
              "  <p:b/><b i='2'>\n  late</b></a>",
              &e);
  assert_non_null(x);
  assert_true(str_is(x->ns, "urn:1") && str_is(x->name, "a"));
  assert_true(str_is(xml_attr(x, "k"), "v"));
  assert_true(str_is(xml_attr_ns(x, "urn:2", "k"), "w"));
  assert_int_equal(xml_attr(x, "none").n, 0);
  const XmlNode *b = xml_kid(x, "b"), *second = xml_again(b);
  assert_true(str_is(b->text, "x < y & z"));
  assert_int_equal(b->line, 2);
  assert_int_equal(b->text_col, 6);
  assert_true(str_is(xml_attr(second, "i"), "2"));
  assert_int_equal(second->text_line, 4);
  assert_int_equal(second->text_col, 3);
  assert_null(xml_again(second));
  arena_free(&a);
}

static void check_refused(const char *text, const char *what) {
  Arena a = {0};
  Err e = {0};
  assert_null(read_text(&a, text, &e));
  if (!strstr(e.what, what)) fail_msg("expected %s, got %s", what, e.what);
  assert_string_equal(e.file, "x.xml");
  err_free(&e);
  arena_free(&a);
}

static void entities_and_broken_text_are_refused(void **state) {
  (void)state;
  check_refused("<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]><a>&c;</a>", "document type");
  check_refused("<!DOCTYPE a SYSTEM 'http://example.com/a.dtd'><a/>", "document type");
  check_refused("<a>&none;</a>", "no well-formed XML");
  check_refused("<a><b></a>", "no well-formed XML");
  check_refused("<a", "no well-formed XML");
  check_refused("", "no well-formed XML");
  check_refused("\xff\xfe", "no well-formed XML");
  check_refused("<p:a/>", "no well-formed XML");
}

static void depth_has_a_limit(void **state) {
  (void)state;
  Arena a = {0};
  Err e = {0};
  Buf b = {0};
  for (int i = 0; i < XML_DEPTH; i++) buf_puts(&b, "<a>");
  for (int i = 0; i < XML_DEPTH; i++) buf_puts(&b, "</a>");
  assert_non_null(xml_read(buf_view(&b), "x.xml", &a, &e));
  buf_clear(&b);
  for (int i = 0; i < 100000; i++) buf_puts(&b, "<a>");
  assert_null(xml_read(buf_view(&b), "x.xml", &a, &e));
  assert_string_equal(e.what, "elements stand too deep in one another");
  err_free(&e);
  buf_free(&b);
  arena_free(&a);
}

static void the_number_of_elements_has_a_limit(void **state) {
  (void)state;
  Arena a = {0};
  Err e = {0};
  Buf b = {0};
  buf_puts(&b, "<a>");
  for (int i = 0; i < XML_ELEMENTS; i++) buf_puts(&b, "<a/>");
  buf_puts(&b, "</a>");
  assert_null(xml_read(buf_view(&b), "x.xml", &a, &e));
  assert_string_equal(e.what, "the file has more than a million elements");
  err_free(&e);
  buf_free(&b);
  arena_free(&a);
}

static void what_is_written_reads_back(void **state) {
  (void)state;
  Arena a = {0};
  Err e = {0};
  Buf b = {0};
  Str text = STR("a < b && \"c\" > 'd'\n\t\xe4\xb8\xad");
  buf_puts(&b, "<a k=\"");
  xml_put(text, &b);
  buf_puts(&b, "\">");
  xml_put(text, &b);
  buf_puts(&b, "</a>");
  XmlNode *x = xml_read(buf_view(&b), "x.xml", &a, &e);
  assert_true(str_eq(x->text, text));
  assert_true(str_eq(xml_attr(x, "k"), text));
  buf_free(&b);
  arena_free(&a);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_tree_keeps_names_attributes_texts_and_places),
    cmocka_unit_test(entities_and_broken_text_are_refused),
    cmocka_unit_test(depth_has_a_limit),
    cmocka_unit_test(the_number_of_elements_has_a_limit),
    cmocka_unit_test(what_is_written_reads_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
