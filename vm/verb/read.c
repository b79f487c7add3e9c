#include "verb/read.h"

static const char *const nothing[] = {NULL};

static bool begin(Cli *c, Reading *out, const char *what, const char *text, Err *e) {
  /* one snapshot, so that two figures of one answer agree */
  if (!store_begin_read(c->store, e)) return false;
  out->spec = (RunSpec){
    .what = what,
    .script = str_of(text),
    .args = "",
    .asof = c->asof,
    .seed = c->seed,
    .writes = nothing,
    .grants = nothing,
    .max_percent = -1,
    .max_changes = -1,
    .seconds = c->seconds < 0 ? VERB_SECONDS : c->seconds,
  };
  out->run = run_reading(c->store, &out->spec);
  stop_at(out->spec.seconds);
  return true;
}

bool reading_open(Cli *c, Reading *out, const char *what, const char *text, Err *e) {
  return cli_store(c, STORE_READ, e) && begin(c, out, what, text, e);
}

bool reading_open_later(Cli *c, Reading *out, const char *what, const char *text, Err *e) {
  return cli_store_later(c, e) && begin(c, out, what, text, e);
}

void reading_close(Reading *r) {
  if (r->run) run_reading_free(r->run);
  *r = (Reading){0};
}
