/* company: writes the CSV files of an invented Chinese company that sells to
 * other companies. Same options, same bytes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "company.h"

static const char usage[] =
  "usage: company [options]\n"
  "  --out DIR          folder for the files, made if need be (default company)\n"
  "  --accounts N       accounts (2000)\n"
  "  --managers N       account managers (30)\n"
  "  --partners N       channel partners (100)\n"
  "  --lines N          order lines (75 an account)\n"
  "  --years N          years of orders (3)\n"
  "  --until DATE       last day with data (2026-10-31)\n"
  "  --seed N           another company (1)\n";

static int wrong(const char *option, const char *value, const char *wanted) {
  fprintf(stderr, "company: %s: '%s' is not %s\n%s", option, value ? value : "", wanted, usage);
  return 2;
}

static bool whole(const char *s, long low, long high, long *out) {
  char *end;
  errno = 0;
  *out = strtol(s, &end, 10);
  return errno == 0 && end != s && *end == 0 && *out >= low && *out <= high;
}

int main(int argc, char **argv) {
  long accounts = 2000, managers = 30, partners = 100, lines = -1, years = 3, seed = 1;
  const char *out = "company";
  Day until = day_of(2026, 10, 31);
  const struct { const char *name; long *value, low, high; const char *wanted; } number[] = {
    {"--accounts", &accounts, 1, 60000, "a number from 1 to 60000"},
    {"--managers", &managers, 1, 20000, "a number from 1 to 20000"},
    {"--partners", &partners, 0, 50000, "a number from 0 to 50000"},
    {"--lines", &lines, 0, 2000000000, "a number from 0 to 2000000000"},
    {"--years", &years, 1, 20, "a number from 1 to 20"},
    {"--seed", &seed, 0, 2000000000, "a number from 0 to 2000000000"},
  };
  for (int i = 1; i < argc; i += 2) {
    const char *value = i + 1 < argc ? argv[i + 1] : NULL;
    size_t k = 0, n = sizeof number / sizeof *number;
    if (strcmp(argv[i], "--help") == 0) return fputs(usage, stdout) < 0;
    while (k < n && strcmp(argv[i], number[k].name) != 0) k++;
    if (k < n) {
      if (!value || !whole(value, number[k].low, number[k].high, number[k].value))
        return wrong(argv[i], value, number[k].wanted);
    } else if (strcmp(argv[i], "--until") == 0) {
      if (!value || !day_parse(str_of(value), &until)) return wrong(argv[i], value, "a date such as 2026-10-31");
    } else if (strcmp(argv[i], "--out") == 0 && value) {
      out = value;
    } else {
      return wrong(argv[i], value, "an option of company");
    }
  }
  if (lines < 0) lines = accounts * 75;
  if (mkdir(out, 0777) != 0 && errno != EEXIST) {
    fprintf(stderr, "company: %s cannot be made: %s\n", out, strerror(errno));
    return 1;
  }
  Company *c = company_build((Options){
    .seed = (uint64_t)seed, .accounts = (int)accounts, .managers = (int)managers, .partners = (int)partners,
    .years = (int)years, .lines = lines, .from = day_add_months(until + 1, -12 * (int)years), .until = until, .out = out});
  write_accounts(c);
  write_staff(c);
  write_assignments(c);
  write_visiting(c);
  write_products(c);
  write_orders(c);
  write_visits(c);
  write_activities(c);
  write_contacts(c);
  write_complaints(c);
  write_surveys(c);
  write_relations(c);
  write_quotes(c);
  write_market(c);
  company_free(c);
  return 0;
}
