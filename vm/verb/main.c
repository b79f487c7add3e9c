/* pareto: reads the command line, runs one verb, prints its error, and turns both into an exit code. */
#include "base/lang.h"
#include "base/mem.h"
#include "base/stop.h"
#include "verb/call.h"

#include <locale.h>
#include <signal.h>
#include <string.h>

/* Before anything can go wrong: what is said of a mistyped option has a language too. */
static bool choose_language(int argc, char **argv, Err *e) {
  const char *wanted = NULL;
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
    if (strncmp(argv[i], "--lang=", 7) == 0) wanted = argv[i] + 7;
    else if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc) wanted = argv[++i];
  }
  if (lang_use(lang_catalogues, wanted)) return true;
  err_set(e, ERR_USAGE, "--lang: there are no messages in '%s'", wanted);
  return err_todo(e, "one of en, zh");
}

int main(int argc, char **argv) {
  mem_prepare();
  setlocale(LC_CTYPE, "");
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files becomes an error that can be said */
  stop_on_signals();
  Err e = {0};
  int code = choose_language(argc, argv, &e) ? cli_call(argc, argv, true, &e) : (int)e.kind;
  if (e.kind) cli_complain(&e);
  err_free(&e);
  return code;
}
