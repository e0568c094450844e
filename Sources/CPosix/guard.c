#if defined(__linux__)
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// A guard is the parent of one program. It is in its own process group, with all signals blocked, so that only SIGKILL ends it.
// It adopts the processes that its program leaves (as a "subreaper"), in any process group or session. When the batch ends for
// any reason, the link between them is closed, and the guard kills everything below it.
//
// Only the guard reaps its children, and it kills only its own children, so that a process number cannot have been reused. It
// is forked from a process with threads: no call here needs a lock or memory.

struct guard {
    int link;
    /// 0 once it has been reaped.
    pid_t program;
    /// Everything below is to end.
    int is_killing;
};

static void send_report(int link, const struct guard_report *report) {
    (void)!send(link, report, sizeof *report, MSG_NOSIGNAL);
}

/// Reads the numbers of this process's children into `text`; false where the system does not list them.
static int list_children(char *text, size_t size) {
    int file = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    size_t length = 0;
    ssize_t count = 0;
    while (length < size - 1 && (count = read(file, text + length, size - 1 - length)) > 0) length += (size_t)count;
    close(file);
    // A number that the end of the buffer has cut is another process's.
    while (length == size - 1 && length > 0 && text[length - 1] != ' ') length--;
    text[length] = 0;
    return 1;
}

/// Sends a signal to the program and its group, and to children that have left that group.
static void signal_children(const struct guard *guard, int number) {
    if (guard->program > 0) kill(-guard->program, number);
    char text[8192];
    if (!list_children(text, sizeof text)) return;
    for (char *next = text, *end; *next; next = end) {
        const pid_t child = (pid_t)strtol(next, &end, 10);
        if (end == next) return;
        const int is_in_group = guard->program > 0 && getpgid(child) == guard->program;
        if (child > 1 && !is_in_group) kill(child, number);
    }
}

/// Reaps ended children. Returns false without remaining children.
static int reap(struct guard *guard) {
    struct rusage usage;
    int status = 0;
    pid_t child;
    while ((child = wait4(-1, &status, WNOHANG, &usage)) > 0) {
        if (child != guard->program) continue;
        guard->program = 0;
        struct guard_report report = {.kind = GUARD_ENDED, .ending = cposix_make_ending(status, &usage)};
        send_report(guard->link, &report);
    }
    return child == 0 || errno == EINTR;
}

/// Executes the batch's request. Returns false when the batch does not need the guard any more.
static int obey(struct guard *guard) {
    unsigned char words[64];
    const ssize_t count = recv(guard->link, words, sizeof words, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return 1;
    if (count <= 0) {
        guard->is_killing = 1;
        close(guard->link);
        guard->link = -1;
        signal_children(guard, SIGKILL);
    }
    for (ssize_t i = 0; i < count; i++) {
        if (words[i] == GUARD_LEAVE && !guard->is_killing) return 0;
        if (words[i] == GUARD_LEAVE) continue;
        if (words[i] == SIGKILL) guard->is_killing = 1;
        signal_children(guard, words[i]);
    }
    return 1;
}

static void close_others(int first, int second) {
    const int low = first < second ? first : second, high = first < second ? second : first;
    if (low > 0) syscall(SYS_close_range, 0, low - 1, 0);
    if (high > low + 1) syscall(SYS_close_range, low + 1, high - 1, 0);
    syscall(SYS_close_range, high + 1, ~0U, 0);
}

static void watch(struct guard *guard, int signals) {
    for (;;) {
        struct pollfd two[2] = {{.fd = guard->link, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
        // A child that was adopted while the others were listed is found the next time.
        if (poll(two, 2, guard->is_killing ? 20 : -1) < 0 && errno != EINTR) _exit(1);
        struct signalfd_siginfo information;
        if (two[1].revents) (void)!read(signals, &information, sizeof information);
        const int has_children = reap(guard);
        if (guard->is_killing && has_children) signal_children(guard, SIGKILL);
        if (guard->is_killing && !has_children) _exit(0);
        if (two[0].revents && !obey(guard)) _exit(0);
    }
}

void cposix_guard(int link, void (*become)(void *), void *context) {
    setpgid(0, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_SET_NAME, "sluice-guard");
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    const int signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    struct guard guard = {.link = link};
    struct guard_report report = {.kind = GUARD_STARTED, .error = signals < 0 ? errno : 0};
    // Not fork(): what it does about the locks of other threads is not for the child of a process that had some.
    if (!report.error) guard.program = (pid_t)syscall(SYS_clone, (long)SIGCHLD, 0L, 0L, 0L, 0L);
    if (guard.program == 0 && !report.error) become(context);
    if (guard.program < 0) report.error = errno;
    if (guard.program > 0) setpgid(guard.program, guard.program);
    report.program = guard.program;
    send_report(link, &report);
    if (report.error) _exit(1);
    close_others(link, signals);
    watch(&guard, signals);
    _exit(0);
}
#endif
