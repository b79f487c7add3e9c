#include "run/planfile.h"

#include "run/hash.h"
#include "run/state.h"
#include "run/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char magic[] = "pareto plan 1\n";
enum { HASH = 64 };

/* --- bytes ---------------------------------------------------------------------- */

static void put_list(Buf *b, const char *const *list) {
  int64_t n = 0;
  while (list && list[n])
    n++;
  wire_put_int(b, n);
  for (int64_t i = 0; i < n; i++)
    wire_put_str(b, str_of(list[i]));
}

static void put_text(Buf *b, const char *z) { wire_put_str(b, str_of(z ? z : "")); }

static void encode(const Plan *p, Buf *b) {
  Buf part = {0};
  buf_puts(b, magic);
  put_text(b, p->what);
  put_text(b, p->args);
  put_text(b, p->limit);
  put_text(b, p->of);
  put_text(b, p->note);
  put_text(b, p->file);
  put_text(b, p->made);
  put_text(b, p->id);
  wire_put_int(b, p->asof);
  wire_put_int(b, (int64_t)p->seed);
  wire_put_int(b, (int64_t)(p->max_percent * 1e6));
  wire_put_int(b, p->max_changes);
  wire_put_int(b, p->last_run);
  wire_put_int(b, (int64_t)p->changes);
  wire_put_str(b, p->script);
  wire_put_int(b, (int64_t)p->nbook);
  for (size_t i = 0; i < p->nbook; i++) {
    put_text(b, p->book[i].name);
    wire_put_str(b, p->book[i].source);
  }
  put_list(b, p->set);
  put_list(b, p->grants);
  put_text(b, p->digest);
  journal_encode(&p->journal, &part);
  wire_put_str(b, buf_view(&part));
  buf_clear(&part);
  report_encode(&p->report, &part);
  wire_put_str(b, buf_view(&part));
  wire_put_str(b, buf_view(&p->decided));
  wire_put_str(b, buf_view(&p->log));
  buf_free(&part);
  char hash[HASH + 1];
  hash_hex(buf_view(b), hash);
  buf_puts(b, hash);
}

static char *get_text(Wire *w, Arena *a) {
  Str s = wire_str(w);
  return s.n ? arena_strndup(a, s.p, s.n) : NULL;
}

static const char **get_list(Wire *w, Arena *a) {
  int64_t n = wire_int(w);
  if (w->broken || n < 0 || (size_t)n > w->rest.n) w->broken = true, n = 0;
  const char **list = arena_zalloc(a, (size_t)n + 1, sizeof *list);
  for (int64_t i = 0; i < n; i++) {
    Str s = wire_str(w);
    list[i] = arena_strndup(a, s.p ? s.p : "", s.n);
  }
  return list;
}

static void get_fixed(Wire *w, char *out, size_t size) {
  Str s = wire_str(w);
  if (s.n >= size) w->broken = true;
  else if (s.n) memcpy(out, s.p, s.n);
}

static Str get_str(Wire *w, Arena *a) {
  Str s = wire_str(w);
  return (Str){arena_strndup(a, s.p ? s.p : "", s.n), s.n};
}

static void get_books(Wire *w, Plan *p) {
  int64_t n = wire_int(w);
  if (w->broken || n < 0 || (size_t)n > w->rest.n) w->broken = true, n = 0;
  p->nbook = (size_t)n;
  p->book = arena_zalloc(&p->arena, p->nbook + 1, sizeof *p->book);
  for (size_t i = 0; i < p->nbook; i++) {
    p->book[i].name = get_text(w, &p->arena);
    p->book[i].source = get_str(w, &p->arena);
    if (!p->book[i].name) w->broken = true;
  }
}

static bool decode(Str bytes, Plan *p, Err *e) {
  Arena *a = &p->arena;
  Wire w = {.rest = {bytes.p + sizeof magic - 1, bytes.n - (sizeof magic - 1) - HASH}};
  p->what = get_text(&w, a);
  p->args = get_text(&w, a);
  p->limit = get_text(&w, a);
  p->of = get_text(&w, a);
  p->note = get_text(&w, a);
  p->file = get_text(&w, a);
  get_fixed(&w, p->made, sizeof p->made);
  get_fixed(&w, p->id, sizeof p->id);
  p->asof = (Day)wire_int(&w);
  p->seed = (uint64_t)wire_int(&w);
  p->max_percent = (double)wire_int(&w) / 1e6;
  p->max_changes = wire_int(&w);
  p->last_run = wire_int(&w);
  p->changes = (size_t)wire_int(&w);
  p->script = get_str(&w, a);
  hash_hex(p->script, p->script_hash);
  get_books(&w, p);
  p->set = get_list(&w, a);
  p->grants = get_list(&w, a);
  get_fixed(&w, p->digest, sizeof p->digest);
  if (!p->args) p->args = "";
  Str journal = wire_str(&w), report = wire_str(&w);
  buf_str(&p->decided, wire_str(&w));
  buf_str(&p->log, wire_str(&w));
  if (w.broken || !p->what || !p->file) return err_set(e, ERR_FAIL, "is damaged");
  return journal_decode(journal, &p->journal, e) && report_decode(report, &p->report, e);
}

/* --- files ------------------------------------------------------------------------- */

static void set_name(Plan *p, const char *path) {
  const char *slash = strrchr(path, '/');
  p->name = arena_printf(&p->arena, "%s", slash ? slash + 1 : path);
}

static bool write_file(int fd, Str bytes, const char *path, Err *e) {
  bool ok = true;
  while (ok && bytes.n) {
    ssize_t n = write(fd, bytes.p, bytes.n);
    if (n < 0 && errno == EINTR) continue;
    ok = n >= 0;
    if (ok) bytes = (Str){bytes.p + n, bytes.n - (size_t)n};
  }
  if (ok) ok = fsync(fd) == 0;
  if (close(fd) != 0) ok = false;
  return ok || err_set(e, ERR_FAIL, "the plan cannot be kept: %s: %s", path, strerror(errno));
}

/* Written beside its place and then given its name: at no time is there half a plan. */
static bool put_file(const char *folder, const char *path, Str bytes, bool *taken, Err *e) {
  Buf part = {0};
  *taken = false;
  buf_printf(&part, "%s/.plan-XXXXXX", folder);
  int fd = mkostemp(part.p, O_CLOEXEC);
  if (fd < 0) {
    err_set(e, ERR_FAIL, "the plan cannot be kept: %s: %s", folder, strerror(errno));
    buf_free(&part);
    return false;
  }
  bool ok = write_file(fd, bytes, path, e);
  if (ok && link(part.p, path) != 0) {
    *taken = errno == EEXIST;
    ok = *taken || err_set(e, ERR_FAIL, "the plan cannot be kept: %s: %s", path, strerror(errno));
  }
  unlink(part.p);
  buf_free(&part);
  return ok;
}

static bool save_numbered(Plan *p, const char *db, Str bytes, Buf *where, Err *e) {
  enum { MOST = 1000000 };
  Buf folder = {0};
  buf_printf(&folder, "%s.plans", db);
  bool ok = mkdir(folder.p, 0700) == 0 || errno == EEXIST, taken = true;
  if (!ok) err_set(e, ERR_FAIL, "the plan cannot be kept: %s: %s", folder.p, strerror(errno));
  for (int i = 1; ok && taken && i < MOST; i++) {
    buf_clear(where);
    buf_printf(where, "%s/p-%04d", folder.p, i);
    if (access(where->p, F_OK) == 0) continue;
    ok = put_file(folder.p, where->p, bytes, &taken, e);
  }
  if (ok) set_name(p, where->p);
  buf_free(&folder);
  return ok;
}

bool plan_save(Plan *p, const char *db, const char *path, Buf *where, Err *e) {
  Buf bytes = {0};
  encode(p, &bytes);
  bool ok, taken = false;
  if (!path) {
    ok = save_numbered(p, db, buf_view(&bytes), where, e);
  } else {
    const char *slash = strrchr(path, '/');
    char *folder = slash ? mem_strndup(path, (size_t)(slash - path) + 1) : mem_strdup(".");
    ok = put_file(folder, path, buf_view(&bytes), &taken, e);
    if (ok && taken) {
      err_set(e, ERR_FAIL, "%s is there already", path);
      err_todo(e, "choose another name, or remove it");
      ok = err_left(e, "the file is untouched");
    }
    mem_free(folder);
    buf_puts(where, path);
    set_name(p, path);
  }
  buf_free(&bytes);
  return ok;
}

static bool all_digits(const char *z) {
  if (!*z) return false;
  for (; *z; z++)
    if (*z < '0' || *z > '9') return false;
  return true;
}

static void path_of(const char *db, const char *name, Buf *path) {
  if (strncmp(name, "p-", 2) == 0 && all_digits(name + 2))
    buf_printf(path, "%s.plans/p-%04d", db, atoi(name + 2));
  else buf_puts(path, name);
}

bool plan_named(const char *db, const char *name) {
  if (all_digits(name)) return false;
  Buf path = {0};
  path_of(db, name, &path);
  bool there = strncmp(name, "p-", 2) == 0 || strchr(name, '/') || access(path.p, F_OK) == 0;
  buf_free(&path);
  return there;
}

static bool read_file(const char *path, Buf *out, Err *e) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  char part[65536];
  ssize_t n = 0;
  while (fd >= 0 && ((n = read(fd, part, sizeof part)) > 0 || (n < 0 && errno == EINTR)))
    if (n > 0) buf_add(out, part, (size_t)n);
  int why = errno;
  bool ok = fd >= 0 && n == 0;
  if (fd >= 0) close(fd);
  if (ok) return true;
  if (why == ENOENT) {
    err_set(e, ERR_USAGE, "there is no plan %s", path);
    return err_todo(e, "make one: pareto plan NAME");
  }
  return err_set(e, ERR_FAIL, "%s cannot be read: %s", path, strerror(why));
}

bool plan_load(const char *db, const char *name, Plan **out, Err *e) {
  Buf path = {0}, bytes = {0};
  *out = NULL;
  path_of(db, name, &path);
  bool ok = read_file(path.p, &bytes, e);
  if (ok && (bytes.n < sizeof magic - 1 + HASH || !str_starts(buf_view(&bytes), magic))) {
    err_set(e, ERR_USAGE, "%s is no plan", path.p);
    ok = err_todo(e, "make one: pareto plan NAME");
  } else if (ok) {
    char hash[HASH + 1];
    hash_hex(str_sub(buf_view(&bytes), 0, bytes.n - HASH), hash);
    Plan *p = mem_zalloc(1, sizeof *p);
    ok = memcmp(hash, bytes.p + bytes.n - HASH, HASH) == 0 ||
         err_set(e, ERR_FAIL, "is damaged or was altered");
    ok = ok && decode(buf_view(&bytes), p, e);
    if (ok) {
      set_name(p, path.p);
      *out = p;
    } else {
      err_at(e, path.p, 0, 0);
      err_todo(e, "plan anew");
      plan_free(p);
    }
  }
  buf_free(&path);
  buf_free(&bytes);
  return ok;
}

const char *plan_made(const Plan *p) { return p->made; }

bool plan_applied(const Plan *p, Store *s, int64_t *run, Err *e) {
  Arena a = {0};
  Val v, bind = val_text(str_of(p->id));
  bool ok = store_value(s, "SELECT id FROM run WHERE plan = ?1 LIMIT 1", &bind, 1, &a, &v, e);
  *run = ok && v.t == V_NUM ? v.u.i : 0;
  arena_free(&a);
  return ok;
}
