#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "CPosix.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

__attribute__((weak)) void __sanitizer_set_report_fd(void *descriptor);

bool cposix_is_sanitized(void) {
    return __sanitizer_set_report_fd != NULL;
}

#if defined(__linux__)
#include <dirent.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

// Landlock's interface (Documentation/userspace-api/landlock.rst): headers are often older than the kernel. The numbers of its
// system calls are the same on every architecture.
enum { CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446 };
enum { CREATE_RULESET_VERSION = 1, RULE_PATH_BENEATH = 1, RESTRICT_SELF_TSYNC = 1 << 3 };

struct ruleset {
    uint64_t files, network, scoped;
};

struct rule {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

enum {
    EXECUTE = 1 << 0,
    WRITE_FILE = 1 << 1,
    READ_FILE = 1 << 2,
    READ_FOLDER = 1 << 3,
    REMOVE_FILE = 1 << 5,
    MAKE_FOLDER = 1 << 7,
    MAKE_REGULAR = 1 << 8,
    REFER = 1 << 13,
    TRUNCATE = 1 << 14,
    DEVICE_CONTROL = 1 << 15,
    OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | DEVICE_CONTROL,
};

/// What a version of Landlock can refuse at all.
static struct ruleset everything(int version) {
    struct ruleset all = {(1 << 13) - 1, 0, 0};
    if (version >= 2) all.files |= REFER;
    if (version >= 3) all.files |= TRUNCATE;
    if (version >= 4) all.network = 3;
    if (version >= 5) all.files |= DEVICE_CONTROL;
    if (version >= 6) all.scoped = 3;
    return all;
}

static uint64_t rights(enum cposix_access access) {
    switch (access) {
    case CPOSIX_READ: return READ_FILE | READ_FOLDER;
    case CPOSIX_WRITE: return WRITE_FILE | READ_FILE | TRUNCATE;
    case CPOSIX_USE_DEVICE: return READ_FILE | READ_FOLDER | WRITE_FILE | DEVICE_CONTROL;
    case CPOSIX_CHANGE_FOLDER:
        return READ_FILE | READ_FOLDER | WRITE_FILE | TRUNCATE | REMOVE_FILE | MAKE_REGULAR | MAKE_FOLDER | REFER;
    }
    return 0;
}

/// A file that does not exist cannot be reached either. Pipes and other objects that a path in /proc leads to have no rules,
/// and need none.
static int allow(int rules, const char *path, enum cposix_access access, uint64_t known) {
    const int parent = open(path, O_PATH | O_CLOEXEC);
    if (parent < 0) return 0;
    struct stat found;
    uint64_t allowed = rights(access) & known;
    if (!fstat(parent, &found) && !S_ISDIR(found.st_mode)) allowed &= OF_FILES;
    const struct rule rule = {allowed, parent};
    const int status = syscall(ADD_RULE, rules, RULE_PATH_BENEATH, &rule, 0) ? errno : 0;
    close(parent);
    return status == EBADFD ? 0 : status;
}

static int threads(void) {
    DIR *folder = opendir("/proc/self/task");
    if (!folder) return 1;
    int count = 0;
    for (struct dirent *entry; (entry = readdir(folder));) count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

int cposix_landlock_version(void) {
    const long version = syscall(CREATE_RULESET, NULL, 0, CREATE_RULESET_VERSION);
    return version < 0 ? 0 : (int)version;
}

int cposix_confine(const char *names, const enum cposix_access *accesses, int count, bool all_threads) {
    const int version = cposix_landlock_version();
    if (!version) return EOPNOTSUPP;
    // A thread without confinement would be a way out for code in confined threads.
    const bool synchronizes = all_threads && version >= 8;
    if (all_threads && !synchronizes && threads() > 1) return EBUSY;
    const struct ruleset all = everything(version);
    const size_t size = version >= 6 ? sizeof all : version >= 4 ? 2 * sizeof all.files : sizeof all.files;
    const int rules = (int)syscall(CREATE_RULESET, &all, size, 0);
    if (rules < 0) return errno;
    fcntl(rules, F_SETFD, FD_CLOEXEC);
    int status = 0;
    for (int i = 0; i < count && !status; i++, names += strlen(names) + 1)
        status = allow(rules, names, accesses[i], all.files);
    if (!status && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) status = errno;
    if (!status && syscall(RESTRICT_SELF, rules, synchronizes ? RESTRICT_SELF_TSYNC : 0)) status = errno;
    close(rules);
    return status;
}
#else
int cposix_landlock_version(void) {
    return 0;
}

int cposix_confine(const char *names, const enum cposix_access *accesses, int count, bool all_threads) {
    (void)names, (void)accesses, (void)count, (void)all_threads;
    return EOPNOTSUPP;
}
#endif
