#include "verb/out.h"
#include "verb/verbs.h"

static bool whynot(Cli *c, Err *e) {
  const char *entity = cli_opt(c, "of");
  Str value = c->narg > 2 ? str_of(c->arg[2]) : (Str){0};
  if (!cli_store(c, STORE_READ, e)) return false;
  Day day = cli_opt(c, "as-of") ? c->asof : DAY_ANY;
  Buf text = {0};
  bool json = false;
  if (!entity) entity = "account";
  bool ok = out_words_or_json(c, &json, e) &&
            (json ? run_whynot_json : run_whynot_on)(c->store, entity, str_of(c->arg[0]), str_of(c->arg[1]), value, day,
                                                     &text, e) &&
            out_text(c, buf_view(&text), e);
  buf_free(&text);
  return ok;
}

static const OptDef options[] = {
  {"of", "ENTITY", "what KEY names (default: account)", false},
  {NULL, NULL, NULL, false},
};

const Verb verb_whynot = {
  .name = "whynot",
  .summary = "what kept a field from a value",
  .usage = (const char *const[]){"whynot ACCOUNT FIELD VALUE", "whynot ACCOUNT segment:NAME", NULL},
  .about = "Answered from the log of the run that set it, not from today's data or script.",
  .opt = options,
  .least = 2,
  .most = 3,
  .run = whynot,
};
