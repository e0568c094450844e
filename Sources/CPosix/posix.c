#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "CPosix.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void cposix_name_current_thread(const char *name) {
#if defined(__APPLE__)
    pthread_setname_np(name);
#else
    char shortened[16];
    strncpy(shortened, name, sizeof shortened - 1);
    shortened[sizeof shortened - 1] = 0;
    pthread_setname_np(pthread_self(), shortened);
#endif
}

struct start {
    void (*body)(void *);
    void *context;
};

static void *run(void *argument) {
    struct start start = *(struct start *)argument;
    free(argument);
    start.body(start.context);
    return NULL;
}

int cposix_start_thread(void (*body)(void *), void *context, uintptr_t *handle) {
    struct start *start = malloc(sizeof *start);
    if (!start) return ENOMEM;
    *start = (struct start){body, context};
    pthread_t thread;
    int status = pthread_create(&thread, NULL, run, start);
    if (status) free(start);
    else *handle = (uintptr_t)thread;
    return status;
}

void cposix_join_thread(uintptr_t handle) {
    pthread_join((pthread_t)handle, NULL);
}

void cposix_detach_thread(uintptr_t handle) {
    pthread_detach((pthread_t)handle);
}

bool cposix_is_current_thread(uintptr_t handle) {
    return pthread_equal((pthread_t)handle, pthread_self());
}

int cposix_condition_init(pthread_cond_t *condition) {
#if defined(__APPLE__)
    return pthread_cond_init(condition, NULL);
#else
    pthread_condattr_t attributes;
    int status = pthread_condattr_init(&attributes);
    if (status) return status;
    status = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    if (!status) status = pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
    return status;
#endif
}

int cposix_condition_wait(pthread_cond_t *condition, pthread_mutex_t *mutex, int64_t nanoseconds) {
    if (nanoseconds < 0) nanoseconds = 0;
#if defined(__APPLE__)
    struct timespec wait = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    return pthread_cond_timedwait_relative_np(condition, mutex, &wait);
#else
    struct timespec deadline;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += nanoseconds / 1000000000;
    deadline.tv_nsec += nanoseconds % 1000000000;
    if (deadline.tv_nsec >= 1000000000) {
        deadline.tv_sec += 1;
        deadline.tv_nsec -= 1000000000;
    }
    return pthread_cond_timedwait(condition, mutex, &deadline);
#endif
}

int cposix_enlarge_pipe(int descriptor, int bytes) {
#if defined(F_SETPIPE_SZ)
    return fcntl(descriptor, F_SETPIPE_SZ, bytes);
#else
    (void)descriptor;
    (void)bytes;
    return -1;
#endif
}

static void describe(const struct stat *found, struct cposix_status *status) {
    status->kind = S_ISREG(found->st_mode)    ? CPOSIX_REGULAR
                   : S_ISFIFO(found->st_mode) ? CPOSIX_FIFO
                   : S_ISDIR(found->st_mode)  ? CPOSIX_DIRECTORY
                                              : CPOSIX_OTHER;
    status->size = found->st_size;
    status->device = (uint64_t)found->st_dev;
    status->inode = (uint64_t)found->st_ino;
}

int cposix_status_of_descriptor(int descriptor, struct cposix_status *status) {
    struct stat found;
    if (fstat(descriptor, &found)) return errno;
    describe(&found, status);
    return 0;
}

int cposix_status_of_path(const char *path, struct cposix_status *status) {
    struct stat found;
    if (stat(path, &found)) return errno;
    describe(&found, status);
    return 0;
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

int cposix_map(int descriptor, int64_t offset, size_t length, struct cposix_mapping *mapping) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t before = (size_t)offset % page;
#if defined(MAP_POPULATE)
    int flags = MAP_SHARED | MAP_POPULATE;
#else
    int flags = MAP_SHARED;
#endif
    void *base = mmap(NULL, length + before, PROT_READ, flags, descriptor, offset - (int64_t)before);
    if (base == MAP_FAILED) return errno;
    *mapping = (struct cposix_mapping){(char *)base + before, base, length + before};
    return 0;
}

void cposix_unmap(void *base, size_t mapped) {
    munmap(base, mapped);
}

// A signal handler has nothing but statics to tell of what it did.
static atomic_bool lost_mapped_bytes;

static void replace_lost_page(int number, siginfo_t *information, void *context) {
    (void)context;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *start = (char *)((uintptr_t)information->si_addr & ~(uintptr_t)(page - 1));
    if (information->si_code == BUS_ADRERR &&
        mmap(start, page, PROT_READ, MAP_PRIVATE | MAP_ANON | MAP_FIXED, -1, 0) != MAP_FAILED) {
        atomic_store(&lost_mapped_bytes, true);
        return;
    }
    // Not a page of a file: the instruction runs again, and this time the signal ends the process.
    signal(number, SIG_DFL);
}

void cposix_guard_mappings(void) {
    struct sigaction action = {.sa_sigaction = replace_lost_page, .sa_flags = SA_SIGINFO};
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, NULL);
}

bool cposix_lost_mapped_bytes(void) {
    return atomic_load(&lost_mapped_bytes);
}

int cposix_rename_exclusively(const char *from, const char *to) {
#if defined(__APPLE__)
    if (!renamex_np(from, to, RENAME_EXCL)) return 0;
#else
    if (!renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE)) return 0;
#endif
    if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) return errno;
    // A file system without exclusive renames: a hard link refuses an existing name as well.
    if (link(from, to)) return errno;
    return unlink(from) ? errno : 0;
}

int cposix_rename(const char *from, const char *to) {
    return rename(from, to) ? errno : 0;
}

int cposix_sync(int descriptor) {
    while (fsync(descriptor)) {
        if (errno == EINVAL || errno == EROFS || errno == ENOTSUP) return 0;
        if (errno != EINTR) return errno;
    }
    return 0;
}

int cposix_sync_directory(const char *path) {
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return errno;
    int status = cposix_sync(descriptor);
    close(descriptor);
    return status;
}

static void held_signals(sigset_t *set) {
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGUSR1);
}

void cposix_hold_signals(void) {
    sigset_t set;
    held_signals(&set);
    // A signal that the parent has told us to ignore (nohup) stays ignored: blocking keeps it from sigwait.
    struct sigaction found;
    const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (int i = 0; i < 3; i++)
        if (!sigaction(signals[i], NULL, &found) && found.sa_handler == SIG_IGN) sigdelset(&set, signals[i]);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
}

int cposix_wait_for_signal(void) {
    sigset_t set;
    held_signals(&set);
    int received = 0;
    while (sigwait(&set, &received)) {}
    return received;
}

void cposix_wake_signal_wait(void) {
    kill(getpid(), SIGUSR1);
}

int cposix_wake_signal(void) {
    return SIGUSR1;
}

void cposix_release_signals(void) {
    sigset_t set;
    held_signals(&set);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

void cposix_die_by_signal(int number) {
    signal(number, SIG_DFL);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    raise(number);
    _exit(128 + number);
}

double cposix_cpu_seconds(void) {
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage)) return 0;
    return (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

int64_t cposix_peak_memory(void) {
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage)) return 0;
#if defined(__APPLE__)
    return usage.ru_maxrss;
#else
    return (int64_t)usage.ru_maxrss * 1024;
#endif
}

int cposix_terminal_columns(int descriptor) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size)) return 0;
    return size.ws_col;
}

bool cposix_is_terminal(int descriptor) {
    return isatty(descriptor);
}

void cposix_fill_standard_descriptors(void) {
    int descriptor;
    do descriptor = open("/dev/null", O_RDWR);
    while (descriptor >= 0 && descriptor <= 2);
    if (descriptor > 2) close(descriptor);
}
