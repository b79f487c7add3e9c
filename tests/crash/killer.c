/* killer N [--alone] COMMAND…: runs the command and ends it with SIGKILL at the moment its N-th system
 * call that changes a file is about to be made, so that a crash can be placed between any two writes.
 *
 * All processes of the command die at once; with --alone only the one that made the call, as when a
 * machine short of memory picks one. N = 0 counts: the number of such calls is printed to stdout as the
 * last line. Exit code: the command's, 137 when it was killed, 125 when it cannot be traced. */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
// linux/ptrace.h has struct ptrace_syscall_info, which older sys/ptrace.h lacks under another name.
#ifndef PTRACE_GET_SYSCALL_INFO
#include <linux/ptrace.h>
#endif

enum { MOST = 64 };
static pid_t process[MOST];
static size_t nprocess;

static void known(pid_t pid) {
  for (size_t i = 0; i < nprocess; i++)
    if (process[i] == pid) return;
  if (nprocess < MOST) process[nprocess++] = pid;
}

static bool changes_a_file(unsigned long long nr) {
  static const long call[] = {
      SYS_write,  SYS_pwrite64,  SYS_writev,   SYS_pwritev,         SYS_pwritev2,   SYS_fsync,     SYS_fdatasync,
      SYS_ftruncate, SYS_fallocate, SYS_renameat, SYS_renameat2,    SYS_unlinkat,   SYS_linkat,    SYS_mkdirat,
      SYS_fchmod, SYS_fchmodat,  SYS_sendfile, SYS_copy_file_range, SYS_symlinkat,  SYS_fchown,    SYS_sync_file_range,
#ifdef SYS_rename
      SYS_rename, SYS_unlink,    SYS_link,     SYS_mkdir,           SYS_truncate,   SYS_chmod,     SYS_creat,
#endif
  };
  for (size_t i = 0; i < sizeof call / sizeof *call; i++)
    if (nr == (unsigned long long)call[i]) return true;
  return false;
}

/* Is this stop the entry of such a call? */
static bool at_write(pid_t pid) {
  struct __ptrace_syscall_info info;
  memset(&info, 0, sizeof info);
  if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof info, &info) <= 0) return false;
  return info.op == PTRACE_SYSCALL_INFO_ENTRY && changes_a_file(info.entry.nr);
}

static void kill_all(pid_t one, bool alone) {
  if (alone) {
    kill(one, SIGKILL);
    return;
  }
  for (size_t i = 0; i < nprocess; i++) kill(process[i], SIGKILL);
}

static void start(char **command) {
  if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0) _exit(125);
  raise(SIGSTOP);
  execvp(command[0], command);
  fprintf(stderr, "killer: %s: %s\n", command[0], strerror(errno));
  _exit(127);
}

/* Lets a stopped process go on; signals of its own reach it. */
static void go_on(pid_t pid, int status) {
  int sig = WSTOPSIG(status);
  bool ours = sig == (SIGTRAP | 0x80) || sig == SIGTRAP || sig == SIGSTOP;
  ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(long)(ours ? 0 : sig));
}

int main(int argc, char **argv) {
  int at = 2;
  bool alone = argc > 2 && strcmp(argv[2], "--alone") == 0;
  if (alone) at++;
  if (argc <= at) {
    fprintf(stderr, "usage: killer N [--alone] COMMAND…\n");
    return 125;
  }
  long wanted = strtol(argv[1], NULL, 10), seen = 0;
  pid_t root = fork();
  if (root == 0) start(argv + at);
  known(root);
  int status, code = 125;
  if (root < 0 || waitpid(root, &status, 0) != root || !WIFSTOPPED(status)) return 125;
  long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
                 PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
  if (ptrace(PTRACE_SETOPTIONS, root, NULL, (void *)options) != 0) return 125;
  ptrace(PTRACE_SYSCALL, root, NULL, NULL);
  for (pid_t pid; (pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR;) {
    if (pid <= 0) continue;
    known(pid);
    if (WIFEXITED(status) || WIFSIGNALED(status)) {
      if (pid == root) code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      continue;
    }
    if (WSTOPSIG(status) == (SIGTRAP | 0x80) && at_write(pid) && ++seen == wanted) kill_all(pid, alone);
    go_on(pid, status);
  }
  if (!wanted) printf("%ld\n", seen);
  return code;
}
