/* pareto: reads the command line, runs one verb, prints its error, and turns both into an exit code. */
#include "base/mem.h"
#include "base/stop.h"
#include "verb/call.h"

#include <locale.h>
#include <signal.h>

int main(int argc, char **argv) {
  mem_prepare();
  setlocale(LC_CTYPE, "");
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files becomes an error that can be said */
  stop_on_signals();
  Err e = {0};
  int code = cli_call(argc, argv, &e);
  if (e.kind) cli_complain(&e);
  err_free(&e);
  return code;
}
