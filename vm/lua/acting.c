/* acting("省", "上海"): who has the authority of that level there today, or who stands in for them. */
#include "lua/sandbox.h"
#include "lua/set.h"
#include "lua/value.h"

/* The superior of nobody first, so that one answer is given: by grade, then code. A deputy stands in only while
 * the delegation lasts and they are still with us. */
static const char holder[] =
    "SELECT coalesce((SELECT d.deputy FROM delegation d JOIN staff x ON x.id = d.deputy WHERE d.staff = s.id"
    " AND d.from_day <= ?3 AND (d.to_day IS NULL OR d.to_day > ?3) AND coalesce(x.active, 1)"
    " ORDER BY d.from_day DESC, d.id DESC LIMIT 1), CASE WHEN coalesce(s.active, 1) THEN s.id END) AS who"
    " FROM staff s WHERE s.level = ?1 AND (s.region = ?2 OR s.region IS NULL) AND who IS NOT NULL"
    " ORDER BY s.region IS NULL, s.code LIMIT 1";

/* nil when nobody has it: whoever asks decides what then, so that no task is given to the wrong person unseen. */
static int acting(lua_State *L) {
  Engine *h = engine(L);
  Str level, region = {0};
  level.p = luaL_checklstring(L, 1, &level.n);
  if (!lua_isnoneornil(L, 2)) region.p = luaL_checklstring(L, 2, &region.n);
  Arena *a = engine_arena(L);
  Val bind[] = {val_text(level), region.p ? val_text(region) : val_null(), val_date(eval_asof(h->ev))}, who;
  if (!store_value(h->store, holder, bind, 3, a, &who, &h->err)) return engine_raise(L);
  int64_t id = who.t == V_NUM ? who.u.i : 0;
  arena_free(a);
  if (!id) return 0;
  set_push_row(L, catalog_entity(STR("staff"))->number, id);
  return 1;
}

void acting_open(lua_State *L) {
  lua_pushcfunction(L, acting);
  sandbox_global(L, "acting");
}
