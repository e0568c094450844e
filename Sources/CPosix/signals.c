#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "CPosix.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

static void held_signals(sigset_t *set) {
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGUSR1);
}

void cposix_hold_signals(void) {
    sigset_t set;
    held_signals(&set);
    // A signal that the parent has set to be ignored (nohup) stays ignored: it is not blocked, and so does not reach sigwait.
    struct sigaction found;
    const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (int i = 0; i < 3; i++)
        if (!sigaction(signals[i], NULL, &found) && found.sa_handler == SIG_IGN) sigdelset(&set, signals[i]);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

int cposix_wait_for_signal(void) {
    sigset_t set;
    held_signals(&set);
    int received = 0;
    while (sigwait(&set, &received)) {}
    return received;
}

int cposix_wait_for_signal_within(int milliseconds) {
#if defined(__linux__)
    sigset_t set;
    held_signals(&set);
    const struct timespec time = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000};
    const int received = sigtimedwait(&set, NULL, &time);
    return received > 0 ? received : 0;
#else
    (void)milliseconds;
    return cposix_wait_for_signal();
#endif
}

void cposix_wake_signal_wait(void) {
    kill(getpid(), SIGUSR1);
}

int cposix_wake_signal(void) {
    return SIGUSR1;
}

void cposix_release_signals(void) {
    sigset_t set;
    held_signals(&set);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

void cposix_die_by_signal(int number) {
    signal(number, SIG_DFL);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    raise(number);
    _exit(128 + number);
}
