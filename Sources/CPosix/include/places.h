// Names in folders that others may write: folders are opened once and used by descriptor. Included by CPosix.h.
#ifndef CPOSIX_PLACES_H
#define CPOSIX_PLACES_H

#include <stdbool.h>
#include <stdint.h>

/// A folder that is open, for the caller to close, and the bytes of a name in it.
struct cposix_place {
    int folder;
    char name[256];
};

/// What cposix_find_place returns for a symbolic link that another user owns in a sticky folder.
enum { CPOSIX_FOREIGN_LINK = -1 };

/// Finds the folder and the name that a path leads to once all links are followed. Links of other users in sticky folders that
/// others may write are not followed (as with the sysctl protected_symlinks, whatever that is set to).
///
/// - root: a folder that the path begins in and must not leave, or -1 for the working folder and any place.
/// - follow: whether a link with the last name is followed.
/// Returns 0, CPOSIX_FOREIGN_LINK, or an errno value: EXDEV if the path leaves `root`.
int cposix_find_place(int root, const char *_Nonnull path, bool follow, struct cposix_place *_Nonnull place);

/// Whether a folder is in a file system that the kernel makes up (proc, sysfs, control groups, debugging); false where it is not
/// known.
bool cposix_is_of_kernel(int folder);

/// What is at a name in an open folder, links not followed.
struct cposix_entry {
    bool is_regular;
    bool is_link;
    bool is_ours;
    /// Another user owns it, in a sticky folder that others may write. False where the folder is not known.
    bool is_foreign;
    /// No file can be renamed to its name: it is mounted there, or may not be changed or only be appended to.
    bool is_fixed;
    int64_t size;
    int64_t modified;
    uint64_t device;
    uint64_t inode;
    /// When it was made, in nanoseconds since 1970: numbers are given again; 0 where the system does not know.
    int64_t born;
};

/// fstatat(2). Returns 0, or an errno value.
int cposix_entry_at(int folder, const char *_Nonnull name, struct cposix_entry *_Nonnull entry);

/// fstat(2). Returns 0, or an errno value.
int cposix_entry_of(int descriptor, struct cposix_entry *_Nonnull entry);

/// Opens a file without a name in a folder, for its owner only. Returns the descriptor, or -errno: -EOPNOTSUPP where the system,
/// or the file system, has none that could be given a name later.
///
/// - as_folder_says: it gets the permissions of the folder's default ACL for new files, if the folder has one.
int cposix_open_unnamed(int folder, bool as_folder_says);

/// Opens a new file with a name that does not exist, for its owner only. Returns the descriptor, or -errno.
int cposix_create_at(int folder, const char *_Nonnull name, bool as_folder_says);

/// Opens what has the name for reading, or for writing as well, without waiting and without following a link. Returns the
/// descriptor, or -errno.
int cposix_open_at(int folder, const char *_Nonnull name, bool writes);

/// Links a file without a name to a name that does not exist. Returns 0, or an errno value.
int cposix_link_unnamed(int descriptor, int folder, const char *_Nonnull name);

/// Gives an open file the permissions that it is to keep: those that new files get, or, where it will replace a file, what that
/// one's permissions allow: never more than 0777 has, no more than the umask allows if its group cannot be kept, and neither
/// that nor the right to be executed if another user owns it. Returns 0, or an errno value.
int cposix_settle_permissions(int descriptor, int folder, const char *_Nullable replaced);

/// Sets when an open file was modified, in nanoseconds since 1970. Returns 0, or an errno value.
int cposix_set_modification_time(int descriptor, int64_t nanoseconds);

/// Renames within a folder, to a name that does not exist. Returns 0, or an errno value.
int cposix_rename_exclusively_at(int folder, const char *_Nonnull from, const char *_Nonnull to);

/// Renames within a folder. Returns 0, or an errno value.
int cposix_rename_at(int folder, const char *_Nonnull from, const char *_Nonnull to);

/// Exchanges the files of two names. Returns 0, or an errno value; EINVAL, ENOSYS or ENOTSUP where the file system cannot.
int cposix_exchange_at(int folder, const char *_Nonnull from, const char *_Nonnull to);

/// Removes a file or a link. Returns 0, or an errno value.
int cposix_unlink_at(int folder, const char *_Nonnull name);

/// Makes a folder, if the name does not exist. Returns 0, or an errno value.
int cposix_make_folder_at(int folder, const char *_Nonnull name);

/// Opens the folder with a name, links not followed. Returns the descriptor, or -errno.
int cposix_open_folder_at(int folder, const char *_Nonnull name);

/// The names in an open folder, each followed by a NUL, without `.` and `..`; for the caller to free. NULL if it
/// cannot be read, and -errno in `length`.
char *_Nullable cposix_list_folder(int folder, int64_t *_Nonnull length);

/// The path of the working folder, for the caller to free; NULL if it was deleted.
char *_Nullable cposix_working_folder(void);

/// A path of an open descriptor that opens the same file again; false if the system does not have one.
bool cposix_path_of_descriptor(int descriptor, char path[_Nonnull 32]);

#endif
