// Makes one call of the C library, or of a codec library, fail: to be loaded with LD_PRELOAD.
//
//   FAULT_CALL   its name; FAULT_AT the first call that fails, counted from 1; FAULT_COUNT how many fail (default: all others)
//   FAULT_ERRNO  what it fails with
//   FAULT_PATH   only calls on files whose name has this in it, or on pipes by "pipe:"
//   FAULT_DESCRIPTOR  only calls on this descriptor
//   FAULT_BYTES  only allocations of so many bytes or more
//   FAULT_NOTE   a file that gets a byte for each call that has failed
//   FAULT_NAMED  files without names cannot be made, as on NFS: only those with names are known by FAULT_PATH
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long calls;

// The note: opened when the program is loaded, since a thread that confines itself opens no files afterwards.
static int note = -1;

__attribute__((constructor)) static void open_note(void) {
    const char *path = getenv("FAULT_NOTE");
    int file = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666) : -1;
    if (file < 0) return;
    // Out of the way: the program's own descriptors have the numbers that they would have without this.
    note = (int)syscall(SYS_fcntl, file, F_DUPFD_CLOEXEC, 900);
    syscall(SYS_close, file);
}

static long number(const char *name, long otherwise) {
    const char *text = getenv(name);
    return text ? atol(text) : otherwise;
}

static int concerns(const char *call) {
    const char *wanted = getenv("FAULT_CALL");
    return wanted && !strcmp(wanted, call);
}

// The call is one of those that fail.
static int fails(void) {
    long call = ++calls, first = number("FAULT_AT", 1);
    if (call < first || call >= first + number("FAULT_COUNT", 1000000000)) return 0;
    if (note >= 0) syscall(SYS_write, note, "!", 1);
    errno = (int)number("FAULT_ERRNO", EIO);
    return 1;
}

static int is_meant(const char *path) {
    const char *part = getenv("FAULT_PATH");
    return !part || strstr(path, part);
}

static int hits(const char *call, int descriptor) {
    if (!concerns(call) || descriptor != number("FAULT_DESCRIPTOR", descriptor)) return 0;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length < 0 ? 0 : length] = 0;
    return is_meant(path) && fails();
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int descriptor, const void *bytes, size_t count) {
    return hits("write", descriptor) ? -1 : NEXT(write)(descriptor, bytes, count);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    return hits("pwrite", descriptor) ? -1 : NEXT(pwrite)(descriptor, bytes, count, offset);
}

ssize_t read(int descriptor, void *bytes, size_t count) {
    return hits("read", descriptor) ? -1 : NEXT(read)(descriptor, bytes, count);
}

ssize_t pread(int descriptor, void *bytes, size_t count, off_t offset) {
    return hits("pread", descriptor) ? -1 : NEXT(pread)(descriptor, bytes, count, offset);
}

int fsync(int descriptor) {
    return hits("fsync", descriptor) ? -1 : NEXT(fsync)(descriptor);
}

// Closed it is in any case, as Linux has it.
int close(int descriptor) {
    int hit = hits("close", descriptor), saved = errno, result = NEXT(close)(descriptor);
    if (!hit) return result;
    errno = saved;
    return -1;
}

int rename(const char *from, const char *to) {
    return concerns("rename") && is_meant(from) && fails() ? -1 : NEXT(rename)(from, to);
}

int renameat2(int folder, const char *from, int other, const char *to, unsigned flags) {
    return concerns("rename") && is_meant(from) && fails() ? -1 : NEXT(renameat2)(folder, from, other, to, flags);
}

int linkat(int folder, const char *from, int other, const char *to, int flags) {
    return concerns("linkat") && is_meant(to) && fails() ? -1 : NEXT(linkat)(folder, from, other, to, flags);
}

int renameat(int folder, const char *from, int other, const char *to) {
    return concerns("rename") && is_meant(from) && fails() ? -1 : NEXT(renameat)(folder, from, other, to);
}

int openat(int folder, const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    if ((flags & O_TMPFILE) == O_TMPFILE && getenv("FAULT_NAMED")) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return NEXT(openat)(folder, path, flags, mode);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument) {
    return concerns("pthread_create") && fails() ? EAGAIN : NEXT(pthread_create)(thread, attributes, body, argument);
}

// Only requests of the program itself, not of libraries. The Swift runtime may be a part of the program, and ends it without
// memory; only planes have this alignment.
static int is_from_program(void *caller) {
    Dl_info found;
    return dladdr(caller, &found) && found.dli_fname && strstr(found.dli_fname, "sluice");
}

int posix_memalign(void **bytes, size_t alignment, size_t count) {
    if (concerns("posix_memalign") && count >= (size_t)number("FAULT_BYTES", 0) &&
        alignment == (size_t)number("FAULT_ALIGNMENT", (long)alignment) && is_from_program(__builtin_return_address(0)) && fails())
        return ENOMEM;
    return NEXT(posix_memalign)(bytes, alignment, count);
}

// Opening an encoder or a decoder. Their arguments are all words or pointers, which are not examined here.
typedef void *(*opens)(void *, void *, void *, void *, void *, void *, void *);
#define OPENING(name, failure)                                                           \
    void *name(void *a, void *b, void *c, void *d, void *e, void *f, void *g) {          \
        if (concerns(#name) && fails()) return (void *)(failure);                        \
        return ((opens)dlsym(RTLD_NEXT, #name))(a, b, c, d, e, f, g);                    \
    }
OPENING(x264_encoder_open_164, 0L)
OPENING(vpx_codec_enc_init_ver, 1L)
OPENING(aom_codec_enc_init_ver, 1L)
OPENING(avcodec_open2, -12L)
OPENING(avformat_alloc_output_context2, -12L)
OPENING(avformat_write_header, -12L)
OPENING(avformat_open_input, -12L)
OPENING(avio_alloc_context, 0L)
OPENING(av_packet_alloc, 0L)
OPENING(av_frame_alloc, 0L)
