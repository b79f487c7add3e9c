#include "run/sign.h"

#include "run/actor.h"
#include "run/direct.h"

typedef struct Sign {
  const Signing *what;
  Signed *out;
  Arena *a;
} Sign;

static bool body(void *ctx, Store *s, Err *e) {
  Sign *g = ctx;
  return store_sign(s, g->what, g->a, g->out, e);
}

bool run_sign(Store *s, const Signing *what, Arena *a, Signed *out, int64_t *run, Err *e) {
  Sign g = {what, out, a};
  int64_t changes = 0;
  return run_direct(s, arena_printf(a, "%s %s", what->refuse ? "refuse" : "approve", what->code), what->text, what->day, body, &g,
                    run, &changes, e);
}

bool run_signer(Store *s, const char *by, int64_t *staff, Err *e) {
  Arena a = {0};
  Buf login = {0};
  Val own, named = val_null(), bind;
  actor_login(&login);
  bind = val_text(buf_view(&login));
  bool ok = store_value(s, "SELECT id FROM staff WHERE login = ?1 ORDER BY id LIMIT 1", &bind, 1, &a, &own, e);
  if (ok && by) {
    bind = val_text(str_of(by));
    ok = store_value(s, "SELECT id FROM staff WHERE code = ?1", &bind, 1, &a, &named, e);
    if (ok && named.t == V_NULL) ok = err_set(e, ERR_FAIL, "there is no staff %s", by);
  }
  if (ok && own.t != V_NULL && named.t != V_NULL && own.u.i != named.u.i) {
    ok = err_set(e, ERR_FAIL, "you are %s here, who is on record as somebody else than %s", login.p, by);
    err_todo(e, "in somebody's place one signs by delegation: pareto import delegations.csv --as delegation");
  } else if (ok && own.t == V_NULL && named.t == V_NULL) {
    err_set(e, ERR_USAGE, "no member of staff has the login %s: who signs?", login.p);
    err_todo(e, "--by CODE, or enter logins: pareto import staff.csv --as staff");
    ok = err_left(e, "nothing was written");
  }
  if (ok) *staff = named.t != V_NULL ? named.u.i : own.u.i;
  buf_free(&login);
  arena_free(&a);
  return ok;
}
