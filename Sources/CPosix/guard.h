// The process between a batch and a program that it starts (Linux).
#ifndef CPOSIX_GUARD_H
#define CPOSIX_GUARD_H

#include "CPosix.h"

#include <sys/resource.h>

/// A guard's report about its program.
struct guard_report {
    /// What happened: the program was started, or it has ended.
    enum { GUARD_STARTED, GUARD_ENDED } kind;
    /// The program, if it was started.
    pid_t program;
    /// Why it was not, or 0.
    int error;
    /// How it ended.
    struct cposix_ending ending;
};

/// The requests to a guard: a signal to send, or this.
enum { GUARD_LEAVE = 0 };

/// The guard's life, after fork: starts the program by `become`, which does not return, and never returns itself.
void cposix_guard(int link, void (*become)(void *), void *context) __attribute__((noreturn));

/// Describes how a process ended, from the values of wait4(2).
struct cposix_ending cposix_make_ending(int status, const struct rusage *usage);

#endif
