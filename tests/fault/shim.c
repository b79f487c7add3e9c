/* Faults that a machine cannot be asked for, for LD_PRELOAD: FAULT_CLOCK=SECONDS moves the calendar clock (the
 * monotonic one stays), FAULT_STATFS=NUMBER makes every file system one of that type (0x6969: NFS). FAULT_CLOCK=@FILE has
 * the seconds from a file, at each look: the clock is set while the program runs. A timer of the calendar clock wakes it
 * every so often, and is cancelled when the clock was set, as the kernel does it. */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statfs.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static long asked(const char *name) {
  const char *s = getenv(name);
  long seconds = 0;
  if (!s || *s != '@') return s ? strtol(s, NULL, 0) : 0;
  FILE *f = fopen(s + 1, "re");
  if (f && fscanf(f, "%ld", &seconds) != 1) seconds = 0;
  if (f) fclose(f);
  return seconds;
}

static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

int clock_gettime(clockid_t id, struct timespec *t) {
  int (*real)(clockid_t, struct timespec *) = (int (*)(clockid_t, struct timespec *))next("clock_gettime");
  int result = real(id, t);
  if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE) t->tv_sec += asked("FAULT_CLOCK");
  return result;
}

time_t time(time_t *out) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  if (out) *out = t.tv_sec;
  return t.tv_sec;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone) {
  struct timespec t;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &t);
  out->tv_sec = t.tv_sec;
  out->tv_usec = t.tv_nsec / 1000;
  return 0;
}

int statfs(const char *path, struct statfs *out) {
  int (*real)(const char *, struct statfs *) = (int (*)(const char *, struct statfs *))next("statfs");
  int result = real(path, out);
  if (asked("FAULT_STATFS")) out->f_type = asked("FAULT_STATFS");
  return result;
}

int fstatfs(int fd, struct statfs *out) {
  int (*real)(int, struct statfs *) = (int (*)(int, struct statfs *))next("fstatfs");
  int result = real(fd, out);
  if (asked("FAULT_STATFS")) out->f_type = asked("FAULT_STATFS");
  return result;
}

static int timer = -1;
static long timer_clock;

int timerfd_settime(int fd, int flags, const struct itimerspec *at, struct itimerspec *was) {
  int (*real)(int, int, const struct itimerspec *, struct itimerspec *) =
      (int (*)(int, int, const struct itimerspec *, struct itimerspec *))next("timerfd_settime");
  const struct itimerspec soon = {.it_value = {.tv_nsec = 50000000}};
  if (!getenv("FAULT_CLOCK") || !(flags & TFD_TIMER_ABSTIME)) return real(fd, flags, at, was);
  timer = fd, timer_clock = asked("FAULT_CLOCK");
  return real(fd, 0, &soon, was);
}

ssize_t read(int fd, void *to, size_t n) {
  ssize_t (*real)(int, void *, size_t) = (ssize_t(*)(int, void *, size_t))next("read");
  if (fd < 0 || fd != timer) return real(fd, to, n);
  timer = -1;
  if (asked("FAULT_CLOCK") == timer_clock) return real(fd, to, n);
  errno = ECANCELED;
  return -1;
}
