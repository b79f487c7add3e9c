/* Stored values and rows in words: money in its unit, references by their key, null as "(none)". */
#ifndef RUN_RAWTEXT_H
#define RUN_RAWTEXT_H
#include "store/catalog.h"
#include "store/journal.h"

/* `j` may be NULL; what it adds (fields, rows) is known although s does not have it yet. */
void raw_print(Store *s, const Journal *j, const CatEntity *ent, Str column, Val raw, Buf *out);
/* "C0042 华东仪表", or "#17" for rows without a key. */
void row_label(Store *s, const Journal *j, const CatEntity *ent, int64_t id, Buf *out);
/* Only the key: "C0042". */
void row_key(Store *s, const Journal *j, const CatEntity *ent, int64_t id, Buf *out);
/* The value of a column in a change, or null. */
Val change_cell(const Change *c, const Val *cells, const char *column);
void count_print(size_t n, Buf *out); /* "1,204" */
#endif
