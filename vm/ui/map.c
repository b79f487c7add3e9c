#include "ui/map.h"

#include "ui/markup.h"

#include <math.h>
#include <string.h>

enum { MARGIN = 48, LEGEND = 220, TITLE = 36, LINE = 18, FOOT = 44 };

/* Told apart by people with any sight (after Paul Tol's "muted" and "bright" schemes). */
static const char *const colours[MAP_COLOURS] = {"#332288", "#cc6677", "#117733", "#ddaa33", "#4477aa", "#aa4499",
                                                 "#44aa99", "#882255", "#999933", "#ee7733", "#0077bb", "#555555"};

typedef struct View {
  const MapPicture *m;
  int width, height;
  double west, south, east, north; /* of the places, in degrees */
  double shrink;                   /* cosine of the middle latitude */
  double scale;                    /* pixels a degree of latitude */
  double left, top;                /* pixels of the north-west corner */
  size_t unknown;                  /* places without a position */
  size_t skipped;                  /* stops of routes that are no places, or unknown ones */
} View;

static bool is_known(const MapPlace *p) {
  return p->lat >= -90 && p->lat <= 90 && p->lon >= -180 && p->lon <= 180;
}

static const MapPlace *stop_of(const View *v, const MapRoute *r, size_t i) {
  int32_t n = r->place[i];
  if (n < 0 || (size_t)n >= v->m->place_count || !is_known(&v->m->place[n])) return NULL;
  return &v->m->place[n];
}

static void measure(View *v) {
  const MapPicture *m = v->m;
  bool any = false;
  for (size_t i = 0; i < m->place_count; i++) {
    const MapPlace *p = &m->place[i];
    if (!is_known(p)) {
      v->unknown++;
      continue;
    }
    if (!any || p->lon < v->west) v->west = p->lon;
    if (!any || p->lon > v->east) v->east = p->lon;
    if (!any || p->lat < v->south) v->south = p->lat;
    if (!any || p->lat > v->north) v->north = p->lat;
    any = true;
  }
  for (size_t i = 0; i < m->route_count; i++)
    for (size_t k = 0; k < m->route[i].count; k++) v->skipped += !stop_of(v, &m->route[i], k);
  v->shrink = fmax(cos((v->south + v->north) / 2 * 0.017453292519943295), 0.01);
  double wide = fmax((v->east - v->west) * v->shrink, 1e-4), high = fmax(v->north - v->south, 1e-4);
  double room_x = fmax(v->width - LEGEND - 2 * MARGIN, 50), room_y = fmax(v->height - TITLE - FOOT - 2 * MARGIN, 50);
  v->scale = fmin(room_x / wide, room_y / high);
  v->left = MARGIN + (room_x - (v->east - v->west) * v->shrink * v->scale) / 2;
  v->top = TITLE + MARGIN + (room_y - (v->north - v->south) * v->scale) / 2;
}

static double x_of(const View *v, const MapPlace *p) { return v->left + (p->lon - v->west) * v->shrink * v->scale; }
static double y_of(const View *v, const MapPlace *p) { return v->top + (v->north - p->lat) * v->scale; }

static void text(double x, double y, const char *more, Str s, Buf *out) {
  buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\"%s>", x, y, more);
  Buf line = {0};
  str_visible(s, false, &line);
  for (size_t i = 0; i + 2 < line.n; i++) /* U+FFFE and U+FFFF are no characters of XML */
    if (!memcmp(line.p + i, "\xef\xbf\xbe", 3) || !memcmp(line.p + i, "\xef\xbf\xbf", 3)) line.p[i + 2] = '\xbd';
  markup_html_text(buf_view(&line), out);
  buf_free(&line);
  buf_puts(out, "</text>\n");
}

static void route_line(const View *v, size_t number, Buf *out) {
  const MapRoute *r = &v->m->route[number];
  const char *colour = colours[number % MAP_COLOURS];
  size_t found = 0;
  for (size_t i = 0; i < r->count; i++) {
    const MapPlace *p = stop_of(v, r, i);
    if (!p) continue;
    if (!found++) buf_printf(out, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-linejoin=\"round\" points=\"", colour);
    else buf_char(out, ' ');
    buf_printf(out, "%.1f,%.1f", x_of(v, p), y_of(v, p));
  }
  if (found) buf_puts(out, "\"/>\n");
}

static void place_mark(const View *v, const MapPlace *p, Buf *out) {
  double x = x_of(v, p), y = y_of(v, p);
  if (p->home) buf_printf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"10\" height=\"10\" fill=\"#000\"/>\n", x - 5, y - 5);
  else buf_printf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"#fff\" stroke=\"#000\"/>\n", x, y);
  if (p->name.n) text(x + 7, y - 5, " font-size=\"11\"", p->name, out);
}

/* The largest of 1, 2, 5 × 10^n kilometres that is no longer than a fifth of the picture. */
static void scale_bar(const View *v, Buf *out) {
  const double km_a_degree = 6371.0088 * 0.017453292519943295;
  double pixels_a_km = v->scale / km_a_degree, most = (v->width - LEGEND) / 5.0 / pixels_a_km;
  double ten = pow(10, floor(log10(most))), km = most >= 5 * ten ? 5 * ten : most >= 2 * ten ? 2 * ten : ten;
  double y = v->height - 24, length = km * pixels_a_km;
  buf_printf(out, "<path d=\"M%d,%.1f v6 h%.1f v-6\" fill=\"none\" stroke=\"#000\"/>\n", MARGIN, y, length);
  Buf b = {0};
  if (km < 1) buf_printf(&b, "%.0f m", km * 1000);
  else buf_printf(&b, "%.0f km", km);
  text(MARGIN + length + 6, y + 6, "", buf_view(&b), out);
  buf_free(&b);
}

/* Routes by name, as many as there is room for; what is left out is counted. */
static void legend(const View *v, Buf *out) {
  const MapPicture *m = v->m;
  int x = v->width - LEGEND, y = TITLE + LINE;
  size_t room = v->height > TITLE + 3 * LINE ? (size_t)(v->height - TITLE - 2 * LINE) / LINE : 1;
  for (size_t i = 0; i < m->route_count; i++, y += LINE) {
    if (i + 1 == room && m->route_count > room) {
      Buf b = {0};
      buf_say(&b, "… %zu more", m->route_count - i);
      text(x, y + 4, "", buf_view(&b), out);
      buf_free(&b);
      return;
    }
    buf_printf(out, "<path d=\"M%d,%d h20\" stroke=\"%s\" stroke-width=\"3\"/>\n", x, y, colours[i % MAP_COLOURS]);
    text(x + 26, y + 4, "", m->route[i].name, out);
  }
}

static void left_out(const View *v, Buf *out) {
  if (!v->unknown && !v->skipped) return;
  Buf b = {0};
  if (v->unknown) buf_say(&b, "%zu place%s without a position", v->unknown, v->unknown == 1 ? "" : "s");
  if (v->skipped) buf_say(&b, "%s%zu stop%s not drawn", v->unknown ? " · " : "", v->skipped, v->skipped == 1 ? "" : "s");
  text(v->width - MARGIN, v->height - 18, " text-anchor=\"end\" fill=\"#a00\"", buf_view(&b), out);
  buf_free(&b);
}

void map_svg(const MapPicture *m, Buf *out) {
  View v = {.m = m, .width = m->width > 0 ? m->width : 960, .height = m->height > 0 ? m->height : 720};
  measure(&v);
  buf_printf(out,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
             "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
             "font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
             v.width, v.height, v.width, v.height);
  if (m->title.n) text(MARGIN, TITLE - 10, " font-size=\"16\" font-weight=\"bold\"", m->title, out);
  for (size_t i = 0; i < m->route_count; i++) route_line(&v, i, out);
  for (size_t i = 0; i < m->place_count; i++)
    if (is_known(&m->place[i])) place_mark(&v, &m->place[i], out);
  scale_bar(&v, out);
  legend(&v, out);
  left_out(&v, out);
  buf_puts(out, "</svg>\n");
}
