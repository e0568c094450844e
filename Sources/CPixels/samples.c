// Planes of samples to planes of other samples: another depth or range, fewer columns or rows, or one of two interleaved kinds,
// on either side. A block of columns is summed up in 16-bit words in the first-level cache, scaled and rounded once.

#include "clones.h"
#include "cpixels.h"
#include "words.h"

#include <stddef.h>

enum { block = 512 };

/// The sums for the columns of a block, with one column on either side.
struct sums {
    uint16_t columns[block + 2];
};

CPIXELS_INLINE void read_bytes(
    const uint8_t *restrict row, int32_t step, uint16_t *restrict target, int32_t columns) {
    for (int32_t x = 0; x < columns; x++) target[x] = row[step * x];
}

/// A value out of the depth's range would exceed the range in which the sums are correct.
CPIXELS_INLINE void read_words(
    const cpixels_word *restrict row, int32_t step, const struct cpixels_resampling *how, uint16_t *restrict target,
    int32_t columns) {
    const uint16_t most = how->source_most;
    const int32_t shift = how->source_shift;
    for (int32_t x = 0; x < columns; x++) {
        const uint16_t value = (uint16_t)(row[step * x] >> shift);
        target[x] = value < most ? value : most;
    }
}

CPIXELS_INLINE void read_row(
    const struct cpixels_resampling *how, const uint8_t *row, int32_t x, uint16_t *restrict target, int32_t columns) {
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

CPIXELS_INLINE void add(uint16_t *restrict sums, const uint16_t *restrict row, int32_t columns) {
    for (int32_t x = 0; x < columns; x++) sums[x] = (uint16_t)(sums[x] + row[x]);
}

/// The source of a target column: four times the mean if columns are halved, either way.
CPIXELS_INLINE int32_t gathered(const uint16_t *restrict sums, int32_t x, enum cpixels_columns columns) {
    switch (columns) {
    case cpixels_columns_all: return sums[x + 1];
    case cpixels_columns_left: return sums[2 * x] + 2 * sums[2 * x + 1] + sums[2 * x + 2];
    case cpixels_columns_center: return 2 * (sums[2 * x + 1] + sums[2 * x + 2]);
    }
}

/// Powers of two are shifted. Others are divided as floats, which is exact here: the dividend has at most 24 bits, and
/// a quotient that is not whole is farther below the next whole number than a float rounds.
CPIXELS_INLINE int32_t scaled(const struct cpixels_resampling *how, int32_t sum, int32_t divides) {
    if (!divides) return (int32_t)((uint16_t)((uint16_t)(sum << how->multiplier) + how->offset) >> how->divisor);
    const int32_t dividend = sum * how->multiplier + how->offset;
    return (int32_t)((float)(dividend < 0 ? 0 : dividend) / (float)how->divisor);
}

CPIXELS_INLINE void write_row(
    const struct cpixels_resampling *how, const struct sums *restrict sums, uint8_t *restrict target, int32_t columns,
    enum cpixels_columns halving, int32_t divides, int32_t bytes) {
    const int32_t most = how->target_most;
    for (int32_t x = 0; x < columns; x++) {
        put(target, x, smaller(scaled(how, gathered(sums->columns, x, halving), divides), most), bytes);
    }
}

/// Every second sample; the others belong to another plane, and are not changed.
CPIXELS_INLINE void write_pairs(
    const struct cpixels_resampling *how, const struct sums *restrict sums, uint8_t *restrict target, int32_t columns,
    enum cpixels_columns halving, int32_t bytes) {
    const int32_t most = how->target_most, divides = how->divides, shift = how->target_shift;
    for (int32_t x = 0; x < columns; x++) {
        const int32_t value = smaller(scaled(how, gathered(sums->columns, x, halving), divides), most);
        put(target, 2 * x, value << shift, bytes);
    }
}

/// As `write_row`, in high bits.
CPIXELS_INLINE void write_shifted(
    const struct cpixels_resampling *how, const struct sums *restrict sums, uint8_t *restrict target, int32_t columns,
    enum cpixels_columns halving) {
    const int32_t most = how->target_most, divides = how->divides, shift = how->target_shift;
    for (int32_t x = 0; x < columns; x++) {
        const int32_t value = smaller(scaled(how, gathered(sums->columns, x, halving), divides), most);
        put(target, x, value << shift, 2);
    }
}

CPIXELS_INLINE void write_columns(
    const struct cpixels_resampling *how, const struct sums *sums, uint8_t *target, int32_t columns,
    enum cpixels_columns halving) {
    if (how->target_step == 2 && how->target_bytes == 2) {
        write_pairs(how, sums, target, columns, halving, 2);
    } else if (how->target_step == 2) {
        write_pairs(how, sums, target, columns, halving, 1);
    } else if (how->target_shift != 0) {
        write_shifted(how, sums, target, columns, halving);
    } else if (how->divides && how->target_bytes == 2) {
        write_row(how, sums, target, columns, halving, 1, 2);
    } else if (how->divides) {
        write_row(how, sums, target, columns, halving, 1, 1);
    } else if (how->target_bytes == 2) {
        write_row(how, sums, target, columns, halving, 0, 2);
    } else {
        write_row(how, sums, target, columns, halving, 0, 1);
    }
}

CPIXELS_CLONED void cpixels_resample(
    const struct cpixels_resampling *how, const uint8_t *first, const uint8_t *second, int32_t columns, uint8_t *target,
    int32_t target_columns) {
    const int32_t halves = how->columns != cpixels_columns_all;
    struct sums sums;
    uint16_t scratch[block];
    for (int32_t x = 0; x < columns; x += block) {
        const int32_t count = smaller(block, columns - x);
        uint16_t *here = sums.columns + 1;
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

CPIXELS_CLONED void cpixels_packed_to_alpha(
    const uint8_t *restrict pixels, int32_t place, uint8_t *restrict target, int32_t columns) {
    const int32_t shift = 8 * place;
    for (int32_t x = 0; x < columns; x++) target[x] = (uint8_t)(load(pixels + 4 * x) >> shift);
}
