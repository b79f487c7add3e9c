/* What stands behind a dot: entries of contexts, parts of dates, times, durations and ranges. */
#include "feel/std.h"

#include "base/num.h"
#include "base/zone.h"

static Val days(int64_t secs) { return (Val){.t = V_SECS, .u.i = secs}; }

static Val seconds(Standard *s, int64_t nanos_in_minute) { /* with its decimals */
  return num_div(val_int(nanos_in_minute), val_int(MOMENT_SECOND), s->arena);
}

static bool of_date(int64_t day, Str name, Val *out) {
  int64_t y;
  int m, d;
  civil_parts(day, &y, &m, &d);
  if (str_is(name, "year")) *out = val_int(y);
  else if (str_is(name, "month")) *out = val_int(m);
  else if (str_is(name, "day")) *out = val_int(d);
  else if (str_is(name, "weekday")) *out = val_int(civil_weekday(day));
  else return false;
  return true;
}

static bool of_clock(Standard *s, const ValClock *k, bool dated, Str name, Val *out) {
  int64_t secs = k->nanos / MOMENT_SECOND, minute = 60 * MOMENT_SECOND;
  int32_t offset;
  if (str_is(name, "hour")) *out = val_int(secs / 3600);
  else if (str_is(name, "minute")) *out = val_int(secs / 60 % 60);
  else if (str_is(name, "second")) *out = seconds(s, k->nanos % minute);
  else if (str_is(name, "time offset")) {
    bool known = dated || !k->zone.n ? clock_offset(k, &offset) : zone_fixed(k->zone, &offset);
    *out = known ? days(offset) : val_null();
  } else if (str_is(name, "timezone")) {
    *out = k->zone.n ? val_text(k->zone) : val_null();
  } else {
    return false;
  }
  return true;
}

static bool of_secs(Standard *s, Val v, Str name, Val *out) {
  const Nanos second = MOMENT_SECOND;
  Nanos n = secs_nanos(v);
  int64_t whole = (int64_t)(n / second);
  if (str_is(name, "days")) *out = val_int(whole / MOMENT_DAY);
  else if (str_is(name, "hours")) *out = val_int(whole / 3600 % 24);
  else if (str_is(name, "minutes")) *out = val_int(whole / 60 % 60);
  else if (str_is(name, "seconds")) *out = seconds(s, (int64_t)(n % (60 * second)));
  else return false;
  return true;
}

static bool of_months(Val v, Str name, Val *out) {
  if (str_is(name, "years")) *out = val_int(v.u.i / 12);
  else if (str_is(name, "months")) *out = val_int(v.u.i % 12);
  else return false;
  return true;
}

static bool of_range(Val v, Str name, Val *out) {
  if (str_is(name, "start")) *out = v.u.v[0];
  else if (str_is(name, "end")) *out = v.u.v[1];
  else if (str_is(name, "start included")) *out = val_bool(v.e & VAL_RANGE_LOW_IN);
  else if (str_is(name, "end included")) *out = val_bool(v.e & VAL_RANGE_HIGH_IN);
  else return false;
  return true;
}

Val std_property(Standard *s, Val v, Str name) {
  Val out = val_null();
  bool found = false;
  const ValClock *k = v.t == V_TIME || v.t == V_DATETIME ? v.u.p : NULL;
  switch (v.t) {
  case V_NULL: return v;
  case V_DATE: found = of_date(v.u.i, name, &out); break;
  case V_TIME: found = of_clock(s, k, false, name, &out); break;
  case V_DATETIME: found = of_date(k->days, name, &out) || of_clock(s, k, true, name, &out); break;
  case V_SECS: found = of_secs(s, v, name, &out); break;
  case V_MONTHS: found = of_months(v, name, &out); break;
  case V_RANGE: found = of_range(v, name, &out); break;
  case V_CONTEXT: found = std_context_get(v, name, &out); break;
  default: break;
  }
  if (!found) return standard_null(s, "a %s has no %.*s", standard_kind(v), STR_ARG(name));
  return out;
}

Val std_path(Standard *s, Val v, Str name) {
  if (v.t != V_LIST) return std_property(s, v, name);
  Val *out = arena_alloc(s->arena, v.n * sizeof *out);
  for (uint32_t i = 0; i < v.n; i++) {
    if (!standard_step(s)) return val_null();
    out[i] = std_property(s, v.u.v[i], name);
  }
  return std_made_list(s, out, v.n);
}
