/* Files of scripts: where they are sought, and their bytes. */
#ifndef LUA_FIND_H
#define LUA_FIND_H
#include "base/err.h"
#include "base/mem.h"

/* The whole file; at most 4 MB. */
bool find_read(const char *path, Buf *out, Err *e);
/* The same of a file that holds a decision table; a workbook as CSV. */
bool find_table(const char *path, Buf *out, Err *e);
bool find_is_csv(const char *path); /* by its name: .csv, .xlsx */
/* The folder of a path with its "/", "" when it has none. */
Str find_folder(const char *path);
/* The last part of a path without ".lua". */
Str find_base(const char *path);
#endif
