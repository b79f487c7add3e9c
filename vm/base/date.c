#include "base/date.h"

#include <time.h>

Day day_of(int year, int month, int day) { /* Howard Hinnant, "chrono-compatible low-level date algorithms" */
  int y = month <= 2 ? year - 1 : year;
  int era = (y >= 0 ? y : y - 399) / 400;
  int yoe = y - era * 400;
  int doy = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
  int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + doe - 719468;
}

void day_parts(Day d, int *year, int *month, int *day) {
  int z = d + 719468;
  int era = (z >= 0 ? z : z - 146096) / 146097;
  int doe = z - era * 146097;
  int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  int mp = (5 * doy + 2) / 153;
  *day = doy - (153 * mp + 2) / 5 + 1;
  *month = mp < 10 ? mp + 3 : mp - 9;
  *year = yoe + era * 400 + (*month <= 2);
}

int month_length(int year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[month - 1] + (month == 2 && leap);
}

bool day_real(int year, int month, int day) {
  return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
         day <= month_length(year, month);
}

int day_month(Day d) {
  int y, m, day;
  day_parts(d, &y, &m, &day);
  return y * 12 + m - 1;
}

static void month_parts(int number, int *year, int *month) {
  *year = number >= 0 ? number / 12 : (number - 11) / 12;
  *month = number - *year * 12 + 1;
}

Day month_start(int number) {
  int y, m;
  month_parts(number, &y, &m);
  return day_of(y, m, 1);
}

Day day_add_months(Day d, int n) {
  enum { FURTHEST = 200000 }; /* beyond any year of a date, and far from overflow */
  if (n > FURTHEST) n = FURTHEST;
  if (n < -FURTHEST) n = -FURTHEST;
  int y, m, day;
  day_parts(d, &y, &m, &day);
  month_parts(y * 12 + m - 1 + n, &y, &m);
  int last = month_length(y, m);
  return day_of(y, m, day < last ? day : last);
}

int day_weekday(Day d) { /* 1970-01-01 was a Thursday */
  int w = (d + 3) % 7;
  return (w < 0 ? w + 7 : w) + 1;
}

bool day_parse(Str s, Day *out) {
  if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-') return false;
  int part[3] = {0};
  static const int from[] = {0, 5, 8}, to[] = {4, 7, 10};
  for (int k = 0; k < 3; k++)
    for (int i = from[k]; i < to[k]; i++) {
      if (s.p[i] < '0' || s.p[i] > '9') return false;
      part[k] = part[k] * 10 + (s.p[i] - '0');
    }
  if (!day_real(part[0], part[1], part[2])) return false;
  *out = day_of(part[0], part[1], part[2]);
  return true;
}

void day_print(Day d, Buf *out) {
  int y, m, day;
  day_parts(d, &y, &m, &day);
  buf_printf(out, "%04d-%02d-%02d", y, m, day);
}

Day day_today(void) {
  time_t t = time(NULL);
  struct tm tm;
  if (!localtime_r(&t, &tm)) return 0;
  return day_of(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}
