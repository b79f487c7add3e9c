#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "lua/find.h"
#include "verb/out.h"
#include "verb/schedule.h"

typedef struct Place {
  const char *binary, *db, *folder; /* absolute; folder: of the database */
  const char *unit, *units;         /* name of the units; where they go */
} Place;

static const char *full(Cli *c, const char *path) {
  char *real = realpath(path, NULL);
  const char *out = arena_strndup(&c->arena, real ? real : path, strlen(real ? real : path));
  free(real);
  return out;
}

static const char *units_folder(Cli *c) {
  const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME"), *into = cli_opt(c, "into");
  if (into) return into;
  if (getuid() == 0) return "/etc/systemd/system";
  if (config && *config) return arena_printf(&c->arena, "%s/systemd/user", config);
  return arena_printf(&c->arena, "%s/.config/systemd/user", home && *home ? home : ".");
}

/* "pareto-acme" of /srv/acme.db */
static const char *name_of_units(Cli *c, const char *db) {
  Buf b = {0};
  const char *slash = strrchr(db, '/');
  buf_puts(&b, "pareto-");
  for (const char *p = slash ? slash + 1 : db; *p && strcmp(p, ".db") != 0; p++)
    buf_char(&b, (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ? *p : '-');
  const char *out = arena_strndup(&c->arena, b.p, b.n);
  buf_free(&b);
  return out;
}

static bool find_place(Cli *c, Place *p, Err *e) {
  if (!cli_store(c, STORE_READ, e)) return false;
  p->binary = full(c, "/proc/self/exe");
  p->db = full(c, c->db);
  const char *slash = strrchr(p->db, '/');
  p->folder = arena_strndup(&c->arena, p->db, slash && slash > p->db ? (size_t)(slash - p->db) : 1);
  p->unit = name_of_units(c, p->db);
  p->units = units_folder(c);
  for (const char *q = p->db; *q; q++)
    if (*q == '\n' || *q == '"' || *q == '\'' || *q == '\\')
      return err_set(e, ERR_USAGE, "the path of the database has a sign that units and crontabs cannot carry: %s", p->db);
  return true;
}

/* --- systemd */

/* % begins a specifier there, and in a command $ a variable. */
static const char *doubled(Cli *c, const char *path, const char *what) {
  Buf b = {0};
  for (; *path; path++) {
    if (strchr(what, *path)) buf_char(&b, *path);
    buf_char(&b, *path);
  }
  const char *out = arena_strndup(&c->arena, b.p, b.n);
  buf_free(&b);
  return out;
}

/* A unit with a /tmp of its own does not see the database of the other. */
static bool in_temp(const char *folder) {
  static const char *const temp[] = {"/tmp", "/var/tmp"};
  for (size_t i = 0; i < sizeof temp / sizeof *temp; i++) {
    size_t n = strlen(temp[i]);
    if (strncmp(folder, temp[i], n) == 0 && (!folder[n] || folder[n] == '/')) return true;
  }
  return false;
}

/* What only the system's own manager can shut off. */
static const char *shut_off(Cli *c, const Place *p) {
  if (getuid() != 0) return "";
  return arena_printf(&c->arena,
                      "%sProtectSystem=strict\nProtectKernelTunables=yes\nProtectKernelModules=yes\nProtectKernelLogs=yes\n"
                      "ProtectClock=yes\nProtectHostname=yes\nProtectControlGroups=yes\nPrivateDevices=yes\nReadWritePaths=\"%s\"\n",
                      in_temp(p->folder) ? "" : "PrivateTmp=yes\n", doubled(c, p->folder, "%"));
}

static const char *service(Cli *c, const Place *p) {
  const struct passwd *pw = getpwuid(getuid());
  const char *user = getuid() == 0 && pw ? arena_printf(&c->arena, "User=%s\n", pw->pw_name) : "";
  return arena_printf(&c->arena,
                      "[Unit]\nDescription=Pareto: what is due in %s\n\n"
                      "[Service]\nType=oneshot\nExecStart=\"%s\" --db \"%s\" tick\n%s"
                      "KillMode=mixed\nTimeoutStopSec=90\nTimeoutStartSec=infinity\nNice=5\nUMask=0077\n"
                      "NoNewPrivileges=yes\nLockPersonality=yes\nRestrictRealtime=yes\nRestrictSUIDSGID=yes\n%s",
                      doubled(c, p->db, "%"), doubled(c, p->binary, "%"), doubled(c, p->db, "%$"), user, shut_off(c, p));
}

static const char *timer(Cli *c, const Place *p) {
  return arena_printf(&c->arena,
                      "[Unit]\nDescription=Pareto: every minute for %s\n\n"
                      "[Timer]\nOnCalendar=minutely\nAccuracySec=1s\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n",
                      doubled(c, p->db, "%"));
}

static bool make_folders(char *path, Err *e) {
  for (char *p = path + 1;; p++) {
    if (*p && *p != '/') continue;
    char was = *p;
    *p = 0;
    bool ok = mkdir(path, 0755) == 0 || errno == EEXIST;
    if (!ok) err_set(e, ERR_FAIL, "%s cannot be made: %s", path, strerror(errno));
    *p = was;
    if (!ok || !was) return ok;
  }
}

static bool write_unit(Cli *c, const char *path, const char *text, Err *e) {
  const char *part = arena_printf(&c->arena, "%s.part", path);
  FILE *f = fopen(part, "we");
  bool ok = f && fputs(text, f) >= 0;
  if (f && fclose(f) != 0) ok = false;
  ok = ok && rename(part, path) == 0;
  return ok || err_set(e, ERR_FAIL, "%s cannot be written: %s", path, strerror(errno));
}

/* True in *yes: it is to be written. What is shown is the whole of it. */
static bool agreed(Cli *c, const char *shown, bool *yes, Err *e) {
  *yes = c->yes;
  if (!out_text(c, str_of(shown), e)) return false;
  if (*yes) return true;
  if (cli_may_ask(c)) return cli_ask(c, "write this?", yes, e);
  out_say("nothing was written; to write it: the same with --yes");
  return true;
}

static bool systemd(Cli *c, const Place *p, Err *e) {
  const char *base = arena_printf(&c->arena, "%s/%s", p->units, p->unit);
  const char *s = arena_printf(&c->arena, "%s.service", base), *t = arena_printf(&c->arena, "%s.timer", base);
  bool yes;
  if (!agreed(c, arena_printf(&c->arena, "# %s\n%s\n# %s\n%s", s, service(c, p), t, timer(c, p)), &yes, e) || !yes) return !e->kind;
  if (!make_folders(arena_strndup(&c->arena, p->units, strlen(p->units)), e) || !write_unit(c, s, service(c, p), e) ||
      !write_unit(c, t, timer(c, p), e))
    return false;
  const char *user = getuid() == 0 ? "" : " --user";
  if (cli_opt(c, "into")) {
    out_say("written; systemd looks in %s", getuid() == 0 ? "/etc/systemd/system" : "~/.config/systemd/user");
    return true;
  }
  out_say("written; now: systemctl%s daemon-reload && systemctl%s enable --now %s.timer", user, user, p->unit);
  if (!*user) out_say("what jobs write outside %s needs a further ReadWritePaths", p->folder);
  if (*user) out_say("and, so that it runs while nobody is logged in: loginctl enable-linger");
  return true;
}

/* --- cron */

static void quoted(const char *path, Buf *out) { /* for the shell, and % is a new line to cron */
  buf_char(out, '\'');
  for (; *path; path++) {
    if (*path == '%') buf_char(out, '\\');
    buf_char(out, *path);
  }
  buf_char(out, '\'');
}

static const char *cron_line(Cli *c, const Place *p) {
  Buf b = {0};
  buf_puts(&b, "* * * * * ");
  quoted(p->binary, &b);
  buf_puts(&b, " --db ");
  quoted(p->db, &b);
  buf_puts(&b, " tick >>");
  quoted(arena_printf(&c->arena, "%s.tick.log", p->db), &b);
  buf_printf(&b, " 2>&1 # %s", p->unit);
  const char *out = arena_strndup(&c->arena, b.p, b.n);
  buf_free(&b);
  return out;
}

/* Its own program keeps it: `crontab -l` into the file, or `crontab FILE` out of it. */
static bool run_crontab(const char *argument, const char *into) {
  int status = -1;
  fflush(NULL);
  pid_t pid = fork();
  if (pid == 0) {
    int fd = into ? open(into, O_WRONLY | O_TRUNC | O_CLOEXEC) : -1, null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (fd >= 0) dup2(fd, STDOUT_FILENO);
    if (into && null >= 0) dup2(null, STDERR_FILENO); /* that there is none yet is no error */
    execlp("crontab", "crontab", argument, (char *)NULL);
    _exit(127);
  }
  while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  return pid > 0 && WIFEXITED(status) && (into ? WEXITSTATUS(status) != 127 : WEXITSTATUS(status) == 0);
}

static bool add_line(Cli *c, const Place *p, const char *path, const char *line, Err *e) {
  Buf old = {0};
  const char *mark = arena_printf(&c->arena, "# %s", p->unit);
  if (!find_read(path, &old, e)) return false;
  FILE *f = fopen(path, "we");
  for (Str rest = buf_view(&old); f && rest.p && rest.n;) {
    Str one = str_split(rest, '\n', &rest);
    Str tail = one.n >= strlen(mark) ? str_sub(one, one.n - strlen(mark), one.n) : one;
    if (!str_is(tail, mark)) fprintf(f, "%.*s\n", STR_ARG(one));
  }
  if (f) fprintf(f, "%s\n", line);
  buf_free(&old);
  return (f && fclose(f) == 0) || err_set(e, ERR_FAIL, "%s cannot be written: %s", path, strerror(errno));
}

static bool write_crontab(Cli *c, const Place *p, const char *line, Err *e) {
  const char *temp = getenv("TMPDIR");
  char *path = arena_printf(&c->arena, "%s/pareto-crontab-XXXXXX", temp && *temp ? temp : "/tmp");
  int fd = mkstemp(path);
  if (fd < 0) return err_set(e, ERR_FAIL, "%s cannot be made: %s", path, strerror(errno));
  close(fd);
  bool ok = run_crontab("-l", path);
  if (!ok) {
    err_set(e, ERR_FAIL, "there is no program crontab on this machine");
    err_todo(e, "install what Debian calls cron, or use pareto schedule install --systemd");
  }
  ok = ok && add_line(c, p, path, line, e) && (run_crontab(path, NULL) || err_set(e, ERR_FAIL, "crontab refused the line"));
  unlink(path);
  return ok;
}

static bool cron(Cli *c, const Place *p, Err *e) {
  const char *line = cron_line(c, p);
  bool yes;
  if (!agreed(c, arena_printf(&c->arena, "%s\n", line), &yes, e) || !yes) return !e->kind;
  if (!write_crontab(c, p, line, e)) return false;
  out_say("written; it stands in crontab -l");
  return true;
}

bool schedule_install(Cli *c, Err *e) {
  Place p;
  bool by_cron = cli_opt(c, "cron") != NULL, by_systemd = cli_flag(c, "systemd");
  if (by_cron == by_systemd) {
    err_set(e, ERR_USAGE, "schedule install: by what?");
    return err_todo(e, "pareto schedule install --systemd, or --cron; they are shown first");
  }
  return find_place(c, &p, e) && (by_cron ? cron : systemd)(c, &p, e);
}
