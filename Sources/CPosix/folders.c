#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "CPosix.h"
#include "passing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/xattr.h>
#endif

static bool has_default_acl(int folder) {
#if defined(__linux__)
    return fgetxattr(folder, "system.posix_acl_default", NULL, 0) > 0;
#else
    (void)folder;
    return false;
#endif
}

static mode_t first_mode(int folder, bool as_folder_says) {
    return as_folder_says && has_default_acl(folder) ? 0666 : 0600;
}

bool cposix_path_of_descriptor(int descriptor, char path[32]) {
#if defined(__linux__)
    snprintf(path, 32, "/proc/self/fd/%d", descriptor);
    struct stat here, there;
    return !fstat(descriptor, &here) && !stat(path, &there) && here.st_dev == there.st_dev && here.st_ino == there.st_ino;
#else
    (void)descriptor;
    (void)path;
    return false;
#endif
}

int cposix_open_unnamed(int folder, bool as_folder_says) {
#if defined(O_TMPFILE)
    const int descriptor = openat(folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, first_mode(folder, as_folder_says));
    char path[32];
    // Kernels and file systems without such files answer in different ways.
    if (descriptor < 0) return errno == EISDIR || errno == EINVAL || errno == ENOENT ? -EOPNOTSUPP : -errno;
    if (cposix_path_of_descriptor(descriptor, path)) return descriptor;
    close(descriptor);
#else
    (void)folder;
    (void)as_folder_says;
#endif
    return -EOPNOTSUPP;
}

int cposix_create_at(int folder, const char *name, bool as_folder_says) {
    const int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    const int descriptor = openat(folder, name, flags, first_mode(folder, as_folder_says));
    return descriptor < 0 ? -errno : descriptor;
}

int cposix_open_at(int folder, const char *name, bool writes) {
    const int descriptor = openat(folder, name, (writes ? O_RDWR : O_RDONLY) | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

int cposix_link_unnamed(int descriptor, int folder, const char *name) {
    char path[32];
    if (!cposix_path_of_descriptor(descriptor, path)) return EOPNOTSUPP;
    return linkat(AT_FDCWD, path, folder, name, AT_SYMLINK_FOLLOW) ? errno : 0;
}

/// The umask, without changing it for a moment where that can be avoided: other threads may create files.
static mode_t creation_mask(void) {
    unsigned mask = 077;
    FILE *status = fopen("/proc/self/status", "re");
    bool found = false;
    char line[256];
    while (status && !found && fgets(line, sizeof line, status)) found = sscanf(line, "Umask: %o", &mask) == 1;
    if (status) fclose(status);
    if (found) return mask & 0777;
    const mode_t now = umask(077);
    umask(now);
    return now & 0777;
}

/// What the permissions of a file that is replaced allow its successor.
static mode_t inherited(int descriptor, const struct stat *old) {
    struct stat mine;
    const mode_t mask = creation_mask();
    if (fstat(descriptor, &mine)) return 0600;
    if (old->st_uid != mine.st_uid) return old->st_mode & 0666 & ~mask;
    const bool keeps_group = old->st_gid == mine.st_gid || !fchown(descriptor, (uid_t)-1, old->st_gid);
    return old->st_mode & 0777 & ~(keeps_group ? 0 : mask);
}

int cposix_settle_permissions(int descriptor, int folder, const char *replaced) {
    struct stat old;
    const bool replaces = replaced && !fstatat(folder, replaced, &old, AT_SYMLINK_NOFOLLOW) && S_ISREG(old.st_mode);
    if (!replaces && has_default_acl(folder)) return 0;
    return fchmod(descriptor, replaces ? inherited(descriptor, &old) : 0666 & ~creation_mask()) ? errno : 0;
}

int cposix_set_modification_time(int descriptor, int64_t nanoseconds) {
    // Before 1970, the seconds are rounded down.
    int64_t seconds = nanoseconds / 1000000000, rest = nanoseconds % 1000000000;
    if (rest < 0) seconds--, rest += 1000000000;
    const struct timespec times[2] = {
        {.tv_nsec = UTIME_OMIT},
        {.tv_sec = (time_t)seconds, .tv_nsec = (long)rest},
    };
    return futimens(descriptor, times) ? errno : 0;
}

int cposix_rename_exclusively_at(int folder, const char *from, const char *to) {
#if defined(__APPLE__)
    if (!renameatx_np(folder, from, folder, to, RENAME_EXCL)) return 0;
#else
    if (!renameat2(folder, from, folder, to, RENAME_NOREPLACE)) return 0;
#endif
    if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) return errno;
    // A file system without exclusive renames: a hard link refuses an existing name as well.
    if (linkat(folder, from, folder, to, 0)) return errno;
    return unlinkat(folder, from, 0) ? errno : 0;
}

int cposix_rename_at(int folder, const char *from, const char *to) {
    return renameat(folder, from, folder, to) ? errno : 0;
}

int cposix_exchange_at(int folder, const char *from, const char *to) {
#if defined(__APPLE__)
    return renameatx_np(folder, from, folder, to, RENAME_SWAP) ? errno : 0;
#else
    return renameat2(folder, from, folder, to, RENAME_EXCHANGE) ? errno : 0;
#endif
}

int cposix_unlink_at(int folder, const char *name) {
    return unlinkat(folder, name, 0) ? errno : 0;
}

int cposix_make_folder_at(int folder, const char *name) {
    if (!mkdirat(folder, name, 0777) || errno == EEXIST) return 0;
    return errno;
}

int cposix_open_folder_at(int folder, const char *name) {
    int descriptor = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0 && errno == EACCES) descriptor = openat(folder, name, PASSING);
    return descriptor < 0 ? -errno : descriptor;
}

static char *append(char *list, int64_t *length, const char *name) {
    const size_t count = strlen(name) + 1;
    char *longer = realloc(list, (size_t)*length + count);
    if (!longer) {
        free(list);
        return NULL;
    }
    memcpy(longer + *length, name, count);
    *length += (int64_t)count;
    return longer;
}

char *cposix_list_folder(int folder, int64_t *length) {
    *length = 0;
    const int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *open = copy < 0 ? NULL : fdopendir(copy);
    if (!open) {
        *length = -errno;
        if (copy >= 0) close(copy);
        return NULL;
    }
    char *list = malloc(1);
    for (struct dirent *entry; list && (entry = readdir(open));)
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..")) list = append(list, length, entry->d_name);
    closedir(open);
    if (!list) *length = -ENOMEM;
    return list;
}

char *cposix_working_folder(void) {
    return getcwd(NULL, 0);
}
