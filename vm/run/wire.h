/* Bytes between the child that plans and its parent: numbers of 8 bytes, texts with their
 * length, errors. A reader that runs past its end says so once and then gives zeros and empty texts. */
#ifndef RUN_WIRE_H
#define RUN_WIRE_H
#include "base/err.h"

void wire_put_int(Buf *b, int64_t n);
void wire_put_str(Buf *b, Str s);
void wire_put_err(Buf *b, const Err *e);
/* What is added between the two is one text. */
size_t wire_open(Buf *b);
void wire_close(Buf *b, size_t at);

typedef struct Wire {
  Str rest;
  bool broken;
} Wire;
int64_t wire_int(Wire *w);
Str wire_str(Wire *w);              /* a view into the bytes */
bool wire_err(Wire *w, Err *out);   /* sets out to the error that was put; false when broken */
#endif
