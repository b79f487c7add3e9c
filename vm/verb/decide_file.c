#include "verb/decide_file.h"

#include "feel/dmn_xml.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_stream(FILE *f, const char *path, Buf *out, Err *e) {
  char piece[65536];
  size_t n;
  while (out->n <= XML_BYTES && (n = fread(piece, 1, sizeof piece, f))) buf_add(out, piece, n);
  if (ferror(f)) return err_set(e, ERR_FAIL, "cannot read %s: %s", path, strerror(errno));
  return out->n <= XML_BYTES || err_set(e, ERR_FAIL, "%s has more than %d MiB", path, XML_BYTES >> 20);
}

bool decide_read(const char *path, Arena *a, Str *out, Err *e) {
  FILE *f = fopen(path, "rbe");
  if (!f) return err_set(e, ERR_USAGE, "cannot read %s: %s", path, strerror(errno));
  Buf b = {0};
  bool ok = read_stream(f, path, &b, e);
  fclose(f);
  *out = (Str){arena_strndup(a, b.p ? b.p : "", b.n), b.n};
  buf_free(&b);
  return ok;
}

typedef struct Folder {
  Arena *a;
  const char *path;
} Folder;

static bool is_dmn(const char *name) {
  size_t n = strlen(name);
  return n > 4 && strcmp(name + n - 4, ".dmn") == 0;
}

static const DmnFile *read_model(Folder *f, const char *name, Str namespace) {
  Err none = {0};
  Str bytes = {0}, own = {0};
  const char *path = *f->path ? arena_printf(f->a, "%s/%s", f->path, name) : arena_printf(f->a, "%s", name);
  bool ok =
    decide_read(path, f->a, &bytes, &none) && dmn_namespace(bytes, f->a, &own) && str_eq(own, namespace);
  err_free(&none);
  if (!ok) return NULL;
  DmnFile *file = arena_zalloc(f->a, 1, sizeof *file);
  *file = (DmnFile){path, bytes};
  return file;
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* Only files of the model's own folder: an import names a place, and a place could be anywhere. */
static const DmnFile *find_import(void *ctx, Str namespace, Str location) {
  (void)location;
  Folder *f = ctx;
  DIR *d = opendir(*f->path ? f->path : ".");
  char **name = NULL;
  size_t n = 0, cap = 0;
  for (struct dirent *entry; d && (entry = readdir(d));) {
    if (!is_dmn(entry->d_name)) continue;
    mem_grow(name, cap, n + 1);
    name[n++] = mem_strdup(entry->d_name);
  }
  if (d) closedir(d);
  if (n) qsort(name, n, sizeof *name, by_name);
  const DmnFile *found = NULL;
  for (size_t i = 0; i < n; i++) {
    if (!found) found = read_model(f, name[i], namespace);
    mem_free(name[i]);
  }
  mem_free(name);
  return found;
}

Dmn *decide_load(const char *path, Arena *a, Err *e) {
  DmnFile file = {.path = path};
  if (!decide_read(path, a, &file.bytes, e)) return NULL;
  const char *slash = strrchr(path, '/');
  Folder folder = {a, slash ? arena_strndup(a, path, (size_t)(slash - path) + (slash == path)) : ""};
  DmnFinder finder = {find_import, &folder};
  return dmn_load(&file, &finder, DMN_STRICT, e);
}
