/* Dated settings and what roles may: rows that people, not scripts, write. */
#include "store/store.h"

bool store_set_from(Store *s, const char *name, const char *value, Day from, Err *e) {
  Val bind[] = {val_text(str_of(name)), val_text(str_of(value)), val_date(from)};
  return store_exec(s,
                    "INSERT INTO setting_day(name, value, day) VALUES(?1, ?2, ?3) ON CONFLICT(name, day) DO UPDATE SET"
                    " value = excluded.value WHERE value IS NOT excluded.value",
                    bind, 3, e);
}

bool store_role_may(Store *s, const char *role, const char *what, bool yes, Err *e) {
  Val bind[] = {val_text(str_of(role)), val_text(str_of(what))};
  return store_exec(s,
                    yes ? "INSERT INTO rolegrant(role, name) VALUES(?1, ?2) ON CONFLICT DO NOTHING"
                        : "DELETE FROM rolegrant WHERE role = ?1 AND name = ?2",
                    bind, 2, e);
}
