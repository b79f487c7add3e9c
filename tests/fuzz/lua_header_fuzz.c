/* Headers of playbooks, read as data: any file is a header or an error, and no code of it does anything
 * but build its tables. */
#include "fuzz.h"

#include "lua/header.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Every text of a list is read to its end. */
static size_t read_list(const char *const *list) {
  size_t n = 0;
  for (; list && *list; list++) n += strlen(*list);
  return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  int fd = memfd_create("playbook.lua", MFD_CLOEXEC);
  if (fd < 0 || write(fd, data, size) != (ssize_t)size) abort();
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  Header *h = NULL;
  Err e = {0};
  bool ok = header_read(path, &h, &e);
  claim(ok == (e.kind == ERR_NONE), "a header or an error");
  if (ok) {
    claim(h->kind == TESTS || (h->name && *h->name), "a playbook has a name");
    const char *const *list[] = {h->tags, h->uses, h->writes, h->grants, h->publish};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) read_list(list[i]);
    header_free(h);
  }
  Buf text = {0};
  if (e.kind) err_print(&e, &text);
  buf_free(&text);
  err_free(&e);
  close(fd);
  return 0;
}
