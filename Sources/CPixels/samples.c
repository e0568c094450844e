// Planes of samples to planes of other samples: another depth or range, fewer columns or rows, or one of two interleaved kinds,
// on either side. A block of columns is summed up in 16-bit words in the first-level cache, scaled and rounded once.

#include <stdint.h>

typedef uint16_t cpixels_sum;
typedef int32_t cpixels_gathered;

#include "resampling.h"

/// A value out of the depth's range would exceed the range in which the sums are correct.
CPIXELS_INLINE void read_words(
    const cpixels_word *restrict row, int32_t step, const struct cpixels_resampling *how, cpixels_sum *restrict target,
    int32_t columns) {
    const uint16_t most = how->source_most;
    const int32_t shift = how->source_shift;
    for (int32_t x = 0; x < columns; x++) {
        const uint16_t value = (uint16_t)(row[step * x] >> shift);
        target[x] = value < most ? value : most;
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
    resample(how, first, second, columns, target, target_columns);
}

CPIXELS_CLONED void cpixels_packed_to_alpha(
    const uint8_t *restrict pixels, int32_t place, uint8_t *restrict target, int32_t columns) {
    const int32_t shift = 8 * place;
    for (int32_t x = 0; x < columns; x++) target[x] = (uint8_t)(load(pixels + 4 * x) >> shift);
}
