// Planes of 8-bit samples to smaller ones.

#include "clones.h"
#include "cpixels.h"

#include <string.h>

/// Two neighbors in one load, which is what the vectorizer makes strided bytes of anyway.
CPIXELS_INLINE uint32_t pair(const uint8_t *bytes) {
    uint16_t both;
    memcpy(&both, bytes, sizeof both);
    return both;
}

/// The inner columns, where every neighbor exists: a pair before column 2x, and one at it.
CPIXELS_INLINE void halve_left(
    const uint8_t *restrict a, const uint8_t *restrict b, uint8_t *restrict target, int32_t end) {
    for (int32_t x = 1; x < end; x++) {
        const uint32_t before = (pair(a + 2 * x - 2) >> 8) + (pair(b + 2 * x - 2) >> 8);
        const uint32_t here = pair(a + 2 * x), there = pair(b + 2 * x);
        const uint32_t center = (here & 0xff) + (there & 0xff), after = (here >> 8) + (there >> 8);
        target[x] = (uint8_t)((before + 2 * center + after + 4) >> 3);
    }
}

CPIXELS_INLINE void halve_center(
    const uint8_t *restrict a, const uint8_t *restrict b, uint8_t *restrict target, int32_t end) {
    for (int32_t x = 0; x < end; x++) {
        const uint32_t here = pair(a + 2 * x), there = pair(b + 2 * x);
        target[x] = (uint8_t)(((here & 0xff) + (here >> 8) + (there & 0xff) + (there >> 8) + 2) >> 2);
    }
}

/// One column, its neighbors looked for.
CPIXELS_INLINE uint8_t halve_one(
    enum cpixels_location location, const uint8_t *a, const uint8_t *b, int32_t columns, int32_t x) {
    const int32_t last = columns - 1;
    const int32_t before = x == 0 ? 0 : 2 * x - 1, after = 2 * x + 1 > last ? last : 2 * x + 1;
    const int32_t center = a[2 * x] + b[2 * x], right = a[after] + b[after];
    if (location == cpixels_location_center) return (uint8_t)((center + right + 2) >> 2);
    return (uint8_t)((a[before] + b[before] + 2 * center + right + 4) >> 3);
}

CPIXELS_CLONED void cpixels_halve(
    enum cpixels_location location, const uint8_t *first, const uint8_t *second, int32_t columns, uint8_t *target,
    int32_t target_columns) {
    const int32_t whole = target_columns < columns / 2 ? target_columns : columns / 2;
    if (location == cpixels_location_left) {
        halve_left(first, second, target, whole);
    } else {
        halve_center(first, second, target, whole);
    }
    target[0] = halve_one(location, first, second, columns, 0);
    if (target_columns > whole) target[whole] = halve_one(location, first, second, columns, whole);
}

CPIXELS_CLONED void cpixels_mean(
    const uint8_t *restrict first, const uint8_t *restrict second, uint8_t *restrict target, int32_t columns) {
    for (int32_t x = 0; x < columns; x++) target[x] = (uint8_t)((first[x] + second[x] + 1) >> 1);
}
