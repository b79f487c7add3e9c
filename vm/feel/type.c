#include "feel/type.h"

const char *type_name(TypeKind k) {
  static const char *const name[] = {
      [T_ANY] = "value",       [T_NULL] = "null",     [T_BOOL] = "true or false",
      [T_NUM] = "number",      [T_TEXT] = "text",     [T_DATE] = "date",
      [T_TIME] = "time",       [T_DATETIME] = "date and time",
      [T_SECS] = "duration",   [T_MONTHS] = "duration in months",
      [T_WINDOW] = "window",   [T_LIST] = "list",     [T_RANGE] = "range",
      [T_CONTEXT] = "context", [T_FUNC] = "function", [T_ROW] = "row",
      [T_ROWS] = "rows",       [T_SERIES] = "history",
  };
  return (size_t)k < sizeof name / sizeof *name ? name[k] : "value";
}
