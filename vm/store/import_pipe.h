/* One thread that fills slots ahead of the one that uses them, in order. */
#ifndef STORE_IMPORT_PIPE_H
#define STORE_IMPORT_PIPE_H
#include "base/err.h"

#include <pthread.h>

/* Fills one slot; *more = false: it is empty and nothing follows. Called by the other thread only. */
typedef bool (*PipeFill)(void *ctx, void *slot, bool *more, Err *e);

enum { PIPE_SLOTS = 3 };
typedef struct Pipe {
  PipeFill fill;
  void *ctx;
  void *slot[PIPE_SLOTS];  /* the caller's */
  /* its own */
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t change;
  size_t filled, taken;    /* slots ever filled and ever given back */
  bool over, cancelled, threaded;
  Err err;
} Pipe;

void pipe_start(Pipe *p);  /* fill, ctx and slot are set. Without a thread to be had it fills on demand */
/* The next full slot, *slot = NULL at the end. False: what fill failed with. */
bool pipe_next(Pipe *p, void **slot, Err *e);
void pipe_done(Pipe *p);   /* the slot of the last pipe_next may be filled again */
void pipe_stop(Pipe *p);   /* ends the thread, also half way; slots are free afterwards */
#endif
