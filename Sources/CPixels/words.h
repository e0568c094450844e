// Samples and pixels as words in memory, at any address.

#ifndef CPIXELS_WORDS_H
#define CPIXELS_WORDS_H

#include "clones.h"

#include <stdint.h>
#include <string.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "pixels, and samples of two bytes, are read as little-endian words"
#endif

/// A sample of two bytes, which need not be aligned.
typedef uint16_t __attribute__((aligned(1), may_alias)) cpixels_word;

CPIXELS_INLINE int32_t smaller(int32_t a, int32_t b) { return a < b ? a : b; }

CPIXELS_INLINE uint32_t load(const uint8_t *bytes) {
    uint32_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/// Writes sample `x` of a row. `bytes` is a constant wherever this is inlined.
CPIXELS_INLINE void put(uint8_t *row, int32_t x, int32_t value, int32_t bytes) {
    if (bytes == 2) {
        ((cpixels_word *)row)[x] = (uint16_t)value;
    } else {
        row[x] = (uint8_t)value;
    }
}

#endif
