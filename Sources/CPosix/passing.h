#pragma once

#include <fcntl.h>

/// Opens a folder on the way to another, without the right to read it where that is not needed.
#if defined(O_PATH)
enum { PASSING = O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW };
#else
enum { PASSING = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW };
#endif
