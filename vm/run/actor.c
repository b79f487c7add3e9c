#include "run/actor.h"

#include "run/duty.h"

#include <pwd.h>
#include <unistd.h>

void actor_login(Buf *out) {
  const Duty *duty = duty_now();
  if (duty && duty->owner) {
    buf_puts(out, duty->owner);
    return;
  }
  const struct passwd *pw = getpwuid(getuid());
  if (pw) buf_puts(out, pw->pw_name);
  else buf_printf(out, "uid %u", (unsigned)getuid());
}

bool actor_name(Store *s, Buf *out, Err *e) {
  const Duty *duty = duty_now();
  if (duty && duty->actor) {
    buf_puts(out, duty->actor);
    return true;
  }
  actor_login(out);
  Arena a = {0};
  Val login = val_text(buf_view(out)), name;
  bool ok = store_value(s, "SELECT name FROM staff WHERE login = ?1 LIMIT 1", &login, 1, &a, &name, e);
  if (ok && name.t == V_TEXT && name.n && !str_eq(val_str(name), buf_view(out)))
    buf_printf(out, " (%.*s)", STR_ARG(val_str(name)));
  arena_free(&a);
  return ok;
}

/* ?1: login. */
#define HAS_GRANT                                                                                            \
  "SELECT 1 FROM rolegrant g JOIN staff t ON t.role = g.role WHERE t.login = ?1 AND g.name = ?2 LIMIT 1"

static bool asked(Store *s, const char *sql, const char *grant, bool *yes, Err *e) {
  Arena a = {0};
  Buf login = {0};
  actor_login(&login);
  Val v, bind[] = {val_text(buf_view(&login)), val_text(str_of(grant))};
  bool ok = store_value(s, sql, bind, 2, &a, &v, e);
  *yes = ok && v.t != V_NULL;
  buf_free(&login);
  arena_free(&a);
  return ok;
}

bool actor_grants(Store *s, const char *const *wanted, Arena *a, const char ***out, Err *e) {
  size_t n = 0, have = 0;
  while (wanted && wanted[n])
    n++;
  *out = arena_zalloc(a, n + 1, sizeof **out);
  bool held;
  if (!asked(s, "SELECT 1 FROM rolegrant WHERE ?1 IS NOT NULL AND ?2 IS NOT NULL LIMIT 1", "", &held, e))
    return false;
  for (size_t i = 0; i < n; i++) {
    bool yes = true;
    if (held && !asked(s, HAS_GRANT, wanted[i], &yes, e)) return false;
    if (yes) (*out)[have++] = wanted[i];
  }
  return true;
}

static bool role_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  Buf *b = ctx;
  buf_printf(b, "%s%.*s", b->n ? ", " : "", STR_ARG(val_str(val[0])));
  return true;
}

bool actor_may_see(Store *s, Str grants, bool *yes, Err *e) {
  Arena a = {0};
  const char **wanted = arena_zalloc(&a, grants.n + 1, sizeof *wanted), **have;
  size_t n = 0, has = 0;
  while (grants.p && grants.n) {
    Str one = str_split(grants, ' ', &grants);
    wanted[n++] = arena_strndup(&a, one.p, one.n);
  }
  bool ok = actor_grants(s, wanted, &a, &have, e);
  while (ok && have[has]) has++;
  *yes = ok && has == n;
  arena_free(&a);
  return ok;
}

bool actor_may_write(Store *s, Err *e) {
  bool yes, held;
  if (!asked(s, "SELECT 1 FROM rolegrant WHERE name = ?2 AND ?1 IS NOT NULL LIMIT 1", "approve", &held, e))
    return false;
  if (!held) return true;
  if (!asked(s, HAS_GRANT, "approve", &yes, e)) return false;
  if (yes) return true;
  Buf who = {0}, roles = {0};
  actor_login(&who);
  store_query(s, "SELECT DISTINCT role FROM rolegrant WHERE name = 'approve' ORDER BY role", NULL, 0,
              role_row, &roles, e);
  err_set(e, ERR_FAIL, "%s may not write: that takes a role with the grant approve", who.p);
  err_todo(e, "let one of these apply it: %s", roles.p ? roles.p : "");
  buf_free(&who);
  buf_free(&roles);
  return err_left(e, "nothing was written");
}
