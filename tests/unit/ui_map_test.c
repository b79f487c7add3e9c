#include "testing.h"
#include "ui/map.h"

#include <expat.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static Buf B;

/* What a reader of XML finds. */
typedef struct Found {
  int lines, circles, squares, texts;
  Buf text;              /* of all <text>, a line each */
  double x[16], y[16];   /* of the first circles */
  char points[8][512], stroke[8][16];
  bool in_text;
} Found;
static Found F;

static const char *attribute(const char **a, const char *name) {
  for (; *a; a += 2)
    if (!strcmp(*a, name)) return a[1];
  return "";
}

static void XMLCALL begins(void *ctx, const char *name, const char **a) {
  (void)ctx;
  if (!strcmp(name, "polyline") && F.lines < 8) {
    snprintf(F.points[F.lines], sizeof F.points[0], "%s", attribute(a, "points"));
    snprintf(F.stroke[F.lines], sizeof F.stroke[0], "%s", attribute(a, "stroke"));
  }
  if (!strcmp(name, "circle") && F.circles < 16) {
    F.x[F.circles] = strtod(attribute(a, "cx"), NULL);
    F.y[F.circles] = strtod(attribute(a, "cy"), NULL);
  }
  F.lines += !strcmp(name, "polyline");
  F.circles += !strcmp(name, "circle");
  F.squares += !strcmp(name, "rect");
  F.in_text = !strcmp(name, "text");
}

static void XMLCALL ends(void *ctx, const char *name) {
  (void)ctx;
  if (!strcmp(name, "text")) {
    buf_char(&F.text, '\n');
    F.texts++;
  }
  F.in_text = false;
}

static void XMLCALL text(void *ctx, const char *s, int n) {
  (void)ctx;
  if (F.in_text) buf_add(&F.text, s, (size_t)n);
}

static void draw(const MapPicture *m) {
  buf_clear(&B);
  map_svg(m, &B);
  buf_clear(&F.text);
  F = (Found){.text = F.text};
  XML_Parser x = XML_ParserCreate(NULL);
  XML_SetElementHandler(x, begins, ends);
  XML_SetCharacterDataHandler(x, text);
  enum XML_Status good = XML_Parse(x, B.p, (int)B.n, 1);
  if (good != XML_STATUS_OK) fprintf(stderr, "%s\n%s", XML_ErrorString(XML_GetErrorCode(x)), B.p);
  XML_ParserFree(x);
  assert_int_equal(good, XML_STATUS_OK);
}

static const MapPlace places[] = {{31.2, 121.4, STR("办公室"), true}, {31.3, 121.5, STR("华东仪表 & <Söhne>"), false},
                                  {31.1, 121.3, STR(""), false}, {31.2, 121.6, STR("C0318"), false}};

static void routes_are_lines_of_their_own_colours_between_places(void **state) {
  (void)state;
  const int32_t monday[] = {0, 1, 3, 0}, tuesday[] = {0, 2, 0};
  const MapRoute routes[] = {{STR("周一 2 visits"), monday, 4}, {STR("周二 1 visit"), tuesday, 3}};
  draw(&(MapPicture){.title = STR("李敏 \"W45\""), .place = places, .place_count = 4, .route = routes, .route_count = 2});
  assert_int_equal(F.lines, 2);
  assert_int_equal(F.circles, 3);
  assert_int_equal(F.squares, 2); /* the ground and the home */
  assert_string_not_equal(F.stroke[0], F.stroke[1]);
  assert_non_null(strstr(F.text.p, "李敏 \"W45\"\n"));
  assert_non_null(strstr(F.text.p, "华东仪表 & <Söhne>\n"));
  assert_non_null(strstr(F.text.p, "周二 1 visit\n"));
  int commas = 0;
  for (const char *p = F.points[0]; *p; p++) commas += *p == ',';
  assert_int_equal(commas, 4);
}

/* A degree east is as long as cos(latitude) of one north; the scale says how long that is. */
static void lengths_are_true_in_both_directions(void **state) {
  (void)state;
  const MapPlace square[] = {{0, 0, STR(""), false}, {60.5, 10, STR(""), false}, {59.5, 10, STR(""), false}, {60, 9, STR(""), false},
                             {60, 11, STR(""), false}};
  draw(&(MapPicture){.place = square + 1, .place_count = 4});
  double high = F.y[1] - F.y[0], wide = F.x[3] - F.x[2];
  assert_true(fabs(wide / high - 2 * cos(60 * 0.017453292519943295)) < 0.01);
  assert_true(F.y[0] < F.y[1] && F.x[2] < F.x[3]); /* north is up */
  assert_non_null(strstr(F.text.p, "20 km\n"));
}

static void everything_stays_within_the_picture(void **state) {
  (void)state;
  draw(&(MapPicture){.place = places, .place_count = 4, .width = 400, .height = 300});
  for (int i = 0; i < F.circles; i++) {
    assert_true(F.x[i] >= 0 && F.x[i] <= 400);
    assert_true(F.y[i] >= 0 && F.y[i] <= 300);
  }
}

static void what_has_no_position_is_counted_and_not_drawn(void **state) {
  (void)state;
  const MapPlace some[] = {{31.2, 121.4, STR("a"), true}, {(double)NAN, 121.5, STR("b"), false}, {95, 121.5, STR("c"), false}};
  const int32_t route[] = {0, 1, 7, -1, 0};
  draw(&(MapPicture){.place = some, .place_count = 3, .route = &(MapRoute){STR("r"), route, 5}, .route_count = 1});
  assert_int_equal(F.circles, 0);
  assert_non_null(strstr(F.text.p, "2 places without a position · 3 stops not drawn\n"));
  assert_null(strstr(B.p, "nan"));
}

static void texts_of_any_bytes_are_well_formed(void **state) {
  (void)state;
  char all[257];
  for (int i = 0; i < 256; i++) all[i] = (char)i;
  const MapPlace one = {31.2, 121.4, {all, 256}, false};
  draw(&(MapPicture){.title = {all, 256}, .place = &one, .place_count = 1,
                     .route = &(MapRoute){{"]]>\xef\xbf\xbe\x01", 7}, NULL, 0}, .route_count = 1});
  assert_int_equal(F.circles, 1);
}

static void nothing_is_a_picture_too(void **state) {
  (void)state;
  draw(&(MapPicture){0});
  assert_int_equal(F.lines, 0);
  assert_null(strstr(B.p, "nan"));
}

static void more_routes_than_lines_are_counted_in_the_legend(void **state) {
  (void)state;
  MapRoute routes[100];
  for (int i = 0; i < 100; i++) routes[i] = (MapRoute){STR("day"), NULL, 0};
  draw(&(MapPicture){.route = routes, .route_count = 100, .height = 300});
  assert_non_null(strstr(F.text.p, " more\n"));
}

static int free_all(void **state) {
  (void)state;
  buf_free(&B);
  buf_free(&F.text);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(routes_are_lines_of_their_own_colours_between_places),
      cmocka_unit_test(lengths_are_true_in_both_directions),
      cmocka_unit_test(everything_stays_within_the_picture),
      cmocka_unit_test(what_has_no_position_is_counted_and_not_drawn),
      cmocka_unit_test(texts_of_any_bytes_are_well_formed),
      cmocka_unit_test(nothing_is_a_picture_too),
      cmocka_unit_test(more_routes_than_lines_are_counted_in_the_legend),
  };
  return cmocka_run_group_tests(tests, NULL, free_all);
}
