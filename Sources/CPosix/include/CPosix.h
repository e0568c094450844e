// What Swift's Glibc overlay hides or cannot import: GNU extensions, variadic calls and macros. Linux and macOS.
#ifndef CPOSIX_H
#define CPOSIX_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "places.h"

/// Names the calling thread, for debuggers and `top -H`. At most 15 bytes are kept on Linux.
void cposix_name_current_thread(const char *_Nonnull name);

/// Starts a thread, whose handle is a number on every system. Returns 0, or the errno value of pthread_create.
int cposix_start_thread(void (*_Nonnull body)(void *_Nonnull), void *_Nonnull context, uintptr_t *_Nonnull handle);

/// Waits for the thread's end.
void cposix_join_thread(uintptr_t handle);

/// Detaches the thread.
void cposix_detach_thread(uintptr_t handle);

/// The calling thread is this one.
bool cposix_is_current_thread(uintptr_t handle);

/// Initializes a condition variable that measures time by the monotonic clock. Returns an errno value.
int cposix_condition_init(pthread_cond_t *_Nonnull condition);

/// Waits at most `nanoseconds`. Returns 0 when woken, ETIMEDOUT when the time is over.
int cposix_condition_wait(pthread_cond_t *_Nonnull condition, pthread_mutex_t *_Nonnull mutex, int64_t nanoseconds);

/// Requests a pipe buffer of `bytes`. Returns the actual size, or -1 if it cannot be set.
int cposix_enlarge_pipe(int descriptor, int bytes);

/// The kind of a descriptor or path, for reading and writing.
enum cposix_kind { CPOSIX_REGULAR, CPOSIX_FIFO, CPOSIX_DIRECTORY, CPOSIX_OTHER };

struct cposix_status {
    enum cposix_kind kind;
    int64_t size;
    uint64_t device;
    uint64_t inode;
};

/// fstat(2). Returns 0, or an errno value.
int cposix_status_of_descriptor(int descriptor, struct cposix_status *_Nonnull status);

/// stat(2), links followed. Returns 0, or an errno value.
int cposix_status_of_path(const char *_Nonnull path, struct cposix_status *_Nonnull status);

/// Waits until one of two descriptors can be read; `second` may be -1. Returns a mask of 1 and 2, or -errno. Waits at
/// most `milliseconds`, or without end if it is negative; 0 means that the time is over.
int cposix_wait_readable(int first, int second, int milliseconds);

/// Waits until `writable` can be written or `readable` (or -1) can be read. Returns a mask of 1 (writable) and
/// 2 (readable), 0 when the time is over, or -errno.
int cposix_wait_writable(int writable, int readable, int milliseconds);

/// Whether a pipe still has a reader.
bool cposix_has_reader(int descriptor);

/// Maps `length` bytes of a file for reading, from any offset on, and reads them ahead. `bytes` is their address; `base` and
/// `mapped` are for cposix_unmap. Returns 0, or an errno value.
struct cposix_mapping {
    void *_Nullable bytes;
    void *_Nullable base;
    size_t mapped;
};
int cposix_map(int descriptor, int64_t offset, size_t length, struct cposix_mapping *_Nonnull mapping);

/// Ends a mapping.
void cposix_unmap(void *_Nonnull base, size_t mapped);

/// From now on, reading a mapped page that its file no longer has gives zeros, and is remembered, instead of ending the
/// process by SIGBUS.
void cposix_guard_mappings(void);

/// A mapped page was read that its file no longer had.
bool cposix_lost_mapped_bytes(void);

/// The path that `path` leads to when all links are followed, for the caller to free; NULL if it does not exist.
char *_Nullable cposix_resolve(const char *_Nonnull path);

/// Whether the path exists, also as a dangling symbolic link.
bool cposix_exists(const char *_Nonnull path);

/// Gives an open file the permissions of the file at `path`. Returns 0, or an errno value.
int cposix_copy_permissions(const char *_Nonnull path, int descriptor);

/// Renames `from` to `to`, which must not exist yet. Returns 0, or an errno value; EEXIST if `to` exists.
int cposix_rename_exclusively(const char *_Nonnull from, const char *_Nonnull to);

/// Renames `from` to `to`, replacing it. Returns 0, or an errno value.
int cposix_rename(const char *_Nonnull from, const char *_Nonnull to);

/// Exchanges the files of two names. Returns 0, or an errno value; EINVAL, ENOSYS or ENOTSUP if the file system does not
/// support this.
int cposix_exchange(const char *_Nonnull from, const char *_Nonnull to);

/// fsync(2). Returns 0, or an errno value; 0 as well for what cannot be synced.
int cposix_sync(int descriptor);

/// Cuts a file off. Returns an errno.
int cposix_truncate(int descriptor, int64_t length);

/// Inserts blocks in the middle of a file, without copying what is behind them. Returns an errno where the file system or the system
/// cannot, or the numbers are not multiples of a block; the file has not changed then.
int cposix_insert_range(int descriptor, int64_t offset, int64_t length);

/// fsync(2) of a directory, so that a rename in it lasts. Returns 0, or an errno value.
int cposix_sync_directory(const char *_Nonnull path);

/// Blocks SIGINT, SIGTERM and SIGHUP in this thread and those that it starts, and ignores SIGPIPE and SIGXFSZ, so that
/// a closed pipe, or a file that may grow no more, is an error where it is written. Call it before the first thread is started.
void cposix_hold_signals(void);

/// Waits for SIGINT, SIGTERM, SIGHUP or SIGUSR1, all blocked, and returns its number.
int cposix_wait_for_signal(void);

/// The same, but waits at most so long; 0 when the time is over. Where the system has no such wait (macOS), it has no end.
int cposix_wait_for_signal_within(int milliseconds);

/// Sends SIGUSR1 to the process, blocked, so that cposix_wait_for_signal returns.
void cposix_wake_signal_wait(void);

/// The signal that cposix_wake_signal_wait sends.
int cposix_wake_signal(void);

/// Undoes cposix_hold_signals, but for SIGPIPE, for a command that signals may simply end.
void cposix_release_signals(void);

/// Ends the process by the signal, as if it had never been held.
void cposix_die_by_signal(int signal) __attribute__((noreturn));

/// Seconds of processor time that this process has used.
double cposix_cpu_seconds(void);

/// The most memory that this process has had resident, in bytes.
int64_t cposix_peak_memory(void);

/// Bytes that this process has allocated and not freed, without free memory in the heaps; -1 if they are not counted.
int64_t cposix_allocated_bytes(void);

/// Bytes of addresses that this process may have (RLIMIT_AS); -1 without a limit.
int64_t cposix_address_space_limit(void);

/// Bytes of addresses that it has; -1 if that is not known.
int64_t cposix_address_space_used(void);

/// Where addresses are limited (RLIMIT_AS), has all threads take memory from one heap: each heap of glibc's claims 64 MB of
/// addresses, so that what fits would depend on how threads happen to run. Call it before the first thread is started.
void cposix_share_heap(void);

/// cposix_share_heap has been called, and addresses are limited.
bool cposix_heap_is_shared(void);

/// Bytes of a thread's default stack; at least 1.
int64_t cposix_thread_stack_size(void);

/// Makes a folder, if it is not there. Returns an errno value; 0 is success.
int cposix_make_folder(const char *_Nonnull path);

/// Processors that this process may use; at least 1.
int cposix_core_count(void);

/// Processors that the machine has switched on, whether this process may use them or not; at least 1.
int cposix_online_core_count(void);

/// Columns of the terminal of a descriptor, or 0.
int cposix_terminal_columns(int descriptor);

/// The descriptor is open.
bool cposix_is_open(int descriptor);

/// The descriptor is open for writing.
bool cposix_is_writable(int descriptor);

/// The descriptor is a terminal.
bool cposix_is_terminal(int descriptor);

/// Opens /dev/null for whichever of the descriptors 0 to 2 is closed, so that no file of ours takes its place; using it
/// is an error (EBADF), as it was before.
void cposix_fill_standard_descriptors(void);

/// A program to start, without a shell: its arguments follow each other, each with its NUL.
struct cposix_command {
    /// The program's path, then its arguments, the first of which is its name by custom.
    const char *_Nonnull words;
    int word_count;
    /// The folder that it runs in.
    const char *_Nonnull folder;
    /// What its descriptors 0 to 5 are; -1: /dev/null for 0 to 2, closed for 3 to 5. It has no others.
    int descriptors[6];
};

/// A program that was started.
struct cposix_child {
    pid_t program;
    /// Linux: the process that watches over it and all that it starts; else 0.
    pid_t guard;
    /// Linux: the connection to that process; else -1.
    int link;
};
/// Starts a program in a process group of its own, with default signals. Where the system can do that (Linux), it and everything
/// that it has started, in whatever group, is killed when this process ends, by whatever cause. Returns 0, or the errno value of
/// what failed; after 0, call cposix_wait_for_child and cposix_release_child once each, in this order.
int cposix_start_child(const struct cposix_command *_Nonnull command, struct cposix_child *_Nonnull child);

/// Has this process leave no core file when it crashes.
void cposix_leave_no_core(void);

/// Has children written in Swift end at once when they crash, and not call a debugger first.
void cposix_forbid_backtraces(void);

/// How a child ended, and what it used.
struct cposix_ending {
    /// The exit status, or 0.
    int status;
    /// The signal that ended it, or 0.
    int signal;
    double cpu_seconds;
    /// The most memory that it has had resident, in bytes.
    int64_t peak_memory;
};

/// Waits for a program's end. Returns 0, or an errno value.
int cposix_wait_for_child(const struct cposix_child *_Nonnull child, struct cposix_ending *_Nonnull ending);

/// Sends a signal to a program's process group; SIGKILL ends everything that it has started. Not after cposix_release_child.
void cposix_signal_child(const struct cposix_child *_Nonnull child, int signal);

/// Gives up what belongs to a program that has ended.
void cposix_release_child(const struct cposix_child *_Nonnull child);

/// Waits until some of at most 16 descriptors can be read (or have ended), for at most these milliseconds, or without a limit
/// if negative. Descriptors below 0 are ignored. Returns a mask, or 0 after the time limit.
int cposix_wait_any_readable(const int *_Nonnull descriptors, int count, int milliseconds);

/// Locks an open file for its holder, without waiting. Returns 0, or an errno value: EWOULDBLOCK if another process holds the
/// lock.
int cposix_lock(int descriptor);

/// The time at which a file was last written, in nanoseconds; -1 if it is unknown.
int64_t cposix_modification_time(const char *_Nonnull path);

/// The file at the path may be executed.
bool cposix_is_executable(const char *_Nonnull path);

/// Writes the machine's own name to `name`, at most `length` bytes with its NUL; an empty one if it is not known.
void cposix_host_name(char *_Nonnull name, size_t length);

/// How many arguments the process was started with, its name among them.
int cposix_argument_count(void);

/// One of the arguments, by its number from 0, the program's name.
const char *_Nonnull cposix_argument(int number);

/// A path of the file that this process runs.
const char *_Nonnull cposix_program(void);

/// Bytes of memory that the machine has; 0 if unknown.
int64_t cposix_physical_memory(void);

/// A pipe whose ends no child has. Returns 0, or an errno value.
int cposix_pipe(int ends[_Nonnull 2]);

/// The descriptor that is standard output: 1, until cposix_move_standard_streams moves it.
int cposix_standard_output(void);

/// The descriptor that is standard error: 2, until cposix_move_standard_streams moves it.
int cposix_standard_error(void);

/// Moves standard output and standard error to descriptors that no program inherits, and replaces each by a pipe. Everything
/// printed to 1 or 2 after that can be read from `readers`, without waiting. If a fault ends the process, the last output to 2
/// is written to standard error. Once per process. Returns 0, or an errno value.
int cposix_move_standard_streams(int readers[_Nonnull 2]);

/// The descriptor of the standard stream that a path leads to by a number of 1 or 2, where it has been moved; else -1.
int cposix_moved_stream(const char *_Nonnull path);

/// Undoes that: flushes stdio's buffers, restores standard error to descriptor 2, and replaces 1 by /dev/null. Standard output
/// keeps the descriptor that it was moved to.
void cposix_end_library_output(void);

/// Reads what is there of the errors' pipe, without waiting. Returns read()'s result, and the bytes, which stay until the next call but
/// one: if a fault ends the process before they are logged, they are shown. For one thread.
ssize_t cposix_read_library_errors(int reader, const char *_Nullable *_Nonnull bytes);

/// What a confined process, or thread, may do at a place.
enum cposix_access {
    /// Read a file, or everything in a folder.
    CPOSIX_READ,
    /// Write a file that is there: a FIFO or a device.
    CPOSIX_WRITE,
    /// Read and write devices, and control them.
    CPOSIX_USE_DEVICE,
    /// Make, read, write, rename and remove files in a folder.
    CPOSIX_CHANGE_FOLDER,
};

/// The version of Landlock that the kernel has; 0 without.
int cposix_landlock_version(void);

/// Confines the calling thread, and those that it starts, to places, by Landlock: no file elsewhere can be opened, made,
/// renamed or removed, no program executed, and, as far as the kernel's version goes, no TCP connection made or awaited, and no
/// abstract socket or process outside reached. It cannot be undone. Places that do not exist are ignored.
///
/// The places' names follow each other, each with its NUL. With `all_threads`, all threads are confined: other threads must not
/// exist yet, unless the kernel can confine all at once. Returns 0, or an errno value: EOPNOTSUPP without Landlock in the
/// kernel, EBUSY for other threads.
int cposix_confine(const char *_Nonnull names, const enum cposix_access *_Nonnull accesses, int count, bool all_threads);

/// A sanitizer is part of the program. Its own means need what a confined process cannot do.
bool cposix_is_sanitized(void);

#endif
