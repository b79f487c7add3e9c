#include "feel/type.h"

#include "base/lang.h"

const char *type_name(TypeKind k) {
  static const char *const name[] = {
      [T_ANY] = N_("value"),       [T_NULL] = N_("null"),     [T_BOOL] = N_("true or false"),
      [T_NUM] = N_("number"),      [T_TEXT] = N_("text"),     [T_DATE] = N_("date"),
      [T_TIME] = N_("time"),       [T_DATETIME] = N_("date and time"),
      [T_SECS] = N_("duration"),   [T_MONTHS] = N_("duration in months"),
      [T_WINDOW] = N_("window"),   [T_LIST] = N_("list"),     [T_RANGE] = N_("range"),
      [T_CONTEXT] = N_("context"), [T_FUNC] = N_("function"), [T_ROW] = N_("row"),
      [T_ROWS] = N_("rows"),       [T_SERIES] = N_("history"),
  };
  return (size_t)k < sizeof name / sizeof *name ? name[k] : "value";
}
