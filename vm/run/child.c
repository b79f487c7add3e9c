#include "run/child.h"

#include "base/lang.h"
#include "base/mem.h"
#include "base/stop.h"
#include "run/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FRAME_RESULT = 1, FRAME_ERROR = 2, FRAME_HEAD = 16 /* its kind, the bytes that follow */ };

/* A child that has said all and is giving its memory back, which nobody waits for; 0 = none. */
static pid_t ending;

/* The child's own check comes first and knows more; the parent waits this much longer. */
static const double LATE = 0.2;

/* Between the two processes: a terminal tells both of a Ctrl-C, kill only one of them. */
static struct Soft {
  volatile int on;    /* the child does what it may end early */
  volatile int asked; /* the parent was told to */
  volatile int taken; /* the child was, and has */
} *soft;
static bool in_child;

static void share_soft(void) {
  if (soft) {
    *soft = (struct Soft){0};
    return;
  }
  void *page = mmap(NULL, sizeof *soft, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  soft = page == MAP_FAILED ? NULL : page;
}

void child_keep_best(bool on) {
  Err e = {0};
  if (!in_child || !soft) return;
  if (on) soft->asked = soft->taken = 0;
  bool told = !on && !stop_check(&e) && e.kind == ERR_INTERRUPT;
  if (told && !soft->asked) soft->taken = 1;
  if (told) stop_clear();
  soft->on = on;
  err_free(&e);
}

bool child_best_asked(void) { return in_child && soft && soft->asked; }

/* A Ctrl-C that was for the child's search alone. */
static bool ended_softly(void) {
  if (!soft || !(soft->on || soft->taken)) return false;
  if (soft->on && soft->asked) return false; /* the second */
  if (soft->on) soft->asked = 1;
  soft->taken = 0;
  stop_clear();
  return true;
}

static bool send_all(int fd, Str bytes) {
  while (bytes.n) {
    ssize_t n = write(fd, bytes.p, bytes.n);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes = (Str){bytes.p + n, bytes.n - (size_t)n};
  }
  return true;
}

/* --- memory ------------------------------------------------------------------- */

static struct {
  int fd;
  Buf frame; /* ready, since nothing can be allocated then */
} out_of_room;

static int say_no_room(void) { return send_all(out_of_room.fd, buf_view(&out_of_room.frame)); }

static size_t allowed(void) {
  size_t all = (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
  return all / 4 * 3 < CHILD_MEMORY ? all / 4 * 3 : CHILD_MEMORY;
}

/* Pages of data the process has already; 0 = not known here. */
static size_t data_now(void) {
  size_t data = 0;
  FILE *f = fopen("/proc/self/statm", "re");
  if (f && fscanf(f, "%*s %*s %*s %*s %*s %zu", &data) != 1) data = 0;
  if (f) fclose(f);
  return data * (size_t)sysconf(_SC_PAGESIZE);
}

void child_limit_memory(size_t most) {
  size_t now = data_now();
  struct rlimit was;
  if (!now || getrlimit(RLIMIT_DATA, &was) != 0) return;
  rlim_t to = now + most;
  if (was.rlim_max != RLIM_INFINITY && to > was.rlim_max) to = was.rlim_max;
  setrlimit(RLIMIT_DATA, &(struct rlimit){to, to});
}

static void limit_memory(const char *name, int fd) {
  size_t most = allowed();
  Err e = {0};
  err_set(&e, ERR_FAIL, "%s needs more memory than a run may take (%zu MB)", name, most >> 20);
  err_todo(&e, "go through fewer rows at once: narrow the scope, or the lists its rules build");
  wire_put_int(&out_of_room.frame, FRAME_ERROR);
  wire_put_err(&out_of_room.frame, &e);
  err_free(&e);
  out_of_room.fd = fd;
  mem_on_failure(say_no_room);
  child_limit_memory(most);
}

static void as_child(const char *name, int fd, pid_t parent, ChildWork work, void *ctx, double seconds) {
  in_child = true;
  mem_fresh();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
  int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (null >= 0) dup2(null, STDIN_FILENO);
  stop_clear();
  stop_on_signals();
  stop_at(seconds);
  limit_memory(name, fd);
  Buf result = {0}, frame = {0};
  Err e = {0};
  if (work(ctx, &result, &e)) {
    wire_put_int(&frame, FRAME_RESULT);
    wire_put_int(&frame, (int64_t)result.n);
    if (send_all(fd, buf_view(&frame))) send_all(fd, buf_view(&result));
  } else {
    wire_put_int(&frame, FRAME_ERROR);
    wire_put_err(&frame, &e);
    send_all(fd, buf_view(&frame));
  }
  fflush(NULL);
  close(fd); /* the parent goes on while this process gives its memory back */
  _exit(0);
}

typedef struct Watch {
  pid_t pid;
  double term_at;  /* when SIGTERM is due; 0 = no deadline */
  double kill_at;  /* when SIGKILL is due; 0 = SIGTERM was not sent yet */
  ErrKind why;     /* it was asked to end: ERR_TIMEOUT or ERR_INTERRUPT */
} Watch;

static void watch(Watch *w) {
  double t = stop_now();
  if (!w->why && stop_asked() && !ended_softly()) w->why = ERR_INTERRUPT;
  if (!w->why && w->term_at > 0 && t >= w->term_at) w->why = ERR_TIMEOUT;
  if (w->why && w->kill_at == 0) {
    kill(w->pid, SIGTERM);
    w->kill_at = t + CHILD_GRACE;
  } else if (w->why && t >= w->kill_at) {
    kill(w->pid, SIGKILL);
  }
}

/* How many bytes the result is announced to have, once its head is there. */
static size_t announced(const Buf *bytes) {
  Wire w = {.rest = buf_view(bytes)};
  bool result = bytes->n >= FRAME_HEAD && wire_int(&w) == FRAME_RESULT;
  int64_t n = result ? wire_int(&w) : 0;
  return n > 0 ? (size_t)n + FRAME_HEAD : 0;
}

static void listen_to(int fd, Watch *w, Buf *bytes) {
  enum { PART = 65536, MUCH = 1 << 19, MOST = 1 << 30 /* believed before it is there */ };
  for (;;) {
    watch(w);
    struct pollfd p = {.fd = fd, .events = POLLIN};
    int ready = poll(&p, 1, 50);
    if (ready <= 0) continue;
    size_t all = announced(bytes), more = all > bytes->n ? all - bytes->n : 0;
    if (more > MUCH && bytes->cap < MUCH) mem_fresh();
    buf_reserve(bytes, more > PART && more < MOST ? more : PART);
    ssize_t n = read(fd, bytes->p + bytes->n, bytes->cap - bytes->n - 1);
    if (n == 0 || (n < 0 && errno != EINTR)) return;
    if (n > 0) bytes->n += (size_t)n;
  }
}

static void bury(void) {
  while (ending && waitpid(ending, NULL, 0) < 0 && errno == EINTR) {}
  ending = 0;
}

/* What the child came to; of one that has said all it need not be known. */
static int wait_for(Watch *w, const Buf *bytes) {
  int status = 0;
  size_t all = announced(bytes);
  if (all && bytes->n == all && waitpid(w->pid, &status, WNOHANG) == 0) {
    static bool at_end;
    if (!at_end) at_end = atexit(bury) == 0; /* what it took is this process's too */
    ending = w->pid;
    return 0;
  }
  while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR) watch(w);
  return status;
}

static bool timed_out(double seconds, Err *e) {
  err_set(e, ERR_TIMEOUT, "timed out after %g s", seconds);
  return err_todo(e, "allow more with --timeout SECONDS");
}

static bool crashed(const char *name, int status, Err *e) {
  if (WIFSIGNALED(status)) {
    int sig = WTERMSIG(status);
    err_set(e, ERR_FAIL, "%s ended in the middle: %s (signal %d)", name, strsignal(sig), sig);
    return err_todo(e, sig == SIGKILL ? "something on this machine ended it; it may have been short of memory"
                                      : N_("this is a fault in pareto: please report it with the playbook"));
  }
  return err_set(e, ERR_FAIL, "%s ended without a result (exit code %d)", name, WEXITSTATUS(status));
}

static bool judge(const char *name, const Watch *w, int status, double seconds, Buf *bytes, Buf *result, Err *e) {
  if (w->why == ERR_INTERRUPT) return err_set(e, ERR_INTERRUPT, "interrupted");
  Wire wire = {.rest = buf_view(bytes)};
  int64_t kind = wire_int(&wire);
  Err own = {0};
  if (kind == FRAME_RESULT) {
    Str body = wire_str(&wire);
    if (!wire.broken) { /* the bytes become the result */
      if (body.n) memmove(bytes->p, body.p, body.n);
      bytes->n = body.n;
      buf_free(result);
      *result = *bytes;
      *bytes = (Buf){0};
      return true;
    }
  } else if (kind == FRAME_ERROR && wire_err(&wire, &own)) {
    bool late = w->why == ERR_TIMEOUT && own.kind != ERR_TIMEOUT;
    if (late)
      err_free(&own);
    else
      err_move(e, &own);
    return late ? timed_out(seconds, e) : false;
  }
  return w->why == ERR_TIMEOUT ? timed_out(seconds, e) : crashed(name, status, e);
}

bool child_run(const char *name, ChildWork work, void *ctx, double seconds, Buf *result, Err *e) {
  int fd[2];
  if (!stop_check(e)) return false;
  bury();
  share_soft();
  if (pipe2(fd, O_CLOEXEC) != 0) return err_set(e, ERR_FAIL, "cannot start %s: %s", name, strerror(errno));
  enum { ROOM = 1 << 20 }; /* or the two take turns at 64 KiB */
  fcntl(fd[1], F_SETPIPE_SZ, ROOM);
  fflush(NULL); /* or the child would print what is still in the buffers once more */
  pid_t parent = getpid(), pid = fork();
  if (pid == 0) {
    close(fd[0]);
    as_child(name, fd[1], parent, work, ctx, seconds);
  }
  close(fd[1]);
  if (pid < 0) {
    close(fd[0]);
    return err_set(e, ERR_FAIL, "cannot start %s: %s", name, strerror(errno));
  }
  Watch w = {.pid = pid, .term_at = seconds > 0 ? stop_now() + seconds + LATE : 0};
  Buf bytes = {0};
  listen_to(fd[0], &w, &bytes);
  close(fd[0]);
  int status = wait_for(&w, &bytes);
  bool ok = judge(name, &w, status, seconds, &bytes, result, e);
  buf_free(&bytes);
  return ok;
}
