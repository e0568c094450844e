// libx264's header, and shims for what Swift cannot import: macros and a variadic callback.
#ifndef SLUICE_CX264_H
#define SLUICE_CX264_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <x264.h>

/// `x264_encoder_open` is a macro that pastes the build number to the name.
static inline x264_t *cx264_encoder_open(x264_param_t *param) {
    return x264_encoder_open(param);
}

/// Formats a message of libx264 into `text`. Returns the length that it has, cut off or not.
static inline int cx264_format_message(char *text, int size, const char *format, va_list arguments) {
    return vsnprintf(text, (size_t)size, format, arguments);
}

/// The presets' names, ending with NULL; Swift would see the array as a tuple.
static inline const char *const *cx264_preset_names(void) {
    return x264_preset_names;
}

/// The tunes' names, ending with NULL.
static inline const char *const *cx264_tune_names(void) {
    return x264_tune_names;
}

/// The version of the library that this header belongs to, for messages.
static inline const char *cx264_version(void) {
    return X264_POINTVER;
}

/// The only bit depth that the library was built for; 0 if it does all of them.
static inline int cx264_bit_depth(void) {
    return X264_BIT_DEPTH;
}

#endif
