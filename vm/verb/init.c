#include "verb/out.h"
#include "verb/verbs.h"

#include <ctype.h>
#include <string.h>

static bool read_currency(const Cli *c, const char **out, Err *e) {
  const char *v = cli_opt(c, "currency");
  if (!v) return true;
  bool ok = strlen(v) == 3;
  for (const char *p = v; ok && *p; p++) ok = isupper((unsigned char)*p);
  if (!ok) {
    err_set(e, ERR_USAGE, "--currency: '%s' is no currency code", v);
    return err_todo(e, "three capital letters, as CNY or EUR");
  }
  *out = v;
  return true;
}

static bool init(Cli *c, Err *e) {
  StoreInit how = {.currency = "CNY", .minor = 2};
  int64_t minor = how.minor;
  if (!read_currency(c, &how.currency, e) || !cli_opt_int(c, "minor", 0, &minor, e)) return false;
  if (minor > 4) return err_set(e, ERR_USAGE, "--minor: money has 0 to 4 decimals, not %lld", (long long)minor);
  how.minor = (int)minor;
  if (!store_init(c->db, how, e)) return false;
  out_say("made %s: money in %s with %d decimals", c->db, how.currency, how.minor);
  return true;
}

static const OptDef options[] = {
  {"currency", "CODE", "the company's one currency (default CNY)", false},
  {"minor", "DIGITS", "decimals of its amounts, 0 to 4 (default 2)", false},
  {NULL, NULL, NULL, false},
};

const Verb verb_init = {
  .name = "init",
  .summary = "make an empty database",
  .usage = (const char *const[]){"[--db FILE] init [--currency CODE] [--minor DIGITS]", NULL},
  .opt = options,
  .run = init,
};
