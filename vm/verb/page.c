#include "verb/page.h"

#include "verb/out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool page_size(int *rows, int *cols) {
  struct winsize size;
  if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || !size.ws_row || !size.ws_col) return false;
  *rows = size.ws_row;
  *cols = size.ws_col;
  return true;
}

/* Lines that the text takes on a screen `cols` wide; stops counting past `most`. */
static int lines_of(Str text, int cols, int most) {
  int n = 0;
  for (Str rest = text; rest.p && rest.n && n <= most;) {
    int wide = utf8_width(str_split(rest, '\n', &rest));
    n += wide > cols ? (wide + cols - 1) / cols : 1;
  }
  return n;
}

static bool through_pager(Str text) {
  const char *pager = getenv("PAGER");
  if (!pager || !*pager) pager = "less";
  if (strcmp(pager, "cat") == 0) return false;
  setenv("LESS", "FRSX", 0); /* chop long lines, leave a short text on the screen */
  setenv("LESSCHARSET", "utf-8", 0);
  fflush(stdout);
  FILE *f = popen(pager, "we");
  if (!f) return false;
  fwrite(text.p, 1, text.n, f); /* a person may leave before the end */
  int status = pclose(f);
  return status != -1 && !(WIFEXITED(status) && WEXITSTATUS(status) == 127);
}

bool page_text(Cli *c, Str text, Err *e) {
  int rows, cols;
  const char *term = getenv("TERM");
  bool fits = c->output || c->no_input || !isatty(STDIN_FILENO) || !term || strcmp(term, "dumb") == 0 ||
              !page_size(&rows, &cols) || lines_of(text, cols, rows) < rows;
  return (!fits && through_pager(text)) || out_text(c, text, e);
}
