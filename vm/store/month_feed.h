/* Order lines that an import brings, summed up by month as they go in, so that the first question afterwards finds
 * its columns. Triggers are off for them: months that had lines before, and months whose lines come back after the
 * month was closed, are marked stale instead and built from the rows at the end. */
#ifndef STORE_MONTH_FEED_H
#define STORE_MONTH_FEED_H
#include "store/month.h"

typedef struct Feed Feed;
bool feed_open(Store *s, Feed **out, Err *e);   /* before any line is in */
/* A new line; figures as stored: numbers, null for none. */
bool feed_line(Feed *f, int64_t account, int64_t yyyymmdd, Str no, bool has_no, const Val figure[FACT_FIGURES], Err *e);
void feed_soon(const Feed *f, int64_t next, int64_t later); /* accounts of lines that come after this one */
bool feed_changed(Feed *f, int64_t yyyymmdd, Err *e); /* a line of this day changed, came or went */
bool feed_end(Feed *f, Err *e);                 /* all lines are in: columns into the file */
void feed_close(Feed *f);                       /* NULL is allowed */
#endif
