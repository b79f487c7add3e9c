#include "verb/chain.h"
#include "verb/out.h"
#include "verb/verbs.h"

#include "run/sign.h"

#include <string.h>

static bool approve(Cli *c, Err *e) {
  int64_t chain = 0;
  if (cli_store(c, STORE_WRITE, e) && chain_waits(c->store, c->arg[0], &chain, e) && chain)
    return chain_sign(c, chain, cli_flag(c, "refuse"), cli_opt(c, "text"), e);
  if (e->kind) return false;
  Signing what = {.code = c->arg[0], .refuse = cli_flag(c, "refuse"), .text = cli_opt(c, "text"), .day = c->asof};
  Signed done = {0};
  int64_t run = 0;
  what.quote = store_find(c->store, catalog_entity(STR("quote")), str_of(what.code));
  if (!what.quote) {
    err_set(e, ERR_FAIL, "there is no quote %s", what.code);
    if (what.code[strspn(what.code, "0123456789")]) return false;
    return err_todo(e, "nor does run %s of a chain wait for a signature; those that wait: pareto status", what.code);
  }
  if (!run_signer(c->store, cli_opt(c, "by"), &what.staff, e) || !run_sign(c->store, &what, &c->arena, &done, &run, e)) return false;
  if (done.refused) out_say("run %lld: %s is refused", (long long)run, what.code);
  else if (done.approved) out_say("run %lld: signed; %s is approved", (long long)run, what.code);
  else out_say("run %lld: signed; %s waits for %.*s", (long long)run, what.code, STR_ARG(done.waits));
  return true;
}

static const OptDef options[] = {
  {"by", "STAFF", "the code of who signs (default: whose login this is)", false},
  {"refuse", NULL, "refuse it instead", false},
  {"text", "WHY", "kept with the signature", false},
  {NULL, NULL, NULL, false},
};

const Verb verb_approve = {
  .name = "approve",
  .summary = "sign a price request that was judged, or the step a chain waits with",
  .usage = (const char *const[]){"approve QUOTE [--by STAFF] [--refuse] [--text WHY] [--as-of DAY]",
                                "approve RUN [--refuse] [--text WHY]", NULL},
  .about = "Signatures go in the order the judgement asked for; those of one step in any order. A deputy signs while\n"
           "the delegation lasts. Nobody signs beyond what the rows of authority give them (pareto query --of authority).\n"
           "Who must sign, who has, what waits: pareto query \"quote.code = 'Q-1'\" --of signature\n"
           "RUN is a chain's (pareto status): the plan of the step is written if it is still what would happen, by whoever signs,\n"
           "and the chain goes on; that takes the right to write.\n"
           "A signature is a run: it is in the history and can be undone.",
  .opt = options,
  .least = 1,
  .most = 1,
  .run = approve,
};
