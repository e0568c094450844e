#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "CPosix.h"
#include "passing.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#if defined(__linux__)
#include <linux/magic.h>
#include <sys/vfs.h>
#endif

enum { LINKS = 40, DEPTH = 256, LENGTH = 2 * 4096 };

/// A walk through folders: the entered ones, and the rest of the path.
struct walk {
    int folders[DEPTH];
    int depth;
    /// Folders above the first one must not be entered.
    bool is_confined;
    int links;
    char rest[LENGTH];
};

static int here(const struct walk *walk) {
    return walk->folders[walk->depth - 1];
}

static int enter(struct walk *walk, int descriptor) {
    if (descriptor < 0) return errno;
    if (walk->depth == DEPTH) {
        close(descriptor);
        return ENAMETOOLONG;
    }
    walk->folders[walk->depth++] = descriptor;
    return 0;
}

static void leave_all(struct walk *walk) {
    while (walk->depth > 0) close(walk->folders[--walk->depth]);
}

/// Goes to the root of the file system: folders entered before have no effect any more.
static int go_to_root(struct walk *walk) {
    if (walk->is_confined) return EXDEV;
    leave_all(walk);
    return enter(walk, open("/", PASSING));
}

static int go_up(struct walk *walk) {
    if (walk->depth > 1) {
        close(walk->folders[--walk->depth]);
        return 0;
    }
    return walk->is_confined ? EXDEV : enter(walk, openat(here(walk), "..", PASSING));
}

/// Takes the next component of the rest; an empty one at its end.
static int take(struct walk *walk, char component[256]) {
    char *start = walk->rest + strspn(walk->rest, "/");
    size_t length = strcspn(start, "/");
    if (length > 255) return ENAMETOOLONG;
    memcpy(component, start, length);
    component[length] = 0;
    start += length;
    start += strspn(start, "/");
    memmove(walk->rest, start, strlen(start) + 1);
    return 0;
}

/// It is in a folder where everybody may put things, and belongs neither to this user nor to the folder's: the kernel would not
/// follow such a link with protected_symlinks, nor write to such a FIFO with protected_fifos.
static bool is_foreign(int folder, const struct stat *found) {
    struct stat around;
    if (found->st_uid == geteuid() || fstat(folder, &around)) return false;
    const mode_t shared = S_ISVTX | S_IWOTH;
    return (around.st_mode & shared) == shared && around.st_uid != found->st_uid;
}

/// Puts where a link leads in front of the rest.
static int follow_link(struct walk *walk, const char *name, const struct stat *link) {
    if (is_foreign(here(walk), link)) return CPOSIX_FOREIGN_LINK;
    if (++walk->links > LINKS) return ELOOP;
    char target[LENGTH];
    const ssize_t length = readlinkat(here(walk), name, target, sizeof target - 1);
    if (length < 0) return errno;
    target[length] = 0;
    const size_t rest = strlen(walk->rest);
    if ((size_t)length + 1 + rest >= sizeof walk->rest) return ENAMETOOLONG;
    const bool is_absolute = target[0] == '/';
    memmove(walk->rest + length + 1, walk->rest, rest + 1);
    memcpy(walk->rest, target, (size_t)length);
    walk->rest[length] = rest ? '/' : 0;
    return is_absolute ? go_to_root(walk) : 0;
}

/// Goes one component on; `name` is the last one if it is not empty afterwards.
static int step(struct walk *walk, bool follow, char name[256]) {
    int status = take(walk, name);
    if (status) return status;
    const bool is_last = !walk->rest[0];
    if (!name[0]) return EISDIR;
    if (!strcmp(name, ".") || !strcmp(name, "..")) {
        status = name[1] ? go_up(walk) : 0;
        name[0] = 0;
        return status ? status : is_last ? EISDIR : 0;
    }
    struct stat found;
    const bool is_there = !fstatat(here(walk), name, &found, AT_SYMLINK_NOFOLLOW);
    if (is_there && S_ISLNK(found.st_mode)) {
        if (is_last && !follow) return 0;
        status = follow_link(walk, name, &found);
        name[0] = 0;
        return status;
    }
    if (is_last) return 0;
    status = enter(walk, openat(here(walk), name, PASSING));
    name[0] = 0;
    return status;
}

/// Reading is not always allowed in a folder that can be written in, and needed only to sync it.
static int reopen(int folder) {
    const int readable = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return readable >= 0 ? readable : openat(folder, ".", PASSING);
}

int cposix_find_place(int root, const char *path, bool follow, struct cposix_place *place) {
    struct walk walk = {.depth = 0, .is_confined = root >= 0, .links = 0};
    if (strlen(path) >= sizeof walk.rest) return ENAMETOOLONG;
    if (walk.is_confined && path[0] == '/') return EXDEV;
    strcpy(walk.rest, path);
    int status = path[0] == '/' ? enter(&walk, open("/", PASSING))
                                : enter(&walk, root >= 0 ? openat(root, ".", PASSING) : open(".", PASSING));
    place->name[0] = 0;
    while (!status && !place->name[0]) status = step(&walk, follow, place->name);
    if (!status) {
        place->folder = reopen(here(&walk));
        if (place->folder < 0) status = errno;
    }
    leave_all(&walk);
    return status;
}

bool cposix_is_of_kernel(int folder) {
#if defined(__linux__)
    struct statfs found;
    if (fstatfs(folder, &found)) return false;
    switch (found.f_type) {
    case PROC_SUPER_MAGIC:
    case SYSFS_MAGIC:
    case CGROUP_SUPER_MAGIC:
    case CGROUP2_SUPER_MAGIC:
    case DEBUGFS_MAGIC:
    case TRACEFS_MAGIC:
    case SECURITYFS_MAGIC: return true;
    default: return false;
    }
#else
    (void)folder;
    return false;
#endif
}

static void describe(const struct stat *found, struct cposix_entry *entry) {
    entry->is_regular = S_ISREG(found->st_mode);
    entry->is_link = S_ISLNK(found->st_mode);
    entry->is_ours = found->st_uid == geteuid();
    entry->size = found->st_size;
#if defined(__APPLE__)
    entry->modified = (int64_t)found->st_mtimespec.tv_sec * 1000000000 + found->st_mtimespec.tv_nsec;
#else
    entry->modified = (int64_t)found->st_mtim.tv_sec * 1000000000 + found->st_mtim.tv_nsec;
#endif
    entry->device = (uint64_t)found->st_dev;
    entry->inode = (uint64_t)found->st_ino;
}

/// What stat(2) does not tell: when a file was made, and whether another could take its place.
static void describe_further(int folder, const char *name, struct cposix_entry *entry) {
    entry->born = 0;
    entry->is_fixed = false;
#if defined(__linux__)
    struct statx found;
    const int flags = AT_SYMLINK_NOFOLLOW | (name[0] ? 0 : AT_EMPTY_PATH);
    if (statx(folder, name, flags, STATX_BTIME, &found)) return;
    if (found.stx_mask & STATX_BTIME) {
        entry->born = (int64_t)found.stx_btime.tv_sec * 1000000000 + found.stx_btime.tv_nsec;
    }
    const uint64_t fixed = STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND | STATX_ATTR_MOUNT_ROOT;
    entry->is_fixed = found.stx_attributes & fixed;
#else
    (void)folder;
    (void)name;
#endif
}

int cposix_entry_at(int folder, const char *name, struct cposix_entry *entry) {
    struct stat found;
    if (fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW)) return errno;
    describe(&found, entry);
    entry->is_foreign = is_foreign(folder, &found);
    describe_further(folder, name, entry);
    return 0;
}

int cposix_entry_of(int descriptor, struct cposix_entry *entry) {
    struct stat found;
    if (fstat(descriptor, &found)) return errno;
    describe(&found, entry);
    entry->is_foreign = false;
    describe_further(descriptor, "", entry);
    return 0;
}
