#include "base/lib.h"

#include <dlfcn.h>
#include <string.h>

static bool err_lib(const char *package, Err *e) {
  const char *why = dlerror();
  err_set(e, ERR_FAIL, "a library is missing: %s", why ? why : package);
  return err_todo(e, "install what Debian calls %s", package);
}

bool lib_load(const char *soname, const char *package, const LibName *name, size_t n, Err *e) {
  void *lib = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
  if (!lib) return err_lib(package, e);
  for (size_t i = 0; i < n; i++) {
    void *at = dlsym(lib, name[i].name);
    if (!at) return err_lib(package, e);
    memcpy(name[i].to, &at, sizeof at); /* C knows no cast from data to functions */
  }
  return true;
}
