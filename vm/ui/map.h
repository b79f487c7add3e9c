/* A picture of routes as SVG: places, a line for each route in a colour of its own, names, a legend and a scale.
 *
 * North is up; degrees east are shortened by the cosine of the middle latitude, so that a length is the same whichever way
 * it points (good for a region, not for a continent). Self-contained: no script, no network, no fonts. Texts are escaped;
 * the bytes depend on the arguments alone. Everything is only read; nothing fails: places without a position (NaN) and
 * numbers of places that there are not are left out of the picture and counted below it. */
#ifndef UI_MAP_H
#define UI_MAP_H
#include "base/str.h"

typedef struct MapPlace {
  double lat, lon;       /* degrees; NAN: not known */
  Str name;              /* may be empty */
  bool home;             /* where routes begin: drawn as a square */
} MapPlace;

typedef struct MapRoute {
  Str name;              /* in the legend: "Mon 2 Nov · 5 visits" */
  const int32_t *place;  /* in order, ends included */
  size_t count;
} MapRoute;

typedef struct MapPicture {
  Str title;
  const MapPlace *place;
  size_t place_count;
  const MapRoute *route; /* colours by number, again from the first after MAP_COLOURS */
  size_t route_count;
  int width, height;     /* of the picture in pixels; 0: 960 × 720 */
} MapPicture;

enum { MAP_COLOURS = 12 };

void map_svg(const MapPicture *m, Buf *out);
#endif
