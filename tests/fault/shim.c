/* Faults that a machine cannot be asked for, for LD_PRELOAD: FAULT_CLOCK=SECONDS moves the calendar clock (the
 * monotonic one stays), FAULT_STATFS=NUMBER makes every file system one of that type (0x6969: NFS). */
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/statfs.h>
#include <sys/time.h>
#include <time.h>

static long asked(const char *name) {
  const char *s = getenv(name);
  return s ? strtol(s, NULL, 0) : 0;
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
