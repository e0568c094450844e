#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "CPosix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

int64_t cposix_address_space_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) || limit.rlim_cur == RLIM_INFINITY) return -1;
    return (int64_t)limit.rlim_cur;
}

int64_t cposix_address_space_used(void) {
    long long pages = -1;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file) return -1;
    if (fscanf(file, "%lld", &pages) != 1) pages = -1;
    fclose(file);
    return pages < 0 ? -1 : (int64_t)pages * sysconf(_SC_PAGESIZE);
}

// The number in a file; -1 if there is none, or none that limits anything.
static int64_t limit_in(const char *folder, const char *group, const char *name) {
    char path[4096];
    if (snprintf(path, sizeof path, "%s%s/%s", folder, group, name) >= (int)sizeof path) return -1;
    FILE *file = fopen(path, "re");
    if (!file) return -1;
    unsigned long long bytes = 0;
    int found = fscanf(file, "%llu", &bytes);
    fclose(file);
    return found == 1 && bytes < 1ULL << 60 ? (int64_t)bytes : -1;
}

static int64_t lesser(int64_t first, int64_t second) {
    return first < 0 ? second : second < 0 || first < second ? first : second;
}

// The least limit of a group and of those that it is in; of the root as well, which in a container is the group itself.
static int64_t least_limit(const char *folder, char *group, const char *name) {
    int64_t least = limit_in(folder, "", name);
    for (size_t length = strlen(group); length > 1; length = strlen(group)) {
        least = lesser(least, limit_in(folder, group, name));
        char *last = strrchr(group, '/');
        if (!last) break;
        *last = 0;
    }
    return least;
}

int64_t cposix_memory_group_limit(void) {
    FILE *file = fopen("/proc/self/cgroup", "re");
    if (!file) return -1;
    int64_t least = -1;
    char line[4096];
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        char *controllers = strchr(line, ':');
        char *group = controllers ? strchr(controllers + 1, ':') : NULL;
        if (!group) continue;
        *group++ = 0;
        if (!strcmp(controllers, ":"))
            least = lesser(least, least_limit("/sys/fs/cgroup", group, "memory.max"));
        else if (!strcmp(controllers, ":memory"))
            least = lesser(least, least_limit("/sys/fs/cgroup/memory", group, "memory.limit_in_bytes"));
    }
    fclose(file);
    return least;
}
