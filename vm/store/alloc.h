/* SQLite's memory. It comes through a counter, so that mem_fail_after makes it fail too: SQLite then reports
 * SQLITE_NOMEM, which becomes an Err. Reading a schema takes tens of thousands of small blocks: these are cut from large
 * ones and kept by size for the next of that size; what is larger is malloc's. Blocks may be given back by any thread.
 * alloc_install: once a process, before SQLite is first used. alloc_end: the process ends, nothing is given back any more. */
#ifndef STORE_ALLOC_H
#define STORE_ALLOC_H
void alloc_install(void);
void alloc_end(void);
#endif
