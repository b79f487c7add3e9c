/* Order lines into an empty table as finished leaf pages of its B-tree, a few hundred lines a time, where a statement
 * for each line would cost five times as much.
 *
 * SQLite makes the tree, the transaction, the journal and the durability: it is given one row a page, which fills that
 * page alone and has the id of the page's last line, and what is written to the file in its place is the page of lines
 * that the row carries. Each page is checked line by line as it goes, and SQLite counts the lines at the end.
 * Only while the journal is a rollback journal: the log beside a file has checksums over its pages.
 *
 * Until pages_end the table must not be read, and nothing else be written to it. After an error, or when *held is
 * false, the transaction has to be rolled back; the ordinary way is always left. */
#ifndef STORE_IMPORT_PAGES_H
#define STORE_IMPORT_PAGES_H
#include "store/db.h"

typedef struct Pages Pages;
/* Inside the transaction. column[0 .. n): what the values of pages_add belong to. *out = NULL when it cannot be done
 * here: lines are there, another journal, a table or a column that it does not know. */
bool pages_open(Store *s, const char *table, const char *const *column, size_t n, Pages **out, Err *e);
/* One more line, val[0 .. n), null where not known. *taken = false: this one has to go another way, after pages_end. */
bool pages_add(Pages *p, int64_t id, const Val *val, bool *taken, Err *e);
bool pages_end(Pages *p, bool *held, Err *e); /* all lines are in the file, and SQLite finds them there */
void pages_close(Pages *p);                   /* NULL is allowed */
#endif
