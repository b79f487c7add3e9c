#include "verb/page.h"

#include "verb/out.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NO_SUCH = 127 }; /* what a shell says of a program that is not there */

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
  int ends[2];
  if (pipe(ends) != 0) return false;
  pid_t child = fork();
  if (child == 0) { /* $PAGER may have options: the shell parts them */
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    close(ends[1]);
    execl("/bin/sh", "sh", "-c", pager, (char *)NULL);
    _exit(NO_SUCH);
  }
  close(ends[0]);
  FILE *f = child > 0 ? fdopen(ends[1], "w") : NULL;
  if (f) {
    fwrite(text.p, 1, text.n, f); /* a person may leave before the end */
    fclose(f);
  } else {
    close(ends[1]);
  }
  int status = -1;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  return child > 0 && !(WIFEXITED(status) && WEXITSTATUS(status) == NO_SUCH);
}

bool page_text(Cli *c, Str text, Err *e) {
  int rows, cols;
  const char *term = getenv("TERM");
  bool fits = c->output || c->no_input || !isatty(STDIN_FILENO) || !term || strcmp(term, "dumb") == 0 ||
              !page_size(&rows, &cols) || lines_of(text, cols, rows) < rows;
  return (!fits && through_pager(text)) || out_text(c, text, e);
}
