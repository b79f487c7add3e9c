/* What is read back from pipes and from the database: reports, journals, decisions, values in JSON, errors.
 * Damaged bytes are refused; what is accepted is written back and read again as the same. First byte: which. */
#include "fuzz.h"

#include "run/decided.h"
#include "run/json.h"
#include "run/wire.h"
#include "store/journal.h"
#include "ui/report.h"

#include <string.h>

static void report(Str bytes, int format) {
  Report r = {0}, again = {0};
  Err e = {0};
  if (report_decode(bytes, &r, &e)) {
    static const UiFormat formats[] = {UI_TABLE, UI_CSV, UI_JSON, UI_MD, UI_HTML, UI_LINE};
    Buf out = {0}, once = {0}, twice = {0};
    report_print(&r, formats[format % 6], &(UiStyle){.width = 80}, &out);
    report_encode(&r, &once);
    claim(report_decode(buf_view(&once), &again, &e), "a report that was written can be read");
    report_encode(&again, &twice);
    claim(str_eq(buf_view(&once), buf_view(&twice)), "a report reads back as it was");
    buf_free(&out);
    buf_free(&once);
    buf_free(&twice);
  }
  report_free(&r);
  report_free(&again);
  err_free(&e);
}

static void journal(Str bytes) {
  Journal j = {0}, inverse = {0}, again = {0};
  Err e = {0};
  if (journal_decode(bytes, &j, &e)) {
    Buf once = {0}, twice = {0};
    journal_encode(&j, &once);
    claim(journal_decode(buf_view(&once), &again, &e), "a journal that was written can be read");
    journal_encode(&again, &twice);
    claim(str_eq(buf_view(&once), buf_view(&twice)), "a journal reads back as it was");
    journal_invert(&j, &inverse);
    claim(inverse.n == j.n, "the inverse has as many changes");
    journal_compact(&j);
    buf_free(&once);
    buf_free(&twice);
  }
  journal_free(&j);
  journal_free(&inverse);
  journal_free(&again);
  err_free(&e);
}

/* One value has several forms (0.0 s is 0 days): the first writing settles on one. */
static void json(Str text) {
  Arena a = {0};
  Str *name;
  Val *val;
  size_t n;
  Buf out[3] = {{0}, {0}, {0}};
  if (json_read(text, &a, &name, &val, &n)) {
    for (int i = 0; i < 3; i++) {
      json_object(name, val, n, &out[i]);
      claim(json_read(buf_view(&out[i]), &a, &name, &val, &n), "an object that was written can be read");
    }
    claim(str_eq(buf_view(&out[1]), buf_view(&out[2])), "an object reads back as it was");
  }
  for (int i = 0; i < 3; i++) buf_free(&out[i]);
  arena_free(&a);
}

static bool look(void *ctx, const DecidedCase *c, Err *e) {
  (void)e;
  *(size_t *)ctx += c->table.n + c->entity.n + c->definition.n + c->inputs.n + c->outputs.n + c->why.n;
  return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (!size) return 0;
  char *copy = malloc(size);
  if (!copy) return 0;
  memcpy(copy, data + 1, size - 1);
  Str bytes = {copy, size - 1};
  Err e = {0}, other = {0};
  size_t seen = 0;
  Wire w = {.rest = bytes};
  switch (data[0] % 5) {
    case 0: report(bytes, data[0] / 5); break;
    case 1: journal(bytes); break;
    case 2: json(bytes); break;
    case 3: decided_each(bytes, look, &seen, &e); break;
    default: wire_err(&w, &other);
  }
  err_free(&e);
  err_free(&other);
  free(copy);
  return 0;
}
