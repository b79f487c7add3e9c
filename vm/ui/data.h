/* Tables for programs: exact values, no units, null apart from empty text.
 *
 * csv: RFC 4180 quoting, lines end in LF as the shell's tools want them; null is an empty cell, an
 * empty text "". Cells that begin with = + - @ are data and stay as they are.
 * tsv: \t \n \r \\ stand for these characters in text. json: an array of objects, numbers with all
 * their digits, null; a title that comes twice gets _2. */
#ifndef UI_DATA_H
#define UI_DATA_H
#include "ui/table.h"

void data_csv(const UiTable *t, Buf *out);
void data_tsv(const UiTable *t, Buf *out);
void data_json(const UiTable *t, Buf *out);               /* no newline at the end */
void data_jsonl(const UiTable *t, Str table, Buf *out);   /* `table` not empty: a first key "table" */
void data_json_text(Str s, Buf *out);                     /* quoted; broken bytes become U+FFFD */
#endif
