#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "CPosix.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

int cposix_enlarge_pipe(int descriptor, int bytes) {
#if defined(F_SETPIPE_SZ)
    return fcntl(descriptor, F_SETPIPE_SZ, bytes);
#else
    (void)descriptor;
    (void)bytes;
    return -1;
#endif
}

static int wait_for(struct pollfd *two, int milliseconds) {
    for (;;) {
        int ready = poll(two, 2, milliseconds);
        if (ready >= 0) return (two[0].revents ? 1 : 0) | (two[1].revents ? 2 : 0);
        if (errno != EINTR) return -errno;
    }
}

int cposix_wait_readable(int first, int second, int milliseconds) {
    struct pollfd two[2] = {{first, POLLIN, 0}, {second, POLLIN, 0}};
    return wait_for(two, milliseconds);
}

int cposix_wait_writable(int writable, int readable, int milliseconds) {
    struct pollfd two[2] = {{writable, POLLOUT, 0}, {readable, POLLIN, 0}};
    return wait_for(two, milliseconds);
}

bool cposix_has_reader(int descriptor) {
    struct pollfd one = {descriptor, POLLOUT, 0};
    while (poll(&one, 1, 0) < 0)
        if (errno != EINTR) return true;
    return !(one.revents & (POLLERR | POLLHUP));
}

int cposix_terminal_columns(int descriptor) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size)) return 0;
    return size.ws_col;
}

bool cposix_is_open(int descriptor) {
    return fcntl(descriptor, F_GETFD) >= 0;
}

bool cposix_is_writable(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

bool cposix_is_terminal(int descriptor) {
    return isatty(descriptor);
}

void cposix_fill_standard_descriptors(void) {
    // The wrong way round, so that reading from or writing to what was closed is an error (EBADF).
    const int modes[] = {O_WRONLY, O_RDONLY, O_RDONLY};
    for (int descriptor = 0; descriptor <= 2; descriptor++)
        if (fcntl(descriptor, F_GETFD) < 0 && open("/dev/null", modes[descriptor]) < 0) return;
}
