#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "CPosix.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void cposix_name_current_thread(const char *name) {
#if defined(__APPLE__)
    pthread_setname_np(name);
#else
    char shortened[16];
    strncpy(shortened, name, sizeof shortened - 1);
    shortened[sizeof shortened - 1] = 0;
    pthread_setname_np(pthread_self(), shortened);
#endif
}

struct start {
    void (*body)(void *);
    void *context;
};

static void *run(void *argument) {
    struct start start = *(struct start *)argument;
    free(argument);
    start.body(start.context);
    return NULL;
}

int cposix_start_thread(void (*body)(void *), void *context, uintptr_t *handle) {
    struct start *start = malloc(sizeof *start);
    if (!start) return ENOMEM;
    *start = (struct start){body, context};
    pthread_t thread;
    int status = pthread_create(&thread, NULL, run, start);
    if (status) free(start);
    else *handle = (uintptr_t)thread;
    return status;
}

void cposix_join_thread(uintptr_t handle) {
    pthread_join((pthread_t)handle, NULL);
}

void cposix_detach_thread(uintptr_t handle) {
    pthread_detach((pthread_t)handle);
}

bool cposix_is_current_thread(uintptr_t handle) {
    return pthread_equal((pthread_t)handle, pthread_self());
}

int cposix_condition_init(pthread_cond_t *condition) {
#if defined(__APPLE__)
    return pthread_cond_init(condition, NULL);
#else
    pthread_condattr_t attributes;
    int status = pthread_condattr_init(&attributes);
    if (status) return status;
    status = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    if (!status) status = pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
    return status;
#endif
}

int cposix_condition_wait(pthread_cond_t *condition, pthread_mutex_t *mutex, int64_t nanoseconds) {
    if (nanoseconds < 0) nanoseconds = 0;
#if defined(__APPLE__)
    struct timespec wait = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    return pthread_cond_timedwait_relative_np(condition, mutex, &wait);
#else
    struct timespec deadline;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += nanoseconds / 1000000000;
    deadline.tv_nsec += nanoseconds % 1000000000;
    if (deadline.tv_nsec >= 1000000000) {
        deadline.tv_sec += 1;
        deadline.tv_nsec -= 1000000000;
    }
    return pthread_cond_timedwait(condition, mutex, &deadline);
#endif
}
