/* Kept plans: a file with the right sum whose insides are anything is refused or can be shown. */
#include "fuzz.h"

#include "run/hash.h"
#include "run/planfile.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Buf bytes = {0};
  char hash[65], path[64];
  buf_puts(&bytes, "pareto plan 1\n");
  buf_add(&bytes, (const char *)data, size);
  hash_hex(buf_view(&bytes), hash);
  buf_puts(&bytes, hash);
  int fd = memfd_create("plan", MFD_CLOEXEC);
  if (fd < 0 || write(fd, bytes.p, bytes.n) != (ssize_t)bytes.n) abort();
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  Plan *p = NULL;
  Err e = {0};
  bool ok = plan_load("none.db", path, &p, &e);
  claim(ok == (e.kind == ERR_NONE), "a plan or an error");
  if (ok) {
    Buf out = {0};
    report_print(plan_report(p), UI_TABLE, &(UiStyle){.width = 80}, &out);
    claim(strlen(plan_digest(p)) <= 64 && strlen(plan_made(p)) < 64, "its texts end");
    claim(plan_journal(p)->n >= (plan_empty(p) ? 0u : 1u), "a plan that is not empty has changes");
    buf_free(&out);
  }
  plan_free(p);
  err_free(&e);
  buf_free(&bytes);
  close(fd);
  return 0;
}
