#include "store/alloc.h"

#include <pthread.h>
#include <sqlite3.h>

#include "base/mem.h"

static sqlite3_mem_methods real;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void *counted_malloc(int n) { return mem_should_fail() ? NULL : real.xMalloc(n); }
static void *counted_realloc(void *p, int n) { return mem_should_fail() ? NULL : real.xRealloc(p, n); }

static void install(void) {
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* counting bytes takes a lock at each allocation */
  if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real) != SQLITE_OK) return;
  sqlite3_mem_methods m = real;
  m.xMalloc = counted_malloc;
  m.xRealloc = counted_realloc;
  sqlite3_config(SQLITE_CONFIG_MALLOC, &m);
}

void alloc_install(void) { pthread_once(&once, install); }
