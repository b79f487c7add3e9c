/* SQLite's memory comes through a counter, so that mem_fail_after makes it fail too: SQLite then
 * reports SQLITE_NOMEM, which becomes an Err. Once a process, before SQLite is first used. */
#ifndef STORE_ALLOC_H
#define STORE_ALLOC_H
void alloc_install(void);
#endif
