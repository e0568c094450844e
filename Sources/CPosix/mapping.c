#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "CPosix.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

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

// A signal handler can report only through static variables.
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
