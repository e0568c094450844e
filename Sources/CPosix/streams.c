#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "CPosix.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Which descriptors are the standard streams is a fact of the process, as its table of descriptors is.
static _Atomic int output = 1, errors = 2;
static _Atomic int errors_reader = -1;
static struct sigaction old_actions[NSIG];

// The last two blocks that were read of the errors, each ended by a zero: a fault can come before they are logged.
static char recent[2][4097];
static _Atomic int newest;

// Sanitizers write to descriptor 2 by default.
__attribute__((weak)) void __sanitizer_set_report_fd(void *descriptor);

int cposix_standard_output(void) {
    return output;
}

int cposix_standard_error(void) {
    return errors;
}

ssize_t cposix_read_library_errors(int reader, const char **bytes) {
    const int older = !newest;
    // The kernel fills the block within the call, so that no moment is left in which the bytes are nowhere.
    memset(recent[older], 0, sizeof recent[older]);
    const ssize_t count = read(reader, recent[older], sizeof recent[older] - 1);
    *bytes = recent[older];
    if (count > 0) newest = older;
    return count;
}

/// Returns whether it was written. A reader that has stopped does not keep a dying process.
static bool show(const char *bytes, size_t count) {
    struct pollfd descriptor = {.fd = errors, .events = POLLOUT};
    return count == 0 || (poll(&descriptor, 1, 500) > 0 && write(errors, bytes, count) >= 0);
}

/// If a fault ends the process, the last messages are copied to standard error here: those in the pipe, which has no other reader any
/// more, and those that were read and perhaps not logged, which can be shown twice for that.
static void show_last_words(int number) {
    const int reader = atomic_exchange(&errors_reader, -1);
    char bytes[4096];
    // The pipe is read without waiting, and as far as it was filled. The blocks come after the first read, since what is then not in the
    // pipe any more is in them.
    for (int i = 0; reader >= 0 && i < 64; i++) {
        const ssize_t count = read(reader, bytes, sizeof bytes);
        for (int block = 0; i == 0 && block < 2; block++) {
            const char *const read_before = recent[block ? newest : !newest];
            show(read_before, strnlen(read_before, sizeof recent[0]));
        }
        if (count <= 0 || !show(bytes, (size_t)count)) break;
    }
    dup2(errors, 2);
    sigaction(number, &old_actions[number], NULL);
    // A fault happens again when this returns, and abort() does not raise its signal twice for a handler.
    if (number == SIGABRT) raise(number);
}

static void keep_last_words(int reader) {
    errors_reader = reader;
    const int signals[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGFPE};
    struct sigaction action = {.sa_handler = show_last_words, .sa_flags = SA_ONSTACK | SA_NODEFER};
    sigemptyset(&action.sa_mask);
    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) sigaction(signals[i], &action, &old_actions[signals[i]]);
}

static void forget_last_words(void) {
    if (atomic_exchange(&errors_reader, -1) < 0) return;
    const int signals[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGFPE};
    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) sigaction(signals[i], &old_actions[signals[i]], NULL);
}

/// Puts a new pipe in a descriptor's place. Returns the descriptor's new number, or -1.
static int move(int descriptor, int *reader) {
    int ends[2];
    if (cposix_pipe(ends)) return -1;
    const int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    if (moved < 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) || dup2(ends[1], descriptor) < 0) {
        if (moved >= 0) close(moved);
        close(ends[0]);
        close(ends[1]);
        return -1;
    }
    close(ends[1]);
    *reader = ends[0];
    return moved;
}

int cposix_move_standard_streams(int readers[2]) {
    if (output != 1 || errors != 2) return EBUSY;
    const int moved = move(1, &readers[0]);
    if (moved < 0) return errno;
    const int second = move(2, &readers[1]);
    if (second < 0) {
        const int status = errno;
        dup2(moved, 1);
        close(moved);
        close(readers[0]);
        return status;
    }
    output = moved;
    errors = second;
    // Output in stdio's buffers would be written when the process ends, after everything else.
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    if (__sanitizer_set_report_fd) __sanitizer_set_report_fd((void *)(intptr_t)second);
    keep_last_words(readers[1]);
    return 0;
}

int cposix_moved_stream(const char *path) {
    struct stat found, pipe;
    if (output == 1 || stat(path, &found) || !S_ISFIFO(found.st_mode)) return -1;
    for (int descriptor = 1; descriptor <= 2; descriptor++)
        if (!fstat(descriptor, &pipe) && pipe.st_dev == found.st_dev && pipe.st_ino == found.st_ino)
            return descriptor == 1 ? output : errors;
    return -1;
}

void cposix_end_library_output(void) {
    fflush(NULL);
    forget_last_words();
    dup2(errors, 2);
    const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nothing < 0) return;
    dup2(nothing, 1);
    close(nothing);
}
