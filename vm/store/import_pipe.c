#include "store/import_pipe.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static bool has_room(const Pipe *p) { return p->filled - p->taken < PIPE_SLOTS; }

/* Fills the next slot without the lock held: nobody else touches it. */
static bool fill_one(Pipe *p, Err *e) {
  bool more = true;
  bool ok = p->fill(p->ctx, p->slot[p->filled % PIPE_SLOTS], &more, e);
  return ok && more;
}

static void *fill_all(void *arg) {
  Pipe *p = arg;
  for (;;) {
    pthread_mutex_lock(&p->lock);
    while (!has_room(p) && !p->cancelled) pthread_cond_wait(&p->change, &p->lock);
    bool cancelled = p->cancelled;
    pthread_mutex_unlock(&p->lock);
    Err e = {0};
    bool more = !cancelled && fill_one(p, &e);
    pthread_mutex_lock(&p->lock);
    if (more) p->filled++;
    else p->over = true;
    if (e.kind) err_move(&p->err, &e);
    pthread_cond_signal(&p->change);
    pthread_mutex_unlock(&p->lock);
    if (!more) return NULL;
  }
}

/* PARETO_THREADS=1: everything in one, as where no thread is to be had. */
static bool alone(void) {
  const char *n = getenv("PARETO_THREADS");
  return n && strcmp(n, "1") == 0;
}

void pipe_start(Pipe *p) {
  pthread_mutex_init(&p->lock, NULL);
  pthread_cond_init(&p->change, NULL);
  p->filled = p->taken = 0;
  p->over = p->cancelled = false;
  sigset_t all, before;
  sigfillset(&all); /* signals are the main thread's */
  pthread_sigmask(SIG_SETMASK, &all, &before);
  p->threaded = !alone() && pthread_create(&p->thread, NULL, fill_all, p) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

bool pipe_next(Pipe *p, void **slot, Err *e) {
  *slot = NULL;
  if (!p->threaded) {
    if (p->over) return true;
    if (!fill_one(p, e)) {
      p->over = true;
      return e->kind == ERR_NONE;
    }
    p->filled++;
  } else {
    pthread_mutex_lock(&p->lock);
    while (p->filled == p->taken && !p->over) pthread_cond_wait(&p->change, &p->lock);
    bool end = p->filled == p->taken;
    if (end && p->err.kind) err_move(e, &p->err);
    pthread_mutex_unlock(&p->lock);
    if (end) return e->kind == ERR_NONE;
  }
  *slot = p->slot[p->taken % PIPE_SLOTS];
  return true;
}

void pipe_done(Pipe *p) {
  if (p->threaded) pthread_mutex_lock(&p->lock);
  p->taken++;
  if (!p->threaded) return;
  pthread_cond_signal(&p->change);
  pthread_mutex_unlock(&p->lock);
}

void pipe_stop(Pipe *p) {
  if (p->threaded) {
    pthread_mutex_lock(&p->lock);
    p->cancelled = true;
    pthread_cond_signal(&p->change);
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->thread, NULL);
  }
  pthread_mutex_destroy(&p->lock);
  pthread_cond_destroy(&p->change);
  err_free(&p->err);
}
