#include "ui/progress.h"

#include "base/lang.h"

#include "ui/cells.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static const double QUIET = 1.0, BETWEEN = 0.1;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int columns(void) {
  struct winsize size;
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

void progress_begin(Progress *p, const char *what, const char *unit, int64_t total) {
  *p = (Progress){.what = what, .unit = unit, .total = total, .began = now()};
  p->tty = isatty(STDERR_FILENO) == 1;
}

static void count(double n, bool bytes, Buf *out) {
  static const FmtEnv grouped = {.cell = true};
  if (bytes) n /= 1e6;
  fmt_val(val_real(n), UNIT_NONE, (Fmt){FMT_DECIMALS, bytes ? 1 : 0}, &grouped, out);
}

static void remaining(double seconds, Buf *out) {
  long s = (long)(seconds + 0.5);
  if (s >= 3600) buf_say(out, "  %ld h %02ld min left", s / 3600, s / 60 % 60);
  else if (s >= 60) buf_say(out, "  %ld min %02ld s left", s / 60, s % 60);
  else buf_say(out, "  %ld s left", s);
}

void progress_line(const Progress *p, double seconds, int width, Buf *out) {
  bool bytes = p->unit[0] == 'B' && !p->unit[1];
  double done = (double)p->done, total = (double)p->total;
  double rate = seconds > 0 ? done / seconds : 0;
  bool known = p->total > 0 && p->done <= p->total;
  Buf line = {0};
  buf_puts(&line, p->what);
  if (known) buf_printf(&line, "  %d %%", (int)(100 * done / total));
  buf_puts(&line, "  ");
  count(done, bytes, &line);
  if (known) {
    buf_say(&line, " of ");
    count(total, bytes, &line);
  }
  buf_printf(&line, " %s", bytes ? "MB" : p->unit);
  if (rate > 0) {
    buf_puts(&line, "  ");
    count(rate, bytes, &line);
    buf_say(&line, bytes ? " MB/s" : N_("/s"));
    if (known) remaining((total - done) / rate, &line);
  }
  Buf safe = {0};
  str_visible(buf_view(&line), false, &safe);
  cells_clip(buf_view(&safe), width, out);
  buf_free(&safe);
  buf_free(&line);
}

void progress_at(Progress *p, int64_t done) {
  p->done = done;
  if (!p->tty) return;
  double t = now();
  if (t - p->began < QUIET || t - p->shown < BETWEEN) return;
  p->shown = t;
  Buf line = {0};
  buf_char(&line, '\r');
  progress_line(p, t - p->began, columns() - 1, &line);
  buf_puts(&line, "\033[K");
  fputs(line.p, stderr);
  fflush(stderr);
  p->visible = true;
  buf_free(&line);
}

void progress_end(Progress *p) {
  if (!p->visible) return;
  fputs("\r\033[K", stderr);
  fflush(stderr);
  p->visible = false;
}
