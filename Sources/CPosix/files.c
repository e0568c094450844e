#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "CPosix.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

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

int cposix_exchange(const char *from, const char *to) {
#if defined(__APPLE__)
    return renamex_np(from, to, RENAME_SWAP) ? errno : 0;
#else
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_EXCHANGE) ? errno : 0;
#endif
}

int cposix_sync(int descriptor) {
    while (fsync(descriptor)) {
        if (errno == EINVAL || errno == EROFS || errno == ENOTSUP) return 0;
        if (errno != EINTR) return errno;
    }
    return 0;
}

int cposix_truncate(int descriptor, int64_t length) {
    while (ftruncate(descriptor, length))
        if (errno != EINTR) return errno;
    return 0;
}

int cposix_insert_range(int descriptor, int64_t offset, int64_t length) {
#ifdef FALLOC_FL_INSERT_RANGE
    return fallocate(descriptor, FALLOC_FL_INSERT_RANGE, offset, length) ? errno : 0;
#else
    (void)descriptor, (void)offset, (void)length;
    return ENOTSUP;
#endif
}

int cposix_sync_directory(const char *path) {
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return errno;
    int status = cposix_sync(descriptor);
    close(descriptor);
    return status;
}

char *cposix_resolve(const char *path) {
    return realpath(path, NULL);
}

bool cposix_exists(const char *path) {
    struct stat found;
    return !lstat(path, &found);
}

int cposix_copy_permissions(const char *path, int descriptor) {
    struct stat found;
    if (stat(path, &found)) return errno;
    return fchmod(descriptor, found.st_mode & 07777) ? errno : 0;
}

int cposix_make_folder(const char *_Nonnull path) {
    if (!mkdir(path, 0777)) return 0;
    const int error = errno;
    struct stat status;
    return error == EEXIST && !stat(path, &status) && S_ISDIR(status.st_mode) ? 0 : error;
}

int cposix_lock(int descriptor) {
    while (flock(descriptor, LOCK_EX | LOCK_NB))
        if (errno != EINTR) return errno;
    return 0;
}

int64_t cposix_modification_time(const char *path) {
    struct stat found;
    if (stat(path, &found)) return -1;
#if defined(__APPLE__)
    return (int64_t)found.st_mtimespec.tv_sec * 1000000000 + found.st_mtimespec.tv_nsec;
#else
    return (int64_t)found.st_mtim.tv_sec * 1000000000 + found.st_mtim.tv_nsec;
#endif
}

bool cposix_is_executable(const char *path) {
    struct stat found;
    return !stat(path, &found) && S_ISREG(found.st_mode) && !access(path, X_OK);
}
