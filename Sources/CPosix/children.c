#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#endif

enum { GIVEN = 6, REPORT = GIVEN, ABOVE = GIVEN + 2 };

/// Closes everything from `first` on.
static void close_from(int first) {
#if defined(__linux__) && defined(SYS_close_range)
    if (!syscall(SYS_close_range, first, ~0U, 0)) return;
#endif
    long limit = sysconf(_SC_OPEN_MAX);
    if (limit < 0 || limit > 65536) limit = 65536;
    for (int descriptor = first; descriptor < limit; descriptor++) close(descriptor);
}

/// Puts the descriptors in their places: all of them above first, so that none is overwritten before it is copied.
static int place_descriptors(const int *descriptors, int report) {
    int copies[GIVEN + 1];
    for (int i = 0; i < GIVEN; i++) {
        int source = descriptors[i];
        if (source < 0 && i < 3) source = open("/dev/null", O_RDWR);
        copies[i] = source < 0 ? -1 : fcntl(source, F_DUPFD, ABOVE);
        if (source >= 0 && copies[i] < 0) return errno;
    }
    copies[REPORT] = fcntl(report, F_DUPFD, ABOVE);
    if (copies[REPORT] < 0) return errno;
    for (int i = 0; i <= GIVEN; i++) {
        if (copies[i] < 0) close(i);
        else if (dup2(copies[i], i) < 0) return errno;
    }
    fcntl(REPORT, F_SETFD, FD_CLOEXEC);
    close_from(REPORT + 1);
    return 0;
}

static void restore_signals(void) {
    sigset_t none;
    sigemptyset(&none);
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/// The child between fork and exec: no call that needs a lock.
static void become(const struct cposix_command *command, char **words, pid_t parent, int report) {
    setpgid(0, 0);
#if defined(__linux__)
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
#else
    (void)parent;
#endif
    int status = place_descriptors(command->descriptors, report);
    if (status) {
        (void)!write(report, &status, sizeof status);
        _exit(127);
    }
    restore_signals();
    if (!chdir(command->folder)) execv(words[0], words + 1);
    status = errno;
    (void)!write(REPORT, &status, sizeof status);
    _exit(127);
}

static char **split(const struct cposix_command *command) {
    char **words = calloc((size_t)command->word_count + 1, sizeof *words);
    const char *next = command->words;
    for (int i = 0; words && i < command->word_count; i++, next += strlen(next) + 1) words[i] = (char *)next;
    return words;
}

struct cposix_ending cposix_make_ending(int status, const struct rusage *usage) {
    struct cposix_ending ending = {0};
    ending.status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    ending.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    ending.cpu_seconds = (double)usage->ru_utime.tv_sec + (double)usage->ru_stime.tv_sec +
                         1e-6 * (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec);
#if defined(__APPLE__)
    ending.peak_memory = usage->ru_maxrss;
#else
    ending.peak_memory = (int64_t)usage->ru_maxrss * 1024;
#endif
    return ending;
}

/// What a child needs to become a program.
struct start {
    const struct cposix_command *command;
    char **words;
    int report;
    /// The process that starts it.
    pid_t parent;
};

static void become_program(void *context) {
    const struct start *start = context;
    become(start->command, start->words, start->parent, start->report);
}

#if defined(__linux__)
static ssize_t receive(int link, struct guard_report *report) {
    ssize_t count;
    while ((count = recv(link, report, sizeof *report, MSG_WAITALL)) < 0 && errno == EINTR) {}
    return count;
}

/// Forks a guard, which starts the program.
static int launch(struct start *start, struct cposix_child *child) {
    int link[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, link)) return errno;
    child->guard = fork();
    if (child->guard == 0) {
        close(link[0]);
        start->parent = getpid();
        cposix_guard(link[1], become_program, start);
    }
    const int error = child->guard < 0 ? errno : 0;
    close(link[1]);
    child->link = link[0];
    if (error) close(link[0]);
    else setpgid(child->guard, child->guard);
    return error;
}

/// The guard's first message.
static int await_start(struct cposix_child *child) {
    struct guard_report report = {0};
    const ssize_t count = receive(child->link, &report);
    child->program = report.program;
    if (count == (ssize_t)sizeof report && !report.error) return 0;
    const int error = count == (ssize_t)sizeof report ? report.error : EAGAIN;
    cposix_release_child(child);
    return error;
}
#else
static int launch(struct start *start, struct cposix_child *child) {
    child->guard = 0;
    child->link = -1;
    child->program = fork();
    if (child->program == 0) become_program(start);
    if (child->program > 0) setpgid(child->program, child->program);
    return child->program < 0 ? errno : 0;
}

static int await_start(struct cposix_child *child) {
    (void)child;
    return 0;
}
#endif

int cposix_start_child(const struct cposix_command *command, struct cposix_child *child) {
    char **words = split(command);
    if (!words) return ENOMEM;
    int report[2];
    int status = cposix_pipe(report);
    if (status) {
        free(words);
        return status;
    }
    // No handler of ours may run in the child, and none has to: all signals are held until it has its own.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    struct start start = {command, words, report[1], getpid()};
    status = launch(&start, child);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    free(words);
    if (!status) status = await_start(child);
    // The pipe stays empty if the program runs.
    int failure = 0;
    ssize_t count = 0;
    while (!status && (count = read(report[0], &failure, sizeof failure)) < 0 && errno == EINTR) {}
    close(report[0]);
    if (!status && count == (ssize_t)sizeof failure) {
        struct cposix_ending ending;
        cposix_wait_for_child(child, &ending);
        cposix_release_child(child);
        status = failure;
    }
    return status;
}

#if defined(__linux__)
int cposix_wait_for_child(const struct cposix_child *child, struct cposix_ending *ending) {
    struct guard_report report = {0};
    // A guard that was killed has taken its program along.
    const int is_told = receive(child->link, &report) == (ssize_t)sizeof report && report.kind == GUARD_ENDED;
    *ending = is_told ? report.ending : (struct cposix_ending){.signal = SIGKILL};
    return 0;
}

void cposix_signal_child(const struct cposix_child *child, int number) {
    const unsigned char word = (unsigned char)number;
    (void)!send(child->link, &word, 1, MSG_NOSIGNAL);
}

void cposix_release_child(const struct cposix_child *child) {
    cposix_signal_child(child, GUARD_LEAVE);
    while (waitpid(child->guard, NULL, 0) < 0 && errno == EINTR) {}
    close(child->link);
}
#else
int cposix_wait_for_child(const struct cposix_child *child, struct cposix_ending *ending) {
    int status = 0;
    struct rusage usage;
    while (wait4(child->program, &status, 0, &usage) < 0)
        if (errno != EINTR) return errno;
    *ending = cposix_make_ending(status, &usage);
    return 0;
}

void cposix_signal_child(const struct cposix_child *child, int number) {
    if (child->program > 1) kill(-child->program, number);
}

void cposix_release_child(const struct cposix_child *child) {
    (void)child;
}
#endif

int cposix_wait_any_readable(const int *descriptors, int count, int milliseconds) {
    struct pollfd requests[16];
    if (count > 16) count = 16;
    for (int i = 0; i < count; i++) requests[i] = (struct pollfd){.fd = descriptors[i], .events = POLLIN};
    int ready = 0;
    while ((ready = poll(requests, (nfds_t)count, milliseconds)) < 0 && errno == EINTR) {}
    int mask = 0;
    for (int i = 0; ready > 0 && i < count; i++)
        if (descriptors[i] >= 0 && requests[i].revents) mask |= 1 << i;
    return mask;
}

int cposix_pipe(int ends[2]) {
#if defined(__linux__)
    return pipe2(ends, O_CLOEXEC) ? errno : 0;
#else
    if (pipe(ends)) return errno;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return 0;
#endif
}

void cposix_leave_no_core(void) {
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
}

void cposix_forbid_backtraces(void) {
    setenv("SWIFT_BACKTRACE", "enable=no", 1);
}
