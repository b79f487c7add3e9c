#include "verb/out.h"
#include "verb/verbs.h"

static bool version(Cli *c, Err *e) { return out_text(c, STR("pareto " PARETO_VERSION "\n"), e); }

const Verb verb_version = {
  .name = "version",
  .summary = "which version this is",
  .usage = (const char *const[]){"version", NULL},
  .run = version,
};
