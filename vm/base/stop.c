#include "base/stop.h"

#include <signal.h>
#include <time.h>

static volatile sig_atomic_t raised;
static double deadline; /* monotonic seconds; 0 = none */
static double allowed;

double stop_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void on_signal(int sig) {
  (void)sig;
  raised = 1;
}

void stop_on_signals(void) {
  struct sigaction act = {.sa_handler = on_signal}; /* no SA_RESTART: reads come back */
  sigaction(SIGINT, &act, NULL);
  sigaction(SIGTERM, &act, NULL);
}

void stop_at(double seconds) {
  allowed = seconds;
  deadline = seconds > 0 ? stop_now() + seconds : 0;
}

void stop_clear(void) { raised = 0; }
void stop_raise(void) { raised = 1; }

bool stop_asked(void) { return raised || (deadline > 0 && stop_now() > deadline); }

bool stop_check(Err *e) {
  if (raised) return err_set(e, ERR_INTERRUPT, "interrupted");
  if (deadline > 0 && stop_now() > deadline) {
    err_set(e, ERR_TIMEOUT, "timed out after %g s", allowed);
    return err_todo(e, "allow more with --timeout SECONDS");
  }
  return true;
}
