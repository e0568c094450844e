#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "CPosix.h"

#include <sys/resource.h>
#include <unistd.h>
#if defined(__linux__)
#include <sched.h>
#include <sys/auxv.h>
#endif

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

int cposix_core_count(void) {
#if defined(__linux__)
    cpu_set_t allowed;
    if (!sched_getaffinity(0, sizeof allowed, &allowed)) return CPU_COUNT(&allowed);
#endif
    return cposix_online_core_count();
}

int cposix_online_core_count(void) {
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (int)online : 1;
}

int64_t cposix_physical_memory(void) {
    const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    return pages > 0 && size > 0 ? (int64_t)pages * size : 0;
}

void cposix_host_name(char *name, size_t length) {
    if (!length) return;
    if (gethostname(name, length)) name[0] = 0;
    name[length - 1] = 0;
}

static int argument_count;
static char **argument_words;

// The loader calls constructors with main's arguments (glibc, macOS): reading them from /proc fails without a /proc.
__attribute__((constructor)) static void keep_arguments(int count, char **words) {
    argument_count = count;
    argument_words = words;
}

int cposix_argument_count(void) {
    return argument_count;
}

const char *cposix_argument(int number) {
    return number >= 0 && number < argument_count ? argument_words[number] : "";
}

const char *cposix_program(void) {
#if defined(__linux__)
    const char *link = "/proc/self/exe";
    // Without /proc: the name by which the kernel has found the program.
    return access(link, X_OK) ? (const char *)getauxval(AT_EXECFN) : link;
#else
    return cposix_argument(0);
#endif
}
