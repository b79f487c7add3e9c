#include "run/outbox.h"

#include "base/lang.h"
#include "base/stop.h"
#include "run/record.h"
#include "run/seal.h"
#include "run/state.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WAITS "NOT EXISTS(SELECT 1 FROM delivery d WHERE d.outbox = o.id AND d.state = 'delivered')"

bool run_send(Run *r, const char *kind, Str target, Str name, Str body, Err *e) {
  if (r->reading) return err_set(e, ERR_FAIL, "%s only reads: nothing is sent from here", r->spec->what);
  Val text = val_text(body);
  text.flags = VAL_BLOB;
  Val bind[] = {val_text(str_of(kind)), val_text(target), val_text(name), text};
  return store_exec(
      r->store,
      "INSERT INTO outbox(seq, kind, target, name, body) SELECT coalesce(max(seq), 0) + 1, ?1, ?2, ?3, ?4"
      " FROM outbox WHERE run IS NULL",
      bind, 4, e);
}

typedef struct Item {
  int64_t id;
  Str stable, kind, target, name, body;
} Item;

typedef struct Items {
  Item *item;
  size_t n, cap;
  Arena a;
} Items;

static bool take_item(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  Items *l = ctx;
  mem_grow(l->item, l->cap, l->n + 1);
  Str s[5];
  for (int i = 0; i < 5; i++)
    s[i] = val_str(val_copy(val[i + 1], &l->a));
  l->item[l->n++] = (Item){val[0].u.i, s[0], s[1], s[2], s[3], s[4]};
  return true;
}

bool outbox_waiting(Store *s, int64_t *n, Err *e) {
  Arena a = {0};
  Val v;
  bool ok = store_value(s, "SELECT count(*) FROM outbox o WHERE " WAITS, NULL, 0, &a, &v, e);
  *n = ok ? v.u.i : 0;
  arena_free(&a);
  return ok;
}

/* --- ways out ---------------------------------------------------------------------- */

static bool write_all(int fd, Str b) {
  while (b.n) {
    ssize_t n = write(fd, b.p, b.n);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    b = (Str){b.p + n, b.n - (size_t)n};
  }
  return true;
}

static void file_name(const Item *it, Buf *out) {
  buf_printf(out, "%.*s-", STR_ARG(it->stable));
  for (size_t i = 0; i < it->name.n; i++) {
    char c = it->name.p[i];
    buf_char(out, c == '/' || (unsigned char)c < 32 ? '_' : c);
  }
}

/* Delivered twice it is the same file once. */
static bool to_folder(const char *folder, const Item *it, Buf *why) {
  Buf part = {0}, path = {0};
  buf_printf(&path, "%s/", folder);
  file_name(it, &path);
  buf_printf(&part, "%s/.part-%.*s", folder, STR_ARG(it->stable));
  if (mkdir(folder, 0755) != 0 && errno != EEXIST) buf_clear(&part);
  int fd = part.n ? open(part.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644) : -1;
  bool ok = fd >= 0 && write_all(fd, it->body) && fsync(fd) == 0;
  if (fd >= 0 && close(fd) != 0) ok = false;
  ok = ok && rename(part.p, path.p) == 0;
  if (!ok) {
    buf_clear(why);
    buf_printf(why, "%s: %s", path.p, strerror(errno));
    if (part.n) unlink(part.p);
  }
  buf_free(&part);
  buf_free(&path);
  return ok;
}

/* A program that is handed one message. */
typedef struct Hand {
  pid_t pid; /* and of its process group: what it started ends with it */
  int in;    /* its standard input, or -1 */
  Str rest;  /* of the message */
  double end;
  int status;
} Hand;

static void close_in(Hand *h) {
  if (h->in >= 0) close(h->in);
  h->in = -1;
}

static bool start(const char *command, const Item *it, Hand *h, Buf *why) {
  int in[2];
  if (pipe2(in, O_CLOEXEC) != 0) {
    buf_printf(why, "%s: %s", command, strerror(errno));
    return false;
  }
  Arena a = {0};
  const char *id = arena_strndup(&a, it->stable.p, it->stable.n), *to = arena_strndup(&a, it->target.p, it->target.n),
             *name = arena_strndup(&a, it->name.p, it->name.n);
  fflush(NULL);
  h->pid = fork();
  if (h->pid == 0) {
    setpgid(0, 0);
    dup2(in[0], STDIN_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
    setenv("PARETO_ID", id, 1);
    setenv("PARETO_TO", to, 1);
    setenv("PARETO_NAME", name, 1);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
  }
  arena_free(&a);
  close(in[0]);
  h->in = in[1];
  if (h->pid > 0) {
    setpgid(h->pid, h->pid);
    fcntl(h->in, F_SETFL, O_NONBLOCK);
    return true;
  }
  buf_printf(why, "%s: %s", command, strerror(errno));
  close_in(h);
  return false;
}

/* As much of the message as it takes; a program that does not read is judged by its exit. */
static void feed(Hand *h) {
  struct pollfd p = {.fd = h->in, .events = POLLOUT};
  if (poll(&p, h->in >= 0, 5) <= 0) return;
  ssize_t n = write(h->in, h->rest.p, h->rest.n);
  if (n > 0) h->rest = (Str){h->rest.p + n, h->rest.n - (size_t)n};
  if (!h->rest.n || (n < 0 && errno != EAGAIN && errno != EINTR)) close_in(h);
}

/* Its end, or the limit's, or Ctrl-C. */
static bool ended(Hand *h) {
  for (;;) {
    pid_t got = waitpid(h->pid, &h->status, WNOHANG);
    if (got == h->pid) return true;
    if ((got < 0 && errno != EINTR) || stop_now() >= h->end || stop_asked()) return false;
    feed(h);
  }
}

static void end_it(Hand *h) {
  static const int with[] = {SIGTERM, SIGKILL};
  for (int i = 0; i < 2; i++) {
    kill(-h->pid, with[i]);
    h->end = stop_now() + 0.2;
    while (stop_now() < h->end)
      if (waitpid(h->pid, &h->status, WNOHANG) != 0 && errno != EINTR) return;
      else usleep(10000);
  }
}

static bool to_command(const char *command, const Item *it, double seconds, bool *late, Buf *why) {
  Hand h = {.in = -1, .rest = it->body, .end = stop_now() + seconds};
  buf_clear(why);
  if (!start(command, it, &h, why)) return false;
  bool done = ended(&h);
  close_in(&h);
  if (done && WIFEXITED(h.status) && WEXITSTATUS(h.status) == 0) return true;
  if (!done) end_it(&h);
  *late = !done && !stop_asked();
  if (!done && stop_asked()) buf_printf(why, "%s: interrupted", command);
  else if (!done) buf_printf(why, "%s: had not ended after %g s", command, seconds);
  else
    buf_printf(why, "%s: ended with %d", command,
               WIFEXITED(h.status) ? WEXITSTATUS(h.status) : 128 + WTERMSIG(h.status));
  return false;
}

/* --- delivering ----------------------------------------------------------------------- */

static bool record(Store *s, const Item *it, bool ok, bool late, const Buf *why, Err *e) {
  char at[32];
  record_now(at);
  Val bind[] = {val_int(it->id), val_text(str_of(at)), val_text(str_of(ok ? "delivered" : late ? "late" : "failed")),
                ok ? val_null() : val_text(buf_view(why)), val_null()};
  char seal[65];
  if (!store_begin(s, e)) return false;
  if (seal_make(s, bind, bind + 4, seal, e) &&
      store_exec(s, "INSERT INTO delivery(outbox, at, state, detail, seal) VALUES(?1, ?2, ?3, ?4, ?5)", bind, 5, e) &&
      store_commit(s, e))
    return true;
  store_rollback(s);
  return false;
}

/* One process delivers at a time; the others have nothing to do. */
static int take_turn(const char *db) {
  int fd = open(db, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
    close(fd);
    return -1;
  }
  return fd;
}

/* A command that fails is not tried by everybody who comes: after it hung for a minute, then two, four … up to an hour;
 * after it failed three times for ten seconds, and so on. Another command is tried at once, and so is this one by a person
 * who asks for it, or when the clock stands before the failure. */
typedef struct Rest {
  char why[256]; /* of the last failure; empty: the command may be tried */
  char until[32];
} Rest;

#define SINCE_DELIVERED                                                                                       \
  "FROM delivery d JOIN outbox o ON o.id = d.outbox WHERE o.kind = 'message' AND d.id > coalesce((SELECT max(x.id)" \
  " FROM delivery x JOIN outbox y ON y.id = x.outbox WHERE y.kind = 'message' AND x.state = 'delivered'), 0)"

static bool take_rest(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  Rest *r = ctx;
  if (val[0].t != V_TEXT || val[1].t != V_TEXT) return true;
  snprintf(r->until, sizeof r->until, "%.*s", STR_ARG(val_str(val[0])));
  snprintf(r->why, sizeof r->why, "%.*s", STR_ARG(str_sub(val_str(val[1]), 0, sizeof r->why - 8)));
  return true;
}

static bool resting(Store *s, Rest *r, Err *e) {
  static const char sql[] =
      "WITH f AS (SELECT d.id, d.at, d.state, d.detail " SINCE_DELIVERED "),"
      " n(late, fast) AS (SELECT sum(state = 'late'), sum(state = 'failed') FROM f),"
      " l AS (SELECT at, detail FROM f ORDER BY id DESC LIMIT 1),"
      " w(t, detail) AS (SELECT strftime('%Y-%m-%dT%H:%M:%SZ', l.at, '+' || min(3600, CASE WHEN late > 0 THEN 60 << min(late - 1, 6)"
      " WHEN fast > 3 THEN 10 << min(fast - 4, 9) ELSE 0 END) || ' seconds'), l.detail FROM l, n"
      " WHERE l.at <= ?1 AND l.at > coalesce((SELECT max(at) FROM run WHERE what = 'set outbox.command'), ''))"
      " SELECT t, detail FROM w WHERE t > ?1";
  char now[32];
  record_now(now);
  Val bind = val_text(str_of(now));
  *r = (Rest){0};
  return store_query(s, sql, &bind, 1, take_rest, r, e);
}

static bool by_command(Store *s, const Item *it) {
  const char *command = str_is(it->kind, "message") ? store_setting(s, "outbox.command") : NULL;
  return command && *command;
}

static bool deliver_one(Store *s, const char *folder, const Item *it, double seconds, int64_t *sent, int64_t *failed,
                        bool *late, Buf *why, Err *e) {
  char *kept = by_command(s, it) ? mem_strdup(store_setting(s, "outbox.command")) : NULL;
  bool ok = kept ? to_command(kept, it, seconds, late, why) : to_folder(folder, it, why);
  mem_free(kept);
  *sent += ok;
  *failed += !ok;
  return record(s, it, ok, *late, why, e);
}

bool outbox_deliver(Store *s, double seconds, bool asked, int64_t *sent, int64_t *failed, Buf *why, Err *e) {
  Items l = {0};
  Buf folder = {0};
  Rest rest = {0};
  const char *set = store_setting(s, "outbox.folder");
  if (set && *set) buf_puts(&folder, set);
  else buf_printf(&folder, "%s.outbox", store_path(s));
  mkdir(folder.p, 0755);
  bool ok = true, late = false;
  *sent = *failed = 0;
  if (access(folder.p, R_OK) != 0) { /* nowhere to go: it waits, and people are told */
    buf_clear(why);
    buf_printf(why, "%s: %s", folder.p, strerror(errno));
    buf_free(&folder);
    return outbox_waiting(s, failed, e);
  }
  int turn = take_turn(folder.p);
  if (turn >= 0)
    ok = store_query(
        s,
        "SELECT o.id, o.run || '-' || o.seq, o.kind, o.target, o.name, o.body FROM outbox o WHERE " WAITS
        " ORDER BY o.id",
        NULL, 0, take_item, &l, e);
  if (turn >= 0 && ok && !asked) ok = resting(s, &rest, e);
  for (size_t i = 0; ok && i < l.n; i++) {
    if ((late || *rest.why) && by_command(s, &l.item[i])) {
      *failed += !late;
      continue;
    }
    ok = stop_check(e) && deliver_one(s, folder.p, &l.item[i], seconds, sent, failed, &late, why, e);
  }
  if (ok && *rest.why && *failed) {
    buf_clear(why);
    buf_printf(why, "%s; tried again from %.16s UTC on, or now: pareto outbox deliver", rest.why, rest.until);
  }
  if (turn >= 0) close(turn);
  buf_free(&folder);
  mem_free(l.item);
  arena_free(&l.a);
  return ok;
}

/* --- looking at it ---------------------------------------------------------------------- */

enum { COLUMNS = 6 };
typedef struct Rows {
  Report *report;
  Val *cell;
  size_t n;
} Rows;

static bool list_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)name, (void)e;
  Rows *r = ctx;
  for (int i = 0; i < ncol; i++)
    r->cell[r->n * COLUMNS + (size_t)i] = val_copy(val[i], &r->report->arena);
  r->n++;
  return true;
}

bool outbox_list(Store *s, size_t most, Report *out, Err *e) {
  static const UiColumn col[COLUMNS] = {UI_WORD("id"),    UI_WORD("kind"),
                                        UI_WORD("to"),    UI_WORD("name"),
                                        UI_WORD("state"), UI_WORD("what went wrong")};
  Arena a = {0};
  Val n, bind = val_int((int64_t)most);
  Rows r = {.report = out};
  bool ok = store_value(s, "SELECT min(count(*), ?1) FROM outbox", &bind, 1, &a, &n, e);
  if (ok) {
    ReportItem *item = report_table(out, (Str){0}, col, COLUMNS, (size_t)n.u.i, &r.cell);
    item->table.words = true;
    if (n.u.i == 0) item->table.foot = str_of(_("nothing was sent yet"));
    ok = store_query(
        s,
        "SELECT o.run || '-' || o.seq, o.kind, o.target, o.name, coalesce((SELECT state FROM delivery WHERE "
        "outbox = o.id"
        " ORDER BY state = 'delivered' DESC, id DESC LIMIT 1), 'waiting'), (SELECT detail FROM delivery "
        "WHERE outbox ="
        " o.id ORDER BY state = 'delivered' DESC, id DESC LIMIT 1) FROM outbox o ORDER BY o.id DESC LIMIT ?1",
        &bind, 1, list_row, &r, e);
  }
  arena_free(&a);
  return ok;
}
