#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "CPosix.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

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

int64_t cposix_allocated_bytes(void) {
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
    struct mallinfo2 info = mallinfo2();
    return (int64_t)(info.uordblks + info.hblkhd);
#else
    return -1;
#endif
}

// Set once, before other threads exist, and never cleared: mallopt's settings cannot be read back.
static atomic_bool shares_heap;

void cposix_share_heap(void) {
#if defined(__GLIBC__)
    if (cposix_address_space_limit() >= 0 && mallopt(M_ARENA_MAX, 1)) atomic_store(&shares_heap, true);
#endif
}

bool cposix_heap_is_shared(void) {
    return atomic_load(&shares_heap);
}

int64_t cposix_thread_stack_size(void) {
    size_t size = 0;
    pthread_attr_t attributes;
    if (!pthread_attr_init(&attributes)) {
        if (pthread_attr_getstacksize(&attributes, &size)) size = 0;
        pthread_attr_destroy(&attributes);
    }
    return size > 0 ? (int64_t)size : 8 << 20;
}
