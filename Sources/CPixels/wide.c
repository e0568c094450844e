// The same as in samples.c where a sample has more than 12 bits, on either side: sums of eight exceed 16 bits then, and are floats,
// which hold them exactly.

#include "clones.h"
#include "cpixels.h"
#include "words.h"

#include <stddef.h>

enum { block = 512 };

/// The sums for the columns of a block, with one column on either side.
struct sums {
    float columns[block + 2];
};

CPIXELS_INLINE void read_bytes(const uint8_t *restrict row, int32_t step, float *restrict target, int32_t columns) {
    for (int32_t x = 0; x < columns; x++) target[x] = (float)row[step * x];
}

CPIXELS_INLINE void read_words(
    const cpixels_word *restrict row, int32_t step, const struct cpixels_resampling *how, float *restrict target,
    int32_t columns) {
    const int32_t most = how->source_most, shift = how->source_shift;
    for (int32_t x = 0; x < columns; x++) target[x] = (float)smaller(row[step * x] >> shift, most);
}

CPIXELS_INLINE void read_row(
    const struct cpixels_resampling *how, const uint8_t *row, int32_t x, float *restrict target, int32_t columns) {
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

CPIXELS_INLINE float gathered(const float *restrict sums, int32_t x, enum cpixels_columns columns) {
    switch (columns) {
    case cpixels_columns_all: return sums[x + 1];
    case cpixels_columns_left: return sums[2 * x] + 2 * sums[2 * x + 1] + sums[2 * x + 2];
    case cpixels_columns_center: return 2 * (sums[2 * x + 1] + sums[2 * x + 2]);
    }
}

CPIXELS_INLINE void write_row(
    const struct cpixels_resampling *how, const struct sums *restrict sums, uint8_t *restrict target, int32_t columns,
    enum cpixels_columns halving, int32_t step, int32_t bytes) {
    const float scale = how->scale, bias = how->bias;
    const int32_t most = how->target_most, shift = how->target_shift;
    for (int32_t x = 0; x < columns; x++) {
        const float value = gathered(sums->columns, x, halving) * scale + bias;
        const int32_t whole = smaller((int32_t)(value > 0 ? value : 0), most);
        put(target, step * x, whole << shift, bytes);
    }
}

CPIXELS_INLINE void write_columns(
    const struct cpixels_resampling *how, const struct sums *sums, uint8_t *target, int32_t columns,
    enum cpixels_columns halving) {
    if (how->target_bytes == 1 && how->target_step == 1) {
        write_row(how, sums, target, columns, halving, 1, 1);
    } else if (how->target_bytes == 1) {
        write_row(how, sums, target, columns, halving, 2, 1);
    } else if (how->target_step == 1) {
        write_row(how, sums, target, columns, halving, 1, 2);
    } else {
        write_row(how, sums, target, columns, halving, 2, 2);
    }
}

CPIXELS_CLONED void cpixels_resample_wide(
    const struct cpixels_resampling *how, const uint8_t *first, const uint8_t *second, int32_t columns, uint8_t *target,
    int32_t target_columns) {
    const int32_t halves = how->columns != cpixels_columns_all;
    struct sums sums;
    float scratch[block];
    for (int32_t x = 0; x < columns; x += block) {
        const int32_t count = smaller(block, columns - x);
        float *here = sums.columns + 1;
        read_row(how, first, x, here, count);
        if (second) {
            read_row(how, second, x, scratch, count);
            for (int32_t i = 0; i < count; i++) here[i] += scratch[i];
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
