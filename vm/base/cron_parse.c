#include "base/cron.h"

#include "base/lang.h"

#include <string.h>
#include <strings.h>

typedef enum FieldAt { MINUTES, HOURS, DOM, MONTHS, DOW, FIELDS } FieldAt;

static const char *const month_name[] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC", NULL};
static const char *const day_name[] = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "WORKDAY", NULL};

static const struct {
  const char *name, *example;
  int low, high;
  const char *const *names;
} field[FIELDS] = {
    [MINUTES] = {N_("minute"), "0, 30, */15", 0, 59, NULL},
    [HOURS] = {N_("hour"), "6, 8-18, */2", 0, 23, NULL},
    [DOM] = {N_("day of the month"), "1, 15, L (the last), L-3, 1W", 1, 31, NULL},
    [MONTHS] = {N_("month"), "1, JAN, 1,4,7,10", 1, 12, month_name},
    [DOW] = {N_("day of the week"), "MON, MON-FRI, MON#2, FRIL, workday", 0, 7, day_name},
};

typedef struct Reader {
  Str text;     /* the whole, for the caret */
  FieldAt at;
  Cron *c;
  uint64_t bits;
  bool any;
  Err *e;
} Reader;

static bool fault(Reader *r, Str part, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static bool fault(Reader *r, Str part, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  err_vset(r->e, ERR_USAGE, fmt, ap);
  va_end(ap);
  return err_source(r->e, r->text, (size_t)(part.p - r->text.p), part.n ? part.n : 1);
}

/* --- the smallest parts */

static bool digits(Str *s, int *out) {
  size_t n = 0;
  int v = 0;
  for (; n < s->n && s->p[n] >= '0' && s->p[n] <= '9' && n < 6; n++) v = v * 10 + (s->p[n] - '0');
  *out = v;
  *s = str_sub(*s, n, s->n);
  return n > 0;
}

static bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static bool same(Str s, const char *name) { return s.n == strlen(name) && strncasecmp(s.p, name, s.n) == 0; }

/* The position of a name; full names ("monday") count by their first three letters. -1: none. */
static int position(const char *const *names, Str s) {
  static const char *const full[] = {"SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY",
                                     "JANUARY", "FEBRUARY", "MARCH", "APRIL", "JUNE", "JULY", "AUGUST", "SEPTEMBER",
                                     "OCTOBER", "NOVEMBER", "DECEMBER", NULL};
  for (int i = 0; names[i]; i++)
    if (same(s, names[i])) return i;
  for (int i = 0; full[i]; i++)
    if (same(s, full[i])) return position(names, str_sub(s, 0, 3));
  return -1;
}

static bool no_name(Reader *r, Str word) {
  const char *const *names = field[r->at].names;
  if (!names) {
    fault(r, word, "the %s is a number from %d to %d, not %.*s", _(field[r->at].name), field[r->at].low, field[r->at].high,
          STR_ARG(word));
    return err_todo(r->e, "such as %s", field[r->at].example);
  }
  fault(r, word, "there is no %s %.*s", r->at == DOW ? _("day of the week") : _(field[r->at].name), STR_ARG(word));
  char upper[16] = {0};
  for (size_t i = 0; i < word.n && i < sizeof upper - 1; i++)
    upper[i] = (char)(word.p[i] >= 'a' && word.p[i] <= 'z' ? word.p[i] - 32 : word.p[i]);
  int best = 3, which = -1;
  for (int i = 0; names[i]; i++) {
    int far = str_distance(str_of(upper), str_of(names[i]), best);
    if (far < best) best = far, which = i;
  }
  if (which >= 0) err_todo(r->e, "did you mean %s?", strcmp(names[which], "WORKDAY") ? names[which] : "workday");
  return err_todo(r->e, "such as %s", field[r->at].example);
}

/* A number or a name; *rest is what follows. Days of the week: Sunday is 0, a working day CRON_WORKDAY. */
static bool value(Reader *r, Str item, Str *rest, int *out) {
  Str word = item;
  *rest = item;
  if (digits(rest, out)) {
    word.n -= rest->n;
    if (*out >= field[r->at].low && *out <= field[r->at].high) return true;
    fault(r, word, "there is no %s %.*s", _(field[r->at].name), STR_ARG(word));
    return err_todo(r->e, "it is %d to %d", field[r->at].low, field[r->at].high);
  }
  for (word.n = 0; word.n < item.n && letter(item.p[word.n]);) word.n++;
  if (!word.n) {
    fault(r, item, "%.*s is no %s", STR_ARG(item), _(field[r->at].name));
    return err_todo(r->e, "such as %s", field[r->at].example);
  }
  if (!field[r->at].names) return no_name(r, word);
  int i = position(field[r->at].names, word);
  if (i < 0 && r->at == DOW && word.n > 3 && (word.p[word.n - 1] | 32) == 'l') { /* FRIL */
    word.n--;
    i = position(field[r->at].names, word);
  }
  if (i < 0) return no_name(r, word);
  *out = r->at == MONTHS ? i + 1 : i == 7 ? CRON_WORKDAY : i;
  *rest = str_sub(item, word.n, item.n);
  return true;
}

/* --- one item of a list */

static int iso(int dow) { return dow == 0 ? 7 : dow; } /* Sunday is 0 or 7 */

static void add(Reader *r, int v) { r->bits |= 1ull << (r->at == DOW ? iso(v) : v); }

static bool leftover(Reader *r, Str rest) {
  if (!rest.n) return true;
  fault(r, rest, "%.*s does not belong to a %s", STR_ARG(rest), _(field[r->at].name));
  return err_todo(r->e, "such as %s", field[r->at].example);
}

static bool add_place(Reader *r, Str item, int day, int nth) {
  if (r->c->nplace == CRON_PLACES) return fault(r, item, "more than %d such days", (int)CRON_PLACES);
  r->c->place[r->c->nplace++] = (CronPlace){day == CRON_WORKDAY ? day : iso(day), nth};
  return true;
}

/* MON#2, FRIL, workday#-1; *done: it was one. */
static bool place(Reader *r, Str item, Str rest, int day, bool *done) {
  int nth;
  *done = true;
  if (rest.n == 1 && (*rest.p | 32) == 'l') return add_place(r, item, day, -1);
  if (rest.n < 2 || *rest.p != '#') {
    *done = false;
    return true;
  }
  bool back = rest.p[1] == '-';
  Str number = str_sub(rest, back ? 2 : 1, rest.n);
  int most = day == CRON_WORKDAY ? 31 : 5;
  if (!digits(&number, &nth) || number.n || nth < 1 || nth > most) {
    fault(r, rest, "which one of the month? %.*s", STR_ARG(item));
    return err_todo(r->e, "#1 to #%d, or L for the last: MON#2, FRIL", most);
  }
  return add_place(r, item, day, back ? -nth : nth);
}

/* L, L-3, LW, 15W; *done: it was one. */
static bool day_item(Reader *r, Str item, bool *done) {
  Str rest = item;
  int n;
  *done = true;
  if (item.n && (*item.p | 32) == 'l') {
    rest = str_sub(item, 1, item.n);
    if (same(rest, "W")) {
      r->c->near |= 1;
      return true;
    }
    if (!rest.n) {
      r->c->before_last |= 1;
      return true;
    }
    Str number = str_sub(rest, 1, rest.n);
    if (*rest.p == '-' && digits(&number, &n) && !number.n && n <= 30) {
      r->c->before_last |= 1u << n;
      return true;
    }
    fault(r, item, "%.*s is no day of the month", STR_ARG(item));
    return err_todo(r->e, "L is the last day, L-3 three days before it, LW the last working day");
  }
  if (digits(&rest, &n) && same(rest, "W")) {
    if (n < 1 || n > 31) return fault(r, item, "there is no day of the month %d", n);
    r->c->near |= 1u << n;
    return true;
  }
  *done = false;
  return true;
}

static bool step(Reader *r, Str rest, int *out) {
  Str number = str_sub(rest, 1, rest.n);
  if (digits(&number, out) && !number.n && *out > 0) return true;
  fault(r, rest, "a step is a whole number from 1: %.*s", STR_ARG(rest));
  return err_todo(r->e, "such as */15 or 8-18/2");
}

static bool whole(Reader *r, Str item, bool only) {
  int by = 1, low = field[r->at].low, high = r->at == DOW ? 6 : field[r->at].high;
  Str rest = str_sub(item, 1, item.n);
  if (rest.n && *rest.p != '/') return leftover(r, rest);
  if (rest.n && !step(r, rest, &by)) return false;
  if (by > high) {
    fault(r, rest, "a step of %d leaves the %s at %d", by, _(field[r->at].name), low);
    return err_todo(r->e, "write %d, or a smaller step", low);
  }
  if (by == 1 && !only) return fault(r, item, "* beside others: it holds them all");
  if (by == 1) r->any = true;
  for (int v = low; v <= high; v += by) add(r, v);
  return true;
}

static bool range(Reader *r, Str item, Str rest, int from) {
  int to = from, by = 1;
  bool open = rest.n && *rest.p == '/';
  if (rest.n && *rest.p == '-') {
    Str end = str_sub(rest, 1, rest.n);
    if (!value(r, end, &rest, &to)) return false;
    if (r->at == DOW && to == 0 && from > 0) to = 7; /* FRI-SUN */
    if (r->at == DOW && (from == CRON_WORKDAY || to == CRON_WORKDAY)) return fault(r, item, "workday is no end of a range");
    if (to < from) {
      fault(r, item, "the range %.*s ends before it begins", STR_ARG(item));
      int len = (int)(end.n - rest.n);
      if (r->at == DOW) {
        Str first = {item.p, (size_t)(end.p - item.p - 1)};
        if (to == 1) return err_todo(r->e, "write it as two: %.*s-SUN,MON", STR_ARG(first));
        return err_todo(r->e, "write it as two: %.*s-SUN,MON-%.*s", STR_ARG(first), len, end.p);
      }
      return err_todo(r->e, "write it as two: %.*s-%d,%d-%.*s", (int)(end.p - item.p - 1), item.p,
                      field[r->at].high, field[r->at].low, len, end.p);
    }
  }
  if (rest.n && *rest.p == '/') {
    if (!step(r, rest, &by)) return false;
    if (open) to = r->at == DOW ? 6 : field[r->at].high;
    rest.n = 0;
  }
  if (!leftover(r, rest)) return false;
  for (int v = from; v <= to; v += by) add(r, v);
  return true;
}

static bool one_item(Reader *r, Str item, bool only) {
  bool done = false;
  int v;
  Str rest;
  if (!item.n) {
    fault(r, item, "an empty place in the list of the %s", _(field[r->at].name));
    return err_todo(r->e, "such as %s", field[r->at].example);
  }
  if (*item.p == '*') return whole(r, item, only);
  if (*item.p == '?' && item.n == 1 && (r->at == DOM || r->at == DOW) && only) {
    r->any = true;
    return true;
  }
  if (r->at == DOM && (!day_item(r, item, &done) || done)) return done && !r->e->kind;
  if (!value(r, item, &rest, &v)) return false;
  if (r->at == DOW && (!place(r, item, rest, v, &done) || done)) return done && !r->e->kind;
  return range(r, item, rest, v);
}

static bool one_field(Reader *r, Str text) {
  Str rest = text;
  bool only = !memchr(text.p, ',', text.n);
  r->bits = 0;
  r->any = false;
  while (rest.p) {
    Str item = str_split(rest, ',', &rest);
    if (!one_item(r, item, only)) return false;
  }
  switch (r->at) {
    case MINUTES: r->c->minute = r->bits; break;
    case HOURS: r->c->hour = (uint32_t)r->bits; break;
    case MONTHS: r->c->month = (uint32_t)r->bits; break;
    case DOM: r->c->dom = (uint32_t)r->bits, r->c->any_dom = r->any; break;
    case DOW: r->c->dow = (uint32_t)r->bits, r->c->any_dow = r->any; break;
    case FIELDS: break;
  }
  return true;
}

/* --- the whole */

static Str macro(Str text, Err *e) {
  static const struct { const char *name, *means; } known[] = {
      {"@yearly", "0 0 1 1 *"}, {"@annually", "0 0 1 1 *"}, {"@quarterly", "0 0 1 1,4,7,10 *"}, {"@monthly", "0 0 1 * *"},
      {"@weekly", "0 0 * * 0"}, {"@daily", "0 0 * * *"},    {"@midnight", "0 0 * * *"}, {"@hourly", "0 * * * *"}};
  int best = 3;
  const char *near = NULL;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (same(text, known[i].name)) return str_of(known[i].means);
    int far = str_distance(text, str_of(known[i].name), best);
    if (far < best) best = far, near = known[i].name;
  }
  err_set(e, ERR_USAGE, "there is no %.*s", STR_ARG(text));
  err_source(e, text, 0, text.n);
  if (near) err_todo(e, "did you mean %s?", near);
  err_todo(e, "@yearly @quarterly @monthly @weekly @daily @hourly; what runs at the start of the machine is no schedule");
  return (Str){0};
}

static size_t split(Str text, Str *part, size_t most) {
  size_t n = 0;
  for (size_t i = 0; i < text.n;) {
    while (i < text.n && (text.p[i] == ' ' || text.p[i] == '\t')) i++;
    size_t from = i;
    while (i < text.n && text.p[i] != ' ' && text.p[i] != '\t') i++;
    if (i > from && n++ < most) part[n - 1] = str_sub(text, from, i);
  }
  return n;
}

static bool wrong_count(Str text, const Str *part, size_t n, Err *e) {
  err_set(e, ERR_USAGE, "a schedule has five fields, this has %zu: minute hour day month weekday", n);
  if (n > FIELDS) err_source(e, text, (size_t)(part[FIELDS].p - text.p), part[FIELDS].n);
  else err_source(e, text, 0, text.n ? text.n : 1);
  if (n == FIELDS + 1) err_todo(e, "seconds and years are no part of it; a zone is said with --tz");
  return err_todo(e, "such as 0 6 1 * *, at 06:00 on the 1st; or in words: 1st 06:00, workday 09:00");
}

static bool both_days(Reader *r, const Str *part) {
  Str span = {part[DOM].p, (size_t)(part[DOW].p + part[DOW].n - part[DOM].p)};
  fault(r, span, "day of the month and day of the week are both set: is it either, or both?");
  err_todo(r->e, "by the month: %.*s %.*s %.*s %.*s *", STR_ARG(part[0]), STR_ARG(part[1]), STR_ARG(part[2]), STR_ARG(part[3]));
  err_todo(r->e, "by the week:  %.*s %.*s * %.*s %.*s", STR_ARG(part[0]), STR_ARG(part[1]), STR_ARG(part[3]), STR_ARG(part[4]));
  return err_todo(r->e, "either of them is two schedules");
}

bool cron_parse(Str text, Cron *out, Err *e) {
  Str part[FIELDS + 1], trimmed = str_trim(text);
  *out = (Cron){0};
  if (trimmed.n && *trimmed.p == '@') {
    trimmed = macro(trimmed, e);
    if (!trimmed.p) return false;
  }
  size_t n = split(trimmed, part, FIELDS + 1);
  if (n != FIELDS) return wrong_count(trimmed, part, n, e);
  Reader r = {.text = trimmed, .c = out, .e = e};
  for (r.at = 0; r.at < FIELDS; r.at++) {
    out->starts[r.at] = (int)(part[r.at].p - trimmed.p);
    if (!one_field(&r, part[r.at])) return false;
  }
  if (!out->any_dom && !out->any_dow) return both_days(&r, part);
  int64_t at;
  if (cron_local(out, NULL, (int64_t)day_of(2001, 1, 1) * 86400, &at)) return true;
  Str days = out->any_dow ? part[DOM] : part[DOW];
  if (out->month == 0x1ffe) return fault(&r, days, "this never happens: no month has such a day");
  fault(&r, days, "this never happens: month %.*s has no such day", STR_ARG(part[MONTHS]));
  return err_todo(e, "L is the last day of whatever month it is");
}

bool cron_zone(Str zone, Err *e) {
  if (zone_known(zone)) return true;
  Buf near = {0};
  err_set(e, ERR_USAGE, "there is no time zone %.*s", STR_ARG(zone));
  if (zone_nearest(zone, &near)) err_todo(e, "did you mean %s?", near.p);
  else if (!zone_known(STR("Asia/Shanghai"))) err_todo(e, "the zones are missing on this machine: install what Debian calls tzdata");
  else err_todo(e, "zones have names such as Asia/Shanghai, Europe/Berlin, UTC");
  buf_free(&near);
  return false;
}

/* --- words */

typedef struct Words {
  Str text, part[12];
  size_t n, at;
} Words;

static Str next(Words *w) { return w->at < w->n ? w->part[w->at] : (Str){w->text.p + w->text.n, 0}; }

static bool taken(Words *w, const char *word) {
  if (!same(next(w), word)) return false;
  w->at++;
  return true;
}

static bool ordinal(Words *w, int *out) {
  Str s = next(w);
  if (!digits(&s, out) || *out < 1 || *out > 31) return false;
  if (!same(s, "st") && !same(s, "nd") && !same(s, "rd") && !same(s, "th")) return false;
  w->at++;
  return true;
}

/* A day of the week or "workday", as cron writes it. */
static const char *named_day(Words *w) {
  int i = position(day_name, next(w));
  if (i < 0) return NULL;
  w->at++;
  return i == 7 ? "workday" : day_name[i];
}

static bool clock_time(Words *w, int *hour, int *minute) {
  Str s = next(w);
  if (!digits(&s, hour) || *hour > 23 || !s.n || *s.p != ':') return false;
  s = str_sub(s, 1, s.n);
  if (s.n != 2 || !digits(&s, minute) || s.n || *minute > 59) return false;
  w->at++;
  return true;
}

static const char *months_of(Words *w, bool last) {
  if (!taken(w, "of")) return "*";
  if (taken(w, "quarter")) return last ? "3,6,9,12" : "1,4,7,10";
  int i = position(month_name, next(w));
  if (i < 0) return NULL;
  w->at++;
  return month_name[i];
}

static bool not_understood(const Words *w, Str at, Err *e) {
  err_set(e, ERR_USAGE, "when is \"%.*s\"?", STR_ARG(w->text));
  err_source(e, w->text, (size_t)(at.p - w->text.p), at.n ? at.n : 1);
  return err_todo(e, "such as 1st 06:00, last day 18:00, workday 09:00, 2nd monday 09:00, day 23:30, or cron: 0 6 1 * *");
}

/* [1st | last | day | workday | monday] [day | workday | monday] [of quarter | of may] 06:00 */
static bool words(Words *w, Buf *cron, Err *e) {
  int nth = 0, hour, minute;
  taken(w, "every");
  bool last = taken(w, "last"), counted = last || ordinal(w, &nth), day = taken(w, "day") || taken(w, "daily");
  const char *name = day ? NULL : named_day(w);
  if (!counted && !day && !name) return not_understood(w, next(w), e);
  const char *month = months_of(w, last);
  if (!month) return not_understood(w, next(w), e);
  if (!clock_time(w, &hour, &minute)) return not_understood(w, next(w), e);
  buf_printf(cron, "%d %d ", minute, hour);
  if (name && last) buf_printf(cron, "* %s %sL", month, name);
  else if (name && counted) buf_printf(cron, "* %s %s#%d", month, name, nth);
  else if (name) buf_printf(cron, "* %s %s", month, name);
  else if (last) buf_printf(cron, "L %s *", month);
  else if (counted) buf_printf(cron, "%d %s *", nth, month);
  else buf_printf(cron, "* %s *", month);
  return true;
}

static bool looks_like_cron(const Words *w) {
  if (w->n && *w->part[0].p == '@') return true;
  return w->n >= FIELDS && w->n <= FIELDS + 1 && !memchr(w->part[1].p, ':', w->part[1].n) &&
         (*w->part[0].p == '*' || (*w->part[0].p >= '0' && *w->part[0].p <= '9'));
}

bool cron_header(Str text, Buf *cron, Buf *zone, Err *e) {
  Words w = {.text = str_trim(text)};
  w.n = split(w.text, w.part, sizeof w.part / sizeof *w.part);
  if (w.n > sizeof w.part / sizeof *w.part) return not_understood(&w, w.text, e);
  Cron c;
  if (looks_like_cron(&w)) {
    w.at = *w.part[0].p == '@' ? 1 : FIELDS;
    Str last = w.part[w.at - 1];
    buf_str(cron, (Str){w.text.p, (size_t)(last.p + last.n - w.text.p)});
  } else if (letter(w.n ? *w.part[0].p : ' ') || (w.n && w.part[0].n > 2 && letter(w.part[0].p[w.part[0].n - 1]))) {
    if (!words(&w, cron, e)) return false;
  } else {
    buf_str(cron, w.text); /* whose errors say what five fields are */
    w.at = w.n;
  }
  if (!cron_parse(buf_view(cron), &c, e)) return false;
  if (w.at == w.n) return true;
  if (w.at + 1 < w.n) return not_understood(&w, w.part[w.at + 1], e);
  if (!letter(*w.part[w.at].p) && looks_like_cron(&w)) return wrong_count(w.text, w.part, w.n, e);
  if (!cron_zone(w.part[w.at], e)) return err_source(e, w.text, (size_t)(w.part[w.at].p - w.text.p), w.part[w.at].n);
  buf_str(zone, w.part[w.at]);
  return true;
}
