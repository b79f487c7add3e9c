/* Values as JSON in the log, readable by any tool, and back again. What JSON has no form for
 * carries its type: {"date":"2026-11-01"}, {"days":47}, {"seconds":1.5}, {"months":3},
 * {"never":true}, {"window":CODE}, {"row":[ENTITY,ID]}. Numbers come back as decimals. */
#ifndef RUN_JSON_H
#define RUN_JSON_H
#include "base/err.h"
#include "base/format.h"

void json_text(Str s, Buf *out);
void json_val(Val v, Buf *out);
/* {"name": value, …} in this order. */
void json_object(const Str *name, const Val *val, size_t n, Buf *out);
/* Members of an object as json_object wrote them, in order; arrays in a. False: it is no such object. */
bool json_read(Str text, Arena *a, Str **name, Val **val, size_t *n);
/* The next item of an array as its text, undecoded; rest begins as the array, bracket and all, and ends as "]". False:
 * there is none, or it is no JSON. */
bool json_item(Str *rest, Str *item);
#endif
