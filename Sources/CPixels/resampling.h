// The loop of a resampling: a block of columns of one or two rows is summed up in the first-level cache and written. Included by each
// source that sums in a type of its own, after it has defined:
//
// - `cpixels_sum`, the type of a sum, and `cpixels_gathered`, that of a filtered one
// - `read_words`, which reads samples of two bytes

#ifndef CPIXELS_RESAMPLING_H
#define CPIXELS_RESAMPLING_H

#include "clones.h"
#include "cpixels.h"
#include "words.h"

#include <stddef.h>

enum { block = 512 };

/// The sums for the columns of a block, with one column on either side.
struct sums {
    cpixels_sum columns[block + 2];
};

CPIXELS_INLINE void read_words(
    const cpixels_word *restrict row, int32_t step, const struct cpixels_resampling *how, cpixels_sum *restrict target,
    int32_t columns);

/// Writes what the sums of a block become.
CPIXELS_INLINE void write_columns(
    const struct cpixels_resampling *how, const struct sums *sums, uint8_t *target, int32_t columns,
    enum cpixels_columns halving);

CPIXELS_INLINE void read_bytes(
    const uint8_t *restrict row, int32_t step, cpixels_sum *restrict target, int32_t columns) {
    for (int32_t x = 0; x < columns; x++) target[x] = row[step * x];
}

CPIXELS_INLINE void read_row(
    const struct cpixels_resampling *how, const uint8_t *row, int32_t x, cpixels_sum *restrict target, int32_t columns) {
    const uint8_t *start = row + (ptrdiff_t)how->source_bytes * how->source_step * x;
    if (how->source_bytes == 1 && how->source_step == 1) {
        read_bytes(start, 1, target, columns);
    } else if (how->source_bytes == 1) {
        read_bytes(start, 2, target, columns);
    } else if (how->source_step == 1) {
        read_words((const cpixels_word *)start, 1, how, target, columns);
    } else {
        read_words((const cpixels_word *)start, 2, how, target, columns);
    }
}

CPIXELS_INLINE void add(cpixels_sum *restrict sums, const cpixels_sum *restrict row, int32_t columns) {
    for (int32_t x = 0; x < columns; x++) sums[x] = (cpixels_sum)(sums[x] + row[x]);
}

/// The source of a target column: four times the mean if columns are halved, either way.
CPIXELS_INLINE cpixels_gathered gathered(
    const cpixels_sum *restrict sums, int32_t x, enum cpixels_columns columns) {
    switch (columns) {
    case cpixels_columns_all: return sums[x + 1];
    case cpixels_columns_left: return sums[2 * x] + 2 * sums[2 * x + 1] + sums[2 * x + 2];
    case cpixels_columns_center: return 2 * (sums[2 * x + 1] + sums[2 * x + 2]);
    }
}

CPIXELS_INLINE void resample(
    const struct cpixels_resampling *how, const uint8_t *first, const uint8_t *second, int32_t columns, uint8_t *target,
    int32_t target_columns) {
    const int32_t halves = how->columns != cpixels_columns_all;
    struct sums sums;
    cpixels_sum scratch[block];
    for (int32_t x = 0; x < columns; x += block) {
        const int32_t count = smaller(block, columns - x);
        cpixels_sum *here = sums.columns + 1;
        read_row(how, first, x, here, count);
        if (second) {
            read_row(how, second, x, scratch, count);
            add(here, scratch, count);
        }
        if (x == 0) sums.columns[0] = here[0];
        here[count] = here[count - 1];

        const int32_t done = halves ? x / 2 : x;
        const int32_t wanted = smaller(halves ? (count + 1) / 2 : count, target_columns - done);
        uint8_t *to = target + (ptrdiff_t)how->target_bytes * how->target_step * done;
        switch (how->columns) {
        case cpixels_columns_all: write_columns(how, &sums, to, wanted, cpixels_columns_all); break;
        case cpixels_columns_left: write_columns(how, &sums, to, wanted, cpixels_columns_left); break;
        case cpixels_columns_center: write_columns(how, &sums, to, wanted, cpixels_columns_center); break;
        }
        sums.columns[0] = here[count - 1];
    }
}

#endif
