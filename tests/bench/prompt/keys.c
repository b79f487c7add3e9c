/* Times a program at a terminal, from outside: keys FIRST [KEYS SEEN]... -- COMMAND ARGS
 * Starts the command in a pseudo-terminal of 100 x 40 and prints a number of milliseconds a line: until FIRST stands on the
 * screen, then, for each pair, from sending KEYS until SEEN has come. KEYS and SEEN know \t, \r and \\. Ends with 1 when
 * something does not come within ten seconds. */
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE = 10000, ROOM = 1 << 22 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static char *plain(char *text) {
  char *to = text;
  for (const char *p = text; *p; p++) {
    if (*p == '\\' && p[1]) {
      p++;
      *to++ = *p == 't' ? '\t' : *p == 'r' ? '\r' : *p;
    } else {
      *to++ = *p;
    }
  }
  *to = 0;
  return text;
}

/* Reads until `seen` has come; what came before it is forgotten. */
static int until(int fd, const char *seen) {
  static char got[ROOM];
  size_t n = 0;
  double end = now() + PATIENCE;
  while (n + 1 < ROOM && now() < end) {
    struct pollfd p = {.fd = fd, .events = POLLIN};
    if (poll(&p, 1, 100) <= 0) continue;
    ssize_t more = read(fd, got + n, ROOM - 1 - n);
    if (more <= 0) break;
    n += (size_t)more;
    got[n] = 0;
    if (strstr(got, seen)) return 1;
  }
  fprintf(stderr, "%s did not come; instead: %.*s\n", seen, 2000, got);
  return 0;
}

/* What still comes belongs to what was asked before. */
static void settle(int fd) {
  char rest[4096];
  struct pollfd p = {.fd = fd, .events = POLLIN};
  while (poll(&p, 1, 200) > 0 && read(fd, rest, sizeof rest) > 0) continue;
}

int main(int argc, char **argv) {
  int command = 1, fd, ok;
  while (command < argc && strcmp(argv[command], "--") != 0) command++;
  if (command + 1 >= argc || command < 2) return 2;
  struct winsize size = {.ws_row = 40, .ws_col = 100};
  double began = now();
  pid_t pid = forkpty(&fd, NULL, NULL, &size);
  if (pid == 0) {
    setenv("TERM", "xterm", 1);
    execvp(argv[command + 1], argv + command + 1);
    _exit(127);
  }
  ok = until(fd, plain(argv[1]));
  if (ok) printf("%.1f\n", now() - began);
  for (int i = 2; ok && i + 1 < command; i += 2) {
    settle(fd);
    const char *keys = plain(argv[i]);
    began = now();
    if (write(fd, keys, strlen(keys)) < 0) break;
    ok = until(fd, plain(argv[i + 1]));
    if (ok) printf("%.1f\n", now() - began);
  }
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
  return !ok;
}
