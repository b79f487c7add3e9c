#include "base/halves.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct Half {
  HalfFn fn;
  void *ctx;
  size_t from, to;
} Half;

static void *second(void *arg) {
  const Half *h = arg;
  h->fn(h->ctx, 1, h->from, h->to);
  return NULL;
}

static bool two_allowed(void) {
  static _Atomic long cores; /* 0: not asked yet */
  const char *n = getenv("PARETO_THREADS");
  if (n && strcmp(n, "1") == 0) return false;
  if (!cores) cores = sysconf(_SC_NPROCESSORS_ONLN);
  return cores > 1;
}

static bool start(pthread_t *thread, Half *h) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  bool ok = pthread_create(thread, NULL, second, h) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return ok;
}

void in_halves(size_t n, size_t least, size_t unit, HalfFn fn, void *ctx) {
  Half h = {fn, ctx, n / 2 / unit * unit, n};
  pthread_t thread;
  bool two = n >= least && h.from && two_allowed() && start(&thread, &h);
  fn(ctx, 0, 0, two ? h.from : n);
  if (two) pthread_join(thread, NULL);
}
