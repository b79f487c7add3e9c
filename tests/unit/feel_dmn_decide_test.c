/* Decisions with their requirements, knowledge models, services, boxed expressions, types and imports. */
#include "dmn_model.h"

#include <stdio.h>
#include <string.h>

#define LITERAL(text) "<literalExpression><text><![CDATA[" text "]]></text></literalExpression>"
#define INPUT(name, type) \
  "<inputData id='" name "' name='" name "'><variable name='" name "' typeRef='" type "'/></inputData>"
#define NEED(name) "<informationRequirement><requiredInput href='#" name "'/></informationRequirement>"
#define AFTER(name) "<informationRequirement><requiredDecision href='#" name "'/></informationRequirement>"
#define KNOW(name) "<knowledgeRequirement><requiredKnowledge href='#" name "'/></knowledgeRequirement>"
#define TYPED(name, type, inside) \
  "<decision id='" name "' name='" name "'><variable name='" name "' typeRef='" type "'/>" inside \
  "</decision>"
#define DECISION(name, inside) \
  "<decision id='" name "' name='" name "'><variable name='" name "'/>" inside "</decision>"
#define BKM(name, params, inside) \
  "<businessKnowledgeModel id='" name "' name='" name "'><variable name='" name \
  "'/><encapsulatedLogic>" params inside "</encapsulatedLogic></businessKnowledgeModel>"
#define PARAM(name, type) "<formalParameter name='" name "' typeRef='" type "'/>"

static void check(const char *elements, DmnMode mode, const char *input, const char *value,
                  const char *want) {
  Model x = model_open(elements, mode);
  if (x.m && input && !model_give(&x, input, value)) {
    if (!x.e.what || strcmp(x.e.what, want) != 0) fail_msg("expected %s, got %s", want, x.e.what);
  } else {
    const char *got = model_decide(&x, "d");
    if (strcmp(got, want) != 0) fail_msg("expected %s, got %s\nfor %s", want, got, elements);
  }
  model_close(&x);
}

static void boxed_expressions_evaluate(void **state) {
  (void)state;
  static const struct { const char *box, *want;
  } boxes[] =
    {
      {"<context><contextEntry><variable name='a b'/>" LITERAL(
         "2") "</contextEntry><contextEntry><variable name='c'/>" LITERAL("a b * 3") "</contextEntry></"
                                                                                     "context>",
       "{\"a b\": 2, c: 6}"},
      {"<context><contextEntry><variable name='a b'/>" LITERAL("2") "</contextEntry><contextEntry>" LITERAL(
         "a b + 1") "</contextEntry></context>",
       "3"},
      {"<list>" LITERAL("1") LITERAL("\"x\"") "<list/></list>", "[1, \"x\", []]"},
      {"<relation><column name='n'/><column name='m'/><row>" LITERAL("1")
         LITERAL("2") "</row><row>" LITERAL("3") LITERAL("4") "</row></relation>",
       "[{n: 1, m: 2}, {n: 3, m: 4}]"},
      {"<conditional><if>" LITERAL("1 < 2") "</if><then>" LITERAL("\"yes\"") "</then><else>" LITERAL(
         "\"no\"") "</else></conditional>",
       "yes"},
      {"<conditional><if>" LITERAL("null") "</if><then>" LITERAL("\"yes\"") "</then><else>" LITERAL(
         "\"no\"") "</else></conditional>",
       "no"},
      {"<for iteratorVariable='i'><in>" LITERAL("[1, 2, 3]") "</in><return>" LITERAL(
         "i * 2") "</return></for>",
       "[2, 4, 6]"},
      {"<for iteratorVariable='i'><in>" LITERAL("[1..3]") "</in><return>" LITERAL(
         "i + count(partial)") "</return></for>",
       "[1, 3, 5]"},
      {"<some iteratorVariable='i'><in>" LITERAL("[1, 2]") "</in><satisfies>" LITERAL(
         "i > 1") "</satisfies></some>",
       "true"},
      {"<some iteratorVariable='i'><in>" LITERAL("[]") "</in><satisfies>" LITERAL(
         "i > 1") "</satisfies></some>",
       "false"},
      {"<every iteratorVariable='i'><in>" LITERAL("[1, 2]") "</in><satisfies>" LITERAL(
         "i > 1") "</satisfies></every>",
       "false"},
      {"<every iteratorVariable='i'><in>" LITERAL("[]") "</in><satisfies>" LITERAL(
         "i > 1") "</satisfies></every>",
       "true"},
      {"<every iteratorVariable='i'><in>" LITERAL("[2, null]") "</in><satisfies>" LITERAL(
         "i > 1") "</satisfies></every>",
       "null"},
      {"<filter><in>" LITERAL("[1, 2, 3]") "</in><match>" LITERAL("item >= 2") "</match></filter>", "[2, 3]"},
      {"<filter><in>" LITERAL("[{n: 1}, {n: 2}]") "</in><match>" LITERAL("n = 2") "</match></filter>",
       "[{n: 2}]"},
      {"<filter><in>" LITERAL("[1, 2]") "</in><match>" LITERAL("\"x\"") "</match></filter>", "null"},
      {"<invocation><functionDefinition><formalParameter name='x'/>" LITERAL(
         "x * x") "</functionDefinition><binding><parameter "
                  "name='x'/>" LITERAL("7") "</binding></invocation>",
       "49"},
      {"<context><contextEntry><variable name='fact'/><functionDefinition><formalParameter "
       "name='n'/>" LITERAL("if n <= 1 then 1 else n * fact(n - 1)") "</functionDefinition></"
                                                                     "contextEntry><contextEntry>" LITERAL(
                                                                       "fact(5)") "</contextEntry></context>",
       "120"},
      {"<invocation><functionDefinition kind='Java'><formalParameter "
       "name='x'/><context/></functionDefinition><binding><parameter "
       "name='x'/>" LITERAL("7") "</binding></invocation>",
       "null"},
    };
  for (size_t i = 0; i < sizeof boxes / sizeof *boxes; i++) {
    Arena a = {0};
    const char *text =
      arena_printf(&a, "<decision id='d' name='d'><variable name='d'/>%s</decision>", boxes[i].box);
    check(text, DMN_STRICT, NULL, NULL, boxes[i].want);
    arena_free(&a);
  }
}

static void knowledge_models_are_functions_that_may_call_one_another_and_themselves(void **state) {
  (void)state;
  check(BKM("fact", PARAM("n", "number"), LITERAL("if n <= 1 then 1 else n * fact(n - 1)"))
          DECISION("d", KNOW("fact") LITERAL("fact(6)")), DMN_STRICT, NULL, NULL, "720");
  check(BKM("half", PARAM("n", "number"),
            LITERAL("n / 2")) "<businessKnowledgeModel id='q' name='quarter of'><variable name='quarter "
                              "of'/><encapsulatedLogic>" PARAM("n", "number")
                                LITERAL("half(half(n))") "</encapsulatedLogic>" KNOW(
                                  "half") "</businessKnowledgeModel>" DECISION("d",
                                                                               KNOW("q") LITERAL(
                                                                                 "quarter of(n: 10)")),
        DMN_STRICT, NULL, NULL, "2.5");
  check(BKM("f", PARAM("n", "number"), LITERAL("n")) DECISION("d", KNOW("f") LITERAL("f(\"x\")")), DMN_LETTER,
        NULL, NULL, "null");
  check(BKM("f", PARAM("n", "number"), LITERAL("n")) DECISION("d", KNOW("f") LITERAL("f(1, 2)")), DMN_LETTER,
        NULL, NULL, "null");
}

static void endless_recursion_ends_in_an_error(void **state) {
  (void)state;
  Model x = model_open(
    BKM("f", PARAM("n", "number"), LITERAL("f(n + 1)")) DECISION("d", KNOW("f") LITERAL("f(1)")), DMN_STRICT);
  const char *got = model_decide(&x, "d");
  if (!strstr(got, "deep")) fail_msg("%s", got);
  assert_int_equal(x.e.kind, ERR_FAIL);
  model_close(&x);
}

static void a_decision_sees_only_what_it_requires(void **state) {
  (void)state;
  check(INPUT("n", "number") DECISION("d", LITERAL("n")), DMN_LETTER, "n", "1", "null");
  check(INPUT("n", "number") DECISION("d", LITERAL("n")), DMN_STRICT, "n", "1", "there is no n here");
}

static void requirements_are_decided_once_and_rings_are_named(void **state) {
  (void)state;
  check(INPUT("n", "number") DECISION("a", NEED("n") LITERAL("n + 1"))
          DECISION("b", AFTER("a") LITERAL("a * 2")) DECISION("d", AFTER("a") AFTER("b") LITERAL("a + b")),
        DMN_STRICT, "n", "1", "6");
  check(DECISION("a", AFTER("d") LITERAL("1")) DECISION("d", AFTER("a") LITERAL("1")), DMN_LETTER, NULL, NULL,
        "a ring of decisions: a, which is needed by d, which is needed by a");
}

static void inputs_are_held_against_their_types(void **state) {
  (void)state;
#define TIER \
  "<itemDefinition name='tTier'><typeRef>string</typeRef><allowedValues><text>\"A\", " \
  "\"B\"</text></allowedValues></itemDefinition>"
  const char *text = TIER INPUT("n", "tTier") DECISION("d", NEED("n") LITERAL("n"));
  check(text, DMN_STRICT, "n", "\"A\"", "A");
  check(text, DMN_STRICT, "n", "\"C\"", "input n is C, and its values are \"A\", \"B\"");
  check(text, DMN_LETTER, "n", "\"C\"", "null");
  check(text, DMN_LETTER, "n", "5", "null");
  check(text, DMN_STRICT, NULL, NULL, "input n is missing");
  check(text, DMN_LETTER, NULL, NULL, "null");
}

static void results_become_what_their_type_asks_for(void **state) {
  (void)state;
#define LIST "<itemDefinition name='tList' isCollection='true'><typeRef>number</typeRef></itemDefinition>"
#define PERSON \
  "<itemDefinition name='tPerson'><itemComponent name='first " \
  "name'><typeRef>string</typeRef></itemComponent>" \
  "<itemComponent name='boss'><typeRef>tPerson</typeRef></itemComponent></itemDefinition>"
  check(LIST TYPED("d", "tList", LITERAL("1")), DMN_STRICT, NULL, NULL, "[1]");
  check(TYPED("d", "number", LITERAL("[1]")), DMN_STRICT, NULL, NULL, "1");
  check(TYPED("d", "number", LITERAL("\"x\"")), DMN_LETTER, NULL, NULL, "null");
  check(TYPED("d", "number", LITERAL("\"x\"")), DMN_STRICT, NULL, NULL,
        "decision d: x does not conform to number");
  check(TYPED("d", "date and time", LITERAL("date(\"2026-01-02\")")), DMN_STRICT, NULL, NULL,
        "2026-01-02T00:00:00Z");
  check(
    PERSON
      TYPED(
        "d", "string",
        "<context><contextEntry><variable name='p' typeRef='tPerson'/>" LITERAL("{first name: \"Li\", boss: "
                                                                                "{first name: \"Wu\", boss: "
                                                                                "null}}") "</"
                                                                                          "contextEntry><"
                                                                                          "contextEntry"
                                                                                          ">" LITERAL(
                                                                                            "p.boss.first "
                                                                                            "name") "</"
                                                                                                    "contextE"
                                                                                                    "ntry></"
                                                                                                    "context"
                                                                                                    ">"),
    DMN_STRICT, NULL, NULL, "Wu");
  check("<itemDefinition name='tF'><functionItem outputTypeRef='string'><parameters name='n' "
        "typeRef='number'/></functionItem>"
        "</itemDefinition>" BKM("f", PARAM("n", "number"), LITERAL("n"))
          DECISION("d", KNOW("f") LITERAL("f(1)")),
        DMN_STRICT, NULL, NULL, "1");
}

static void types_that_lead_nowhere_are_refused(void **state) {
  (void)state;
  check("<itemDefinition name='a'><typeRef>b</typeRef></itemDefinition><itemDefinition "
        "name='b'><typeRef>a</typeRef>"
        "</itemDefinition>" TYPED("d", "a", LITERAL("1")),
        DMN_LETTER, NULL, NULL, "type b is defined by itself, through a");
  check(TYPED("d", "nubmer", LITERAL("1")), DMN_STRICT, NULL, NULL, "<variable> d: there is no type nubmer");
  check(TYPED("d", "feel:number", LITERAL("1")), DMN_STRICT, NULL, NULL, "1");
}

#define SERVICE \
  INPUT("n", "number") \
  DECISION("a", LITERAL("10")) \
    DECISION("b", NEED("n") AFTER("a") \
                    LITERAL("a + n")) "<decisionService id='s' name='s'><variable " \
                                      "name='s'/><outputDecision href='#b'/><inputDecision href='#a'/>" \
                                      "<inputData href='#n'/></decisionService>"

static void a_service_takes_its_inputs_data_first_and_keeps_them_to_itself(void **state) {
  (void)state;
  check(SERVICE DECISION("d", NEED("n") AFTER("a") KNOW("s") LITERAL("[s(1, 2), s(a: 5, n: 6), a, n]")),
        DMN_STRICT, "n", "100", "[3, 11, 10, 100]");
  check(SERVICE DECISION("d", KNOW("s") LITERAL("s(\"x\", 2)")), DMN_LETTER, NULL, NULL, "null");
  check(SERVICE DECISION("d", KNOW("s") LITERAL("s(1)")), DMN_LETTER, NULL, NULL, "null");
  Model x = model_open(SERVICE, DMN_LETTER);
  assert_true(model_give(&x, "n", "1"));
  assert_true(model_give(&x, "a", "2"));
  assert_string_equal(model_decide(&x, "s"), "3");
  model_close(&x);
}

static void what_cannot_be_parsed_is_null_by_the_letter_and_an_error_for_people(void **state) {
  (void)state;
  check(DECISION("d", LITERAL("1 +")), DMN_LETTER, NULL, NULL, "null");
  check(DECISION("d", LITERAL("1 +")), DMN_STRICT, NULL, NULL, "expected a value, but the text ends here");
  check(DECISION("d", ""), DMN_LETTER, NULL, NULL, "null");
}

static void notes_say_where_a_null_came_from(void **state) {
  (void)state;
  Model x = model_open(DECISION("d", LITERAL("1 + \"x\"")), DMN_STRICT);
  const char *const *note;
  assert_string_equal(model_decide(&x, "d"), "null");
  assert_int_equal(dmn_notes(x.run, &note), 1);
  assert_non_null(strstr(note[0], "test.dmn:2: "));
  model_close(&x);
}

/* --- imports */

static const DmnFile *find(void *ctx, Str namespace, Str location) {
  (void)location;
  return str_is(namespace, "urn:lib") ? ctx : NULL;
}

static const char *decide_importing(const char *import_name, const char *expression, char *out, size_t size) {
  Arena a = {0};
  Err e = {0};
  DmnFile lib = {
    "lib.dmn",
    str_of("<definitions xmlns=\"" DMN_NS "\" name='lib' namespace='urn:lib'><itemDefinition name='tAge'>"
           "<typeRef>number</typeRef></itemDefinition>" BKM("twice", PARAM("n", "tAge"), LITERAL("n * 2"))
             TYPED("base", "tAge", LITERAL("21")) "</definitions>")};
  const char *text =
    arena_printf(&a,
                 "<definitions xmlns=\"" DMN_NS
                 "\" name='main' namespace='urn:main'><import name='%s' namespace='urn:lib' "
                 "importType='" DMN_NS "'/><decision id='d' name='d'><variable name='d' typeRef='%s%stAge'/>"
                 "<informationRequirement><requiredDecision href='urn:lib#base'/></informationRequirement>"
                 "<knowledgeRequirement><requiredKnowledge href='urn:lib#twice'/></knowledgeRequirement>"
                 "<literalExpression><text>%s</text></literalExpression></decision></definitions>",
                 import_name, import_name, *import_name ? "." : "", expression);
  DmnFile file = {"main.dmn", str_of(text)};
  DmnFinder finder = {find, &lib};
  Dmn *m = dmn_load(&file, &finder, DMN_STRICT, &e);
  Val v;
  Buf b = {0};
  if (m) {
    DmnRun *r = dmn_run_new(m, (ValClock){.offset = VAL_NO_ZONE});
    if (dmn_decide(r, dmn_find(m, STR("d"), 1U << DMN_DECISION), &v, &e)) standard_print(v, &b);
    dmn_run_free(r);
  }
  (void)snprintf(out, size, "%s", e.kind ? e.what : b.p ? b.p : "");
  buf_free(&b);
  dmn_free(m);
  err_free(&e);
  arena_free(&a);
  return out;
}

static void an_import_stands_behind_its_name_or_without_one_in_the_open(void **state) {
  (void)state;
  char out[200];
  assert_string_equal(decide_importing("my lib", "my lib.twice(my lib.base)", out, sizeof out), "42");
  assert_string_equal(decide_importing("", "twice(base)", out, sizeof out), "42");
  assert_string_equal(decide_importing("my lib", "twice(base)", out, sizeof out), "there is no twice here");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(boxed_expressions_evaluate),
    cmocka_unit_test(knowledge_models_are_functions_that_may_call_one_another_and_themselves),
    cmocka_unit_test(endless_recursion_ends_in_an_error),
    cmocka_unit_test(a_decision_sees_only_what_it_requires),
    cmocka_unit_test(requirements_are_decided_once_and_rings_are_named),
    cmocka_unit_test(inputs_are_held_against_their_types),
    cmocka_unit_test(results_become_what_their_type_asks_for),
    cmocka_unit_test(types_that_lead_nowhere_are_refused),
    cmocka_unit_test(a_service_takes_its_inputs_data_first_and_keeps_them_to_itself),
    cmocka_unit_test(what_cannot_be_parsed_is_null_by_the_letter_and_an_error_for_people),
    cmocka_unit_test(notes_say_where_a_null_came_from),
    cmocka_unit_test(an_import_stands_behind_its_name_or_without_one_in_the_open),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
