// One source, compiled for several instruction sets; the loader picks (GNU ifunc).

#ifndef CPIXELS_CLONES_H
#define CPIXELS_CLONES_H

// For __GLIBC__, which every header of the C library defines and the compiler does not.
#include <stdint.h>

// The loader picks before ThreadSanitizer is set up, whose calls in the choosing code would crash.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CPIXELS_ONE_CLONE
#endif
#endif

#if defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__) && defined(__clang__) && !defined(CPIXELS_ONE_CLONE)
#define CPIXELS_CLONED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CPIXELS_CLONED
#endif

// Inlined into each clone, so that it is compiled for that clone's instructions.
#define CPIXELS_INLINE static inline __attribute__((always_inline))

#endif
