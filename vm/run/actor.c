#include "run/actor.h"

#include <pwd.h>
#include <unistd.h>

bool actor_name(Store *s, Buf *out, Err *e) {
  const struct passwd *pw = getpwuid(getuid());
  if (pw)
    buf_puts(out, pw->pw_name);
  else
    buf_printf(out, "uid %u", (unsigned)getuid());
  Arena a = {0};
  Val login = val_text(buf_view(out)), name;
  bool ok = store_value(s, "SELECT name FROM staff WHERE login = ?1 LIMIT 1", &login, 1, &a, &name, e);
  if (ok && name.t == V_TEXT && name.n && !str_eq(val_str(name), buf_view(out)))
    buf_printf(out, " (%.*s)", STR_ARG(val_str(name)));
  arena_free(&a);
  return ok;
}
