#include "lua/find.h"

#include "feel/src.h"
#include "lua/playbook.h"
#include "lua/stdlib.h"
#include "store/xlsx.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SCRIPT_MOST = 4 << 20 };

/* Where rulebooks of the domain library stand, as far as paths go. */
#define STDLIB_FOLDER "<stdlib>/"

static const StdlibFile *built_in(const char *path) {
  return str_starts(str_of(path), STDLIB_FOLDER) ? stdlib_rulebook(find_base(path)) : NULL;
}

static bool read_from(const char *path, Buf *out, Err *e) {
  FILE *f = fopen(path, "rb");
  if (!f) return err_set(e, ERR_FAIL, "%s cannot be read: %s", path, strerror(errno));
  char part[8192];
  size_t n;
  bool ok = true;
  while (ok && (n = fread(part, 1, sizeof part, f)) > 0) {
    buf_add(out, part, n);
    if (out->n > SCRIPT_MOST) ok = err_set(e, ERR_FAIL, "%s is larger than 4 MB: no script is", path);
  }
  if (ok && ferror(f)) ok = err_set(e, ERR_FAIL, "%s cannot be read: %s", path, strerror(errno));
  fclose(f);
  return ok;
}

bool find_read(const char *path, Buf *out, Err *e) {
  const StdlibFile *own = built_in(path);
  if (!own) return read_from(path, out, e);
  const char *folder = getenv("PARETO_STDLIB");
  if (folder && *folder) {
    Buf other = {0};
    buf_printf(&other, "%s/%s.lua", folder, own->name);
    bool ok = read_from(other.p, out, e);
    buf_free(&other);
    return ok;
  }
  buf_add(out, own->text, own->size);
  return true;
}

static bool ends(Str s, const char *tail) {
  size_t n = strlen(tail);
  return s.n > n && memcmp(s.p + s.n - n, tail, n) == 0;
}

bool find_is_csv(const char *path) { return ends(str_of(path), ".csv") || ends(str_of(path), ".xlsx"); }

bool find_table(const char *path, Buf *out, Err *e) {
  if (!ends(str_of(path), ".xlsx")) return find_read(path, out, e);
  if (access(path, F_OK) == 0) return xlsx_as_csv(path, out, e);
  Buf kept = {0}; /* of a plan: as it was read when that was made */
  buf_printf(&kept, "%s.csv", path);
  bool ok = find_read(access(kept.p, F_OK) == 0 ? kept.p : path, out, e);
  buf_free(&kept);
  return ok;
}

Str find_folder(const char *path) {
  const char *slash = strrchr(path, '/');
  return (Str){path, slash ? (size_t)(slash - path) + 1 : 0};
}

Str find_base(const char *path) {
  const char *slash = strrchr(path, '/');
  Str s = str_of(slash ? slash + 1 : path);
  if (s.n > 4 && memcmp(s.p + s.n - 4, ".lua", 4) == 0) s.n -= 4;
  return s;
}

/* The folder above the one that holds the running binary; NULL when it cannot be known. */
static const char *binary_folder(Arena *a) {
  char path[4096];
  ssize_t n = readlink("/proc/self/exe", path, sizeof path);
  if (n <= 0 || (size_t)n >= sizeof path) return NULL;
  for (int up = 0; up < 2; up++) {
    while (n > 0 && path[n - 1] != '/') n--;
    if (n > 0) n--;
  }
  return arena_strndup(a, path, (size_t)n);
}

/* The folders where playbooks are sought, in order; a missing one does no harm. */
static size_t folders(Arena *a, const char ***out) {
  const char *path = getenv("PARETO_PATH"), *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
  size_t n = 0, most = 6;
  for (const char *p = path; p && *p; p++) most += *p == ':';
  const char **list = arena_alloc(a, most * sizeof *list);
  list[n++] = ".";
  Str rest = str_of(path && *path ? path : NULL);
  while (rest.p && rest.n) {
    Str one = str_split(rest, ':', &rest);
    if (one.n) list[n++] = arena_strndup(a, one.p, one.n);
  }
  if (data && *data)
    list[n++] = arena_printf(a, "%s/pareto/scripts", data);
  else if (home && *home)
    list[n++] = arena_printf(a, "%s/.local/share/pareto/scripts", home);
  list[n++] = PARETO_PREFIX "/share/pareto/scripts";
  const char *beside = binary_folder(a);
  if (beside) { /* where it was installed or built, if elsewhere */
    char *share = arena_printf(a, "%s/share/pareto/scripts", beside);
    if (strcmp(share, PARETO_PREFIX "/share/pareto/scripts") != 0) list[n++] = share;
    list[n++] = arena_printf(a, "%s/scripts", beside);
  }
  *out = list;
  return n;
}

static bool is_file(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static int by_name(const void *x, const void *y) {
  Str a = find_base(*(char *const *)x), b = find_base(*(char *const *)y);
  int c = str_cmp(a, b);
  return c ? c : strcmp(*(char *const *)x, *(char *const *)y);
}

bool playbook_paths(Arena *a, char ***path, size_t *n, Err *e) {
  (void)e;
  const char **folder;
  size_t nfolder = folders(a, &folder), cap = 0;
  char **list = NULL;
  *n = 0;
  for (size_t i = 0; i < nfolder; i++) {
    DIR *d = opendir(folder[i]);
    if (!d) continue;
    size_t before = *n;
    for (struct dirent *x; (x = readdir(d));) {
      Str name = str_of(x->d_name);
      if (x->d_name[0] == '.' || !ends(name, ".lua") || ends(name, "_test.lua")) continue;
      char *full = strcmp(folder[i], ".") == 0 ? arena_strndup(a, name.p, name.n)
                                               : arena_printf(a, "%s/%s", folder[i], x->d_name);
      if (!is_file(full)) continue;
      bool hidden = false; /* by one of the same name in an earlier folder */
      for (size_t k = 0; k < before; k++) hidden = hidden || str_eq(find_base(list[k]), find_base(full));
      if (hidden) continue;
      mem_grow(list, cap, *n + 1);
      list[(*n)++] = full;
    }
    closedir(d);
  }
  size_t before = *n;
  for (const StdlibFile *f = stdlib_files; f->name; f++) {
    bool hidden = !f->rulebook;
    for (size_t k = 0; k < before; k++) hidden = hidden || str_is(find_base(list[k]), f->name);
    if (hidden) continue;
    mem_grow(list, cap, *n + 1);
    list[(*n)++] = arena_printf(a, STDLIB_FOLDER "%s.lua", f->name);
  }
  if (*n) qsort(list, *n, sizeof *list, by_name);
  *path = arena_alloc(a, (*n + 1) * sizeof **path);
  for (size_t i = 0; i < *n; i++) (*path)[i] = list[i];
  (*path)[*n] = NULL;
  mem_free(list);
  return true;
}

static bool not_found(Arena *a, const char *name, const char *const *folder, size_t nfolder, Err *e) {
  char **path;
  size_t n;
  err_set(e, ERR_FAIL, "no playbook is called %s", name);
  if (playbook_paths(a, &path, &n, e)) {
    Str *known = arena_alloc(a, (n + 1) * sizeof *known);
    for (size_t i = 0; i < n; i++) known[i] = find_base(path[i]);
    src_suggest(e, str_of(name), known, n);
  }
  Buf b = {0};
  for (size_t i = 0; i < nfolder; i++) buf_printf(&b, "%s%s", i ? ", " : "", folder[i]);
  err_todo(e, "sought in %s; more folders: PARETO_PATH=DIR:DIR", b.p);
  buf_free(&b);
  return false;
}

bool playbook_find(const char *name, Buf *path, Err *e) {
  Arena a = {0};
  const char **folder;
  size_t n = folders(&a, &folder);
  bool found = false, lua = ends(str_of(name), ".lua");
  if (strchr(name, '/') || lua) {
    found = is_file(name);
    if (found) buf_puts(path, name);
  }
  for (size_t i = 0; i < n && !found && name[0] != '/'; i++) {
    const char *tail = lua ? "" : ".lua";
    char *full = strcmp(folder[i], ".") == 0 ? arena_printf(&a, "%s%s", name, tail)
                                             : arena_printf(&a, "%s/%s%s", folder[i], name, tail);
    found = is_file(full);
    if (found) buf_puts(path, full);
  }
  if (!found && (lua ? built_in(name) : stdlib_rulebook(str_of(name)))) { /* after all that a company has of its own */
    found = true;
    buf_printf(path, lua ? "%s" : STDLIB_FOLDER "%s.lua", name);
  }
  if (!found) not_found(&a, name, folder, n, e);
  arena_free(&a);
  return found;
}
