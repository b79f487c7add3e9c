/* The first sheet of an .xlsx workbook as CSV text, one line a row of the sheet (blank rows too, so that a line's number
 * is the row's): decision tables that live in a spreadsheet.
 *
 * Cells read as a person sees them where that matters: a percentage is 15% and not 0.15, a date 2026-03-05, or 3月5日
 * and 5-Mar where its format has no year, which is how a spreadsheet keeps a 3-5 that it took for a date. Thousands
 * have no separators. Formulas give the value they were saved with. Errors name the file: no workbook, encrypted,
 * parts missing or larger than XML_BYTES. */
#ifndef STORE_XLSX_H
#define STORE_XLSX_H
#include "base/err.h"

bool xlsx_as_csv(const char *path, Buf *out, Err *e);
#endif
