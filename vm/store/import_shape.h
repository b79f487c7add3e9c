/* What a sample of a file says about its shape: separator, heading or not.
 * Functions over bytes; `whole` says that the sample is the file to its end. */
#ifndef STORE_IMPORT_SHAPE_H
#define STORE_IMPORT_SHAPE_H
#include "store/csv.h"

/* Of , ; TAB and | the one that cuts the most lines into the same number of columns. False: none does
 * (a file of one column, or another separator). */
bool shape_separator(Str sample, bool whole, char quote, char *sep);
/* True when the columns at even places all hold the same sign: the separator has more than one
 * character, as "|+|" read with "|". Appends it to out. */
bool shape_compound(Str sample, bool whole, char sep, Buf *out);
/* A cell that is a number or a date, as no heading is. */
bool shape_is_data(Str cell);
/* Line ends in bytes. */
uint64_t shape_count_lines(Str bytes, const CsvShape *shape);
/* Is it UTF-8 without zero bytes? Else *bad is the first byte that is not. */
bool shape_utf8(Str bytes, size_t *bad);
#endif
