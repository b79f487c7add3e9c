#include "store/past.h"

#include "store/view.h"

bool store_known_since(Store *s, const HostField *f, Day *first, Err *e) {
  *first = DAY_NONE;
  const Field *field = (const Field *)f;
  Val id = val_int(field->history), day;
  Arena a = {0};
  bool ok = store_value(s, "SELECT min(day) FROM history WHERE field = ?1 AND day > '0001-01-01'", &id, 1, &a, &day, e);
  if (ok && day.t == V_TEXT) day_parse(val_str(day), first);
  arena_free(&a);
  return ok;
}
