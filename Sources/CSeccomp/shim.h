// libseccomp: its function that adds a rule is variadic, and its actions are macros.
#ifndef SLUICE_CSECCOMP_H
#define SLUICE_CSECCOMP_H

#include <errno.h>
#include <seccomp.h>
#include <stdbool.h>

/// Refuses calls with EPERM from now on: new sockets and what io_uring could make of them, programs, other processes, and
/// changes of files' owners, permissions and attributes by name, which Landlock does not know. Calls of another architecture
/// end the process. Returns 0, or an errno value.
static inline int cseccomp_refuse(bool all_threads) {
    static const char *const names[] = {
        "socket",   "socketpair", "connect",   "bind",      "listen",       "io_uring_setup",    "execve",
        "execveat", "ptrace",     "chmod",     "fchmodat",  "fchmodat2",    "chown",             "lchown",
        "fchownat", "setxattr",   "lsetxattr", "setxattrat", "removexattr", "lremovexattr",      "removexattrat",
        "mount",    "umount2",    "pivot_root", "chroot",   "process_vm_readv", "process_vm_writev", "pidfd_getfd",
        "bpf",      "keyctl",     "add_key",   "request_key", "userfaultfd",
    };
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (!filter) return ENOMEM;
    int status = all_threads ? seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) : 0;
    // The filter protects from what libraries do, not from what others measure: that would slow every call down.
    if (!status) status = seccomp_attr_set(filter, SCMP_FLTATR_CTL_SSB, 1);
    for (unsigned i = 0; !status && i < sizeof names / sizeof *names; i++) {
        const int number = seccomp_syscall_resolve_name(names[i]);
        // Not every architecture has every call, and not every libseccomp knows the newest.
        if (number == __NR_SCMP_ERROR || number < 0) continue;
        status = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), number, 0);
    }
    if (!status) status = seccomp_load(filter);
    seccomp_release(filter);
    return -status;
}

#endif
