/* What operators do to plain columns, at most PLAIN_BATCH rows at a time. False: the result is no plain column (too
 * large a figure, `never` reckoned with, kinds that do not meet), and the general way has to say what it is. The
 * values are those of value.c, written with the smaller exponent of the two sides. */
#ifndef FEEL_PLAIN_OP_H
#define FEEL_PLAIN_OP_H
#include "feel/ast.h"
#include "feel/plain.h"

enum { PLAIN_BATCH = 1024 };
typedef struct PlainRoom { /* where a result is put */
  int64_t i[PLAIN_BATCH];
  uint8_t has[PLAIN_BATCH];
} PlainRoom;

bool plain_arith(NodeOp op, PlainVec a, PlainVec b, size_t n, PlainRoom *room, PlainVec *out); /* + - × */
bool plain_negate(PlainVec a, size_t n, PlainRoom *room, PlainVec *out);
bool plain_compare(NodeOp op, PlainVec a, PlainVec b, size_t n, PlainRoom *room, PlainVec *out);
bool plain_both(PlainVec a, PlainVec b, bool either, size_t n, PlainRoom *room, PlainVec *out); /* and, or */
bool plain_not(PlainVec a, size_t n, PlainRoom *room, PlainVec *out);
bool plain_is_null(PlainVec a, bool is_not, size_t n, PlainRoom *room, PlainVec *out);
bool plain_choose(PlainVec cond, PlainVec yes, PlainVec no, size_t n, PlainRoom *room, PlainVec *out);
bool plain_extreme(int sign, PlainVec a, PlainVec b, size_t n, PlainRoom *room, PlainVec *out); /* max, min */
#endif
